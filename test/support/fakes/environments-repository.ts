import { createHash } from "node:crypto";
import { type Change, messageOf } from "#domain/environment/change.ts";
import type { CommitRecord, EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { parseTrailers } from "#domain/environment/trailers.ts";
import { type BlobId, blobIdSchema, type CommitSha, commitShaSchema } from "#domain/model/names.ts";
import { type Instant, instantOf } from "#domain/model/time.ts";
import type { EnvironmentsRepository } from "#ports/environments-repository.ts";

type Files = ReadonlyMap<string, BlobId>;

interface FakeCommit {
  /** In the order in which they were made. */
  readonly number: number;
  readonly record: CommitRecord;
  readonly parents: readonly FakeCommit[];
  readonly files: Files;
  /** Paths in which it differs from each of its parents; a first commit, all that it holds. */
  readonly changed: readonly string[];
}

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface FakeEnvironmentsRepository extends EnvironmentsRepository {
  /** A person's commit on the default branch; null deletes a file. */
  edit(files: Readonly<Record<string, string | null>>, by?: Person, message?: string): CommitSha;
  /** Runs once, just before the next commit or branch is judged: somebody else is faster. */
  beforeNextWrite(run: () => void): void;
  /** From now on the host's rules refuse every push, with this message; undefined lifts them. */
  refuse(message: string | undefined): void;
  /** Merges a branch with a merge commit, as a pull request does; the branch's files win. */
  merge(branch: string, by?: Person): CommitSha;
  /** Whether a branch changes a file that the default branch has changed otherwise since. */
  conflicts(branch: string): boolean;
  /** The tip of a branch. */
  tip(branch: string): CommitSha | undefined;
  /** A file of the default branch as it is now. */
  text(path: string): string | undefined;
  /** What `snapshot` answers now. */
  current(): EnvironmentsSnapshot;
  /** The text of a blob. */
  blob(id: BlobId): string | undefined;
  /** Every file of a commit. */
  filesAt(commit: CommitSha): ReadonlyMap<string, BlobId>;
}

export const fakeSlipway: Person = { name: "slipway[bot]", email: "slipway[bot]@users.noreply.github.com" };
const somebody: Person = { name: "Alex Person", email: "alex@example.com" };

/** A Git repository in memory: commits, blobs by content, one default branch `main` and others. */
export function fakeEnvironmentsRepository(
  first: Readonly<Record<string, string>> = { "README.md": "hello\n" },
  now: () => Instant = () => instantOf(0),
): FakeEnvironmentsRepository {
  const blobs = new Map<BlobId, string>();
  const commits = new Map<CommitSha, FakeCommit>();
  const branches = new Map<string, FakeCommit>();
  const snapshots = new Map<CommitSha, EnvironmentsSnapshot>();
  let waiting: (() => void) | undefined;
  let refusal: string | undefined;

  const store = (text: string): BlobId => {
    const id = blobIdSchema.parse(hash(`blob ${Buffer.byteLength(text)}\0${text}`));
    blobs.set(id, text);
    return id;
  };
  const record = (parents: readonly FakeCommit[], files: Files, by: Person, message: string): FakeCommit => {
    const sha = commitShaSchema.parse(hash(`${commits.size} ${parents.map((parent) => parent.record.sha).join()} ${message}`));
    const commit = {
      number: commits.size,
      record: { sha, authorName: by.name, authorEmail: by.email, message, at: now() },
      parents,
      files,
      changed: changedIn(files, parents),
    };
    commits.set(sha, commit);
    return commit;
  };
  const known = (sha: CommitSha): FakeCommit => found(commits.get(sha), `there is no commit ${sha}`);
  const main = (): FakeCommit => found(branches.get("main"), "there is no branch main");
  const apply = (change: Change): FakeCommit => {
    const base = known(change.base);
    const files = new Map(base.files);
    for (const write of change.writes) if (write.kind === "delete") files.delete(write.path);
    for (const write of change.writes) {
      if (write.kind === "text") files.set(write.path, store(write.text));
      if (write.kind === "blob") files.set(write.path, (found(blobs.get(write.blob), `there is no blob ${write.blob}`), write.blob));
    }
    return record([base], files, fakeSlipway, messageOf(change));
  };
  const current = (): EnvironmentsSnapshot => {
    const { record: tip, files } = main();
    const known = snapshots.get(tip.sha);
    if (known !== undefined) return known;
    const read = [...files].filter(([path]) => path.startsWith(".slipway/") && !/^\.slipway\/(?:releases|evidence)\//.test(path));
    const snapshot = { head: tip.sha, entries: files, texts: new Map(read.map(([path, id]) => [path, blobs.get(id) ?? ""])) };
    snapshots.set(tip.sha, snapshot);
    return snapshot;
  };
  const meanwhile = (): void => {
    const run = waiting;
    waiting = undefined;
    run?.();
  };

  const root = new Map(Object.entries(first).map(([path, text]) => [path, store(text)]));
  branches.set("main", record([], root, somebody, "By hand"));

  return {
    snapshot: async () => current(),
    async read(commit, path) {
      const id = known(commit).files.get(path);
      return id === undefined ? undefined : blobs.get(id);
    },
    async commit(change) {
      const next = apply(change);
      if (sameFiles(next.files, known(change.base).files)) return { kind: "committed", commit: change.base };
      meanwhile();
      if (refusal !== undefined) return { kind: "refused", message: refusal };
      if (main().record.sha !== change.base) return { kind: "moved" };
      branches.set("main", next);
      return { kind: "committed", commit: next.record.sha };
    },
    async branch(name, change) {
      meanwhile();
      const present = branches.get(name);
      if (present !== undefined) return { kind: "exists", commit: present.record.sha };
      if (refusal !== undefined) return { kind: "refused", message: refusal };
      const next = apply(change);
      branches.set(name, next);
      return { kind: "created", commit: next.record.sha };
    },
    async history(query) {
      const chosen: CommitRecord[] = [];
      for (const commit of "paths" in query ? touching(main(), query.paths) : ancestry(main())) {
        if (chosen.length >= query.limit) break;
        if ("trailer" in query && parseTrailers(commit.record.message)[query.trailer] !== query.value) continue;
        chosen.push(commit.record);
      }
      return chosen;
    },
    edit(changes, by = somebody, message = "By hand") {
      const files = new Map(main().files);
      for (const [path, text] of Object.entries(changes)) {
        if (text === null) files.delete(path);
        else files.set(path, store(text));
      }
      const next = record([main()], files, by, message);
      branches.set("main", next);
      return next.record.sha;
    },
    beforeNextWrite(run) {
      waiting = run;
    },
    refuse(message) {
      refusal = message;
    },
    conflicts(branch) {
      const theirs = found(branches.get(branch), `there is no branch ${branch}`);
      const from = theirs.parents[0]?.files ?? new Map<string, BlobId>();
      const ours = main().files;
      return theirs.changed.some((path) => ours.get(path) !== from.get(path) && ours.get(path) !== theirs.files.get(path));
    },
    merge(branch, by = somebody) {
      const other = found(branches.get(branch), `there is no branch ${branch}`);
      const files = new Map(main().files);
      const from = other.parents[0]?.files ?? new Map<string, BlobId>();
      for (const path of new Set([...from.keys(), ...other.files.keys()])) {
        const id = other.files.get(path);
        if (id === from.get(path)) continue;
        if (id === undefined) files.delete(path);
        else files.set(path, id);
      }
      const next = record([main(), other], files, by, `Merge ${branch}`);
      branches.set("main", next);
      return next.record.sha;
    },
    current,
    blob: (id) => blobs.get(id),
    filesAt: (commit) => known(commit).files,
    tip: (branch) => branches.get(branch)?.record.sha,
    text: (path) => {
      const id = main().files.get(path);
      return id === undefined ? undefined : blobs.get(id);
    },
  };
}

/** Newest first, each once; `next` says which parents to go on with. */
function* ancestry(tip: FakeCommit, next = (commit: FakeCommit): readonly FakeCommit[] => commit.parents): Generator<FakeCommit> {
  const open = new Set([tip]);
  while (open.size > 0) {
    const newest = [...open].reduce((best, commit) => (commit.number > best.number ? commit : best));
    open.delete(newest);
    yield newest;
    for (const parent of next(newest)) open.add(parent);
  }
}

/**
 * As `git log -- <paths>` sees it: a commit counts when it differs in them from all its parents; of a merge that equals a parent there,
 * only that parent's history is followed.
 */
function* touching(tip: FakeCommit, paths: readonly string[]): Generator<FakeCommit> {
  const differs = (commit: FakeCommit, from: readonly FakeCommit[]): boolean =>
    (from.length === commit.parents.length ? commit.changed : changedIn(commit.files, from)).some((name) =>
      paths.some((path) => name === path || name.startsWith(path.endsWith("/") ? path : `${path}/`)),
    );
  const same = (commit: FakeCommit): FakeCommit | undefined => commit.parents.find((parent) => !differs(commit, [parent]));
  const followed = (commit: FakeCommit): readonly FakeCommit[] => {
    const only = commit.parents.length > 1 ? same(commit) : undefined;
    return only === undefined ? commit.parents : [only];
  };
  for (const commit of ancestry(tip, followed)) {
    if (commit.parents.length < 2 ? differs(commit, commit.parents) : same(commit) === undefined) yield commit;
  }
}

function changedIn(files: Files, parents: readonly FakeCommit[]): readonly string[] {
  if (parents.length === 0) return [...files.keys()];
  const names = new Set([...files.keys(), ...parents.flatMap((parent) => [...parent.files.keys()])]);
  return [...names].filter((path) => parents.every((parent) => parent.files.get(path) !== files.get(path)));
}

function sameFiles(one: Files, other: Files): boolean {
  return one.size === other.size && [...one].every(([path, id]) => other.get(path) === id);
}

function hash(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

function found<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw new Error(message);
  return value;
}
