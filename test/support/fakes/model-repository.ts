import { createHash } from "node:crypto";
import { type CommitSha, commitShaSchema, repositoryNameSchema } from "#domain/model/names.ts";
import type { ModelRepository, PullRequestFacts, RepositoryFacts } from "#ports/model-repository.ts";

/** Path to content; undefined removes a file. */
export type FileChanges = Readonly<Record<string, string | undefined>>;

export interface FakeModelRepository extends ModelRepository {
  /** Commits on a branch; a branch that is new starts at the default branch's tip. */
  commit(branch: string, changes: FileChanges): CommitSha;
  /** Opens a pull request from a branch that has commits. */
  openPullRequest(opened: OpenedPullRequest): number;
  /** Changes facts that no commit changes: retargets, marks as draft, renames. */
  change(number: number, facts: Partial<Pick<PullRequestFacts, "title" | "draft" | "headRepositoryId">> & { readonly base?: string }): void;
  close(number: number): void;
  reopen(number: number): void;
  /** Moves a branch to a commit that exists, as a force push does. */
  forcePush(branch: string, commit: CommitSha): void;
  /** Merges with a merge commit. */
  merge(number: number): CommitSha;
}

export interface OpenedPullRequest {
  readonly branch: string;
  readonly base?: string;
  readonly title?: string;
  readonly author?: string;
  readonly draft?: boolean;
  /** Another repository's for a fork. */
  readonly headRepositoryId?: number | null;
}

type Files = ReadonlyMap<string, string>;
interface Commit {
  readonly files: Files;
  readonly parents: readonly CommitSha[];
}
interface Pull extends Omit<PullRequestFacts, "head" | "base"> {
  readonly branch: string;
  readonly base: string;
  /** Where branch and base stood when it ended; while it is open they move. */
  readonly ended?: { readonly head: CommitSha; readonly base: CommitSha };
}

export interface FakeModelRepositoryOptions {
  readonly id?: number;
  readonly name?: string;
  readonly defaultBranch?: string;
  readonly files?: FileChanges;
}

export function fakeModelRepository(options: FakeModelRepositoryOptions = {}): FakeModelRepository {
  const { id = 1, defaultBranch = "main", files: firstFiles = {} } = options;
  const name = repositoryNameSchema.parse(options.name ?? "acme/models");
  const commits = new Map<CommitSha, Commit>();
  const branches = new Map<string, CommitSha>();
  const pulls = new Map<number, Pull>();

  function store(files: Files, parents: readonly CommitSha[]): CommitSha {
    const sha = commitShaSchema.parse(
      createHash("sha1")
        .update(JSON.stringify([commits.size, [...files], parents]))
        .digest("hex"),
    );
    commits.set(sha, { files, parents });
    return sha;
  }
  const changed = (files: Files, changes: FileChanges): Files =>
    new Map(
      Object.entries({ ...Object.fromEntries(files), ...changes }).flatMap(([path, text]) =>
        text === undefined ? [] : [[path, text] as const],
      ),
    );
  const tip = (branch: string): CommitSha => {
    const sha = branches.get(branch);
    if (sha === undefined) throw new Error(`there is no branch ${branch}`);
    return sha;
  };
  const pullOf = (number: number): Pull => {
    const pull = pulls.get(number);
    if (pull === undefined) throw new Error(`there is no pull request #${number}`);
    return pull;
  };
  const ends = (pull: Pull) => pull.ended ?? { head: tip(pull.branch), base: tip(pull.base) };
  const factsOf = (pull: Pull): PullRequestFacts => {
    const { branch: _branch, base, ended: _ended, ...facts } = pull;
    const at = ends(pull);
    return { ...facts, head: at.head, base: { ref: base, sha: at.base } };
  };
  const filesOf = (sha: CommitSha | undefined): Files =>
    (sha === undefined ? undefined : commits.get(sha)?.files) ?? new Map<string, string>();
  /** Nearest first. */
  function ancestors(sha: CommitSha): readonly CommitSha[] {
    const found = new Set<CommitSha>([sha]);
    for (const one of found) for (const parent of commits.get(one)?.parents ?? []) found.add(parent);
    return [...found];
  }
  function mergeBase(a: CommitSha, b: CommitSha): CommitSha | undefined {
    const ofB = new Set(ancestors(b));
    return ancestors(a).find((sha) => ofB.has(sha));
  }
  function differing(from: Files, to: Files): readonly string[] {
    return [...new Set([...from.keys(), ...to.keys()])].filter((path) => from.get(path) !== to.get(path)).toSorted();
  }
  const end = (number: number, merged: boolean): void => {
    const pull = pullOf(number);
    pulls.set(number, { ...pull, state: "closed", merged, ended: ends(pull) });
  };

  branches.set(defaultBranch, store(changed(new Map(), firstFiles), []));
  return {
    about: async (): Promise<RepositoryFacts> => ({ id, name, defaultBranch, head: tip(defaultBranch) }),
    openPullRequests: async () =>
      [...pulls.values()]
        .filter(({ state }) => state === "open")
        .map(factsOf)
        .toReversed(),
    async pullRequest(number) {
      const pull = pulls.get(number);
      return pull === undefined ? undefined : factsOf(pull);
    },
    async changedFiles(number) {
      const { head, base } = ends(pullOf(number));
      return differing(filesOf(mergeBase(head, base)), filesOf(head));
    },
    file: async (commit, path) => filesOf(commit).get(path),
    commit(branch, changes) {
      const parent = branches.get(branch) ?? tip(defaultBranch);
      const sha = store(changed(filesOf(parent), changes), [parent]);
      branches.set(branch, sha);
      return sha;
    },
    openPullRequest({ branch, base = defaultBranch, title = `Change ${branch}`, author = "ada", draft = false, headRepositoryId = id }) {
      tip(branch);
      const number = pulls.size + 1;
      pulls.set(number, { number, title, author, state: "open", merged: false, draft, headRepositoryId, branch, base });
      return number;
    },
    change: (number, facts) => void pulls.set(number, { ...pullOf(number), ...facts }),
    close: (number) => end(number, false),
    reopen(number) {
      const { ended: _ended, ...pull } = pullOf(number);
      pulls.set(number, { ...pull, state: "open" });
    },
    forcePush(branch, commit) {
      if (!commits.has(commit)) throw new Error(`there is no commit ${commit}`);
      branches.set(branch, commit);
    },
    merge(number) {
      const pull = pullOf(number);
      const { head, base } = ends(pull);
      end(number, true);
      const from = filesOf(mergeBase(head, base));
      const theirs = filesOf(head);
      const changes = Object.fromEntries(differing(from, theirs).map((path) => [path, theirs.get(path)]));
      const sha = store(changed(filesOf(base), changes), [base, head]);
      branches.set(pull.base, sha);
      return sha;
    },
  };
}
