import { type Change, type FileWrite, messageOf } from "#domain/environment/change.ts";
import type { CommitRecord, EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { parseTrailers } from "#domain/environment/trailers.ts";
import { type BlobId, type CommitSha, commitShaSchema } from "#domain/model/names.ts";
import { instantOf } from "#domain/model/time.ts";
import type { BranchOutcome, CommitOutcome, EnvironmentsRepository, HistoryQuery } from "#ports/environments-repository.ts";
import type { Clone, Git, Identity } from "./git.ts";
import { land } from "./land.ts";
import { type Made, makeCommit, type Write } from "./make-commit.ts";
import { haveCommit, listFiles, quiet, readBlobs, remoteTip } from "./objects.ts";
import { safeBranch, safeCommit, safePath, safePrefix } from "./safe-names.ts";

export interface EnvironmentsRepositorySettings {
  readonly clone: Clone;
  /** Slipway's own name: the author of all its commits. */
  readonly identity: Identity;
  /** Who commits; the author when left out. */
  readonly committer?: (git: Git) => Promise<Identity>;
  /** The branch that clusters follow; the remote's HEAD when left out. */
  readonly branch?: string;
}

/** The environments repository in a clone; see `cached-clone.ts` for how operations share it. */
export function environmentsRepository(settings: EnvironmentsRepositorySettings): EnvironmentsRepository {
  const { clone } = settings;
  let named: string | undefined = settings.branch === undefined ? undefined : safeBranch(settings.branch);
  let last: EnvironmentsSnapshot | undefined;
  let texts: ReadonlyMap<BlobId, string> = new Map();

  const branchName = async (git: Git): Promise<string> => (named ??= await defaultBranch(git));
  const draft = async (git: Git, change: Change): Promise<Made> => {
    await haveCommit(git, change.base);
    const committer = (await settings.committer?.(git)) ?? settings.identity;
    return makeCommit(git, {
      parent: change.base,
      message: messageOf(change),
      author: settings.identity,
      committer,
      writes: change.writes.map(written),
    });
  };

  return {
    snapshot: () =>
      clone.use(async (git) => {
        const head = await fetchBranch(git, await branchName(git));
        if (last?.head === head) return last;
        const entries = await listFiles(git, head);
        const wanted = [...entries].filter(([path]) => isRead(path));
        const unknown = wanted.flatMap(([, id]) => (texts.has(id) ? [] : [id]));
        const read = await readBlobs(git, unknown);
        const textOf = (id: BlobId): string => texts.get(id) ?? read.get(id)?.toString("utf8") ?? "";
        const paired = wanted.map(([path, id]) => [path, id, textOf(id)] as const);
        texts = new Map(paired.map(([, id, text]) => [id, text]));
        last = { head, entries, texts: new Map(paired.map(([path, , text]) => [path, text])) };
        return last;
      }),

    read: (commit, path) =>
      clone.use(async (git) => {
        await haveCommit(git, commit);
        const id = (await listFiles(git, commit, [safePath(path)])).get(path);
        return id === undefined ? undefined : (await readBlobs(git, [id])).get(id)?.toString("utf8");
      }),

    /** A change that changes nothing is no commit: its base is the answer. */
    commit: (change) =>
      clone.use(async (git): Promise<CommitOutcome> => {
        const ref = `refs/heads/${await branchName(git)}`;
        const { commit, empty } = await draft(git, change);
        if (empty) return { kind: "committed", commit: change.base };
        const landed = await land(git, { ref, expected: change.base, commit });
        switch (landed.kind) {
          case "landed":
            return { kind: "committed", commit };
          case "moved":
            return { kind: "moved" };
          case "refused":
            return landed;
        }
      }),

    /** Unlike `commit` it commits a change that changes nothing too: a pull request needs a commit of its own. */
    branch: (name, change) =>
      clone.use(async (git): Promise<BranchOutcome> => {
        const ref = `refs/heads/${safeBranch(name)}`;
        const before = await remoteTip(git, ref);
        if (before !== undefined) return { kind: "exists", commit: before };
        const { commit } = await draft(git, change);
        const landed = await land(git, { ref, expected: undefined, commit });
        if (landed.kind === "landed") return { kind: "created", commit };
        if (landed.kind === "refused") return landed;
        if (landed.tip === undefined) throw new Error(`${ref} came and went while it was being made`);
        return { kind: "exists", commit: landed.tip };
      }),

    history: (query) =>
      clone.use(async (git) => {
        const tracking = trackingRef(await branchName(git));
        const known = await git.local(["for-each-ref", "--format=%(objectname)", "--", tracking]);
        if (known.trim() === "") await fetchBranch(git, await branchName(git));
        const records = parseLog(await git.local([...log, ...selection(query), tracking, ...pathsOf(query)]));
        return records
          .filter((record) => "paths" in query || parseTrailers(record.message)[query.trailer] === query.value)
          .slice(0, query.limit);
      }),
  };
}

/** What grows for ever is read file by file when it is needed. */
function isRead(path: string): boolean {
  return path.startsWith(".slipway/") && !/^\.slipway\/(?:releases|evidence)\//.test(path);
}

function written(write: FileWrite): Write {
  return write.kind === "text" ? { kind: "bytes", path: write.path, bytes: Buffer.from(write.text, "utf8") } : write;
}

function trackingRef(branch: string): string {
  return `refs/remotes/origin/${branch}`;
}

async function defaultBranch(git: Git): Promise<string> {
  const answer = await git.remote(["ls-remote", "--symref", "origin", "HEAD"]);
  const [, name] = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(answer) ?? [];
  if (name === undefined) throw new Error("the environments repository has no default branch: push a first commit to it");
  return safeBranch(name);
}

/** @returns the tip of the branch */
async function fetchBranch(git: Git, branch: string): Promise<CommitSha> {
  const tracking = trackingRef(branch);
  await git.remote(["fetch", ...quiet, "origin", `+refs/heads/${branch}:${tracking}`]);
  return commitShaSchema.parse((await git.local(["rev-parse", "--verify", `${tracking}^{commit}`])).trim());
}

/** Configuration of a person's machine must not change the form. NUL cannot be in a commit message. */
const log = [
  "log",
  "-z",
  "--format=%H%x00%an%x00%ae%x00%ct%x00%B",
  "--no-color",
  "--no-show-signature",
  "--no-mailmap",
  "--no-renames",
  "--no-notes",
  "--encoding=UTF-8",
];

function selection(query: HistoryQuery): readonly string[] {
  if ("paths" in query) return [`--max-count=${Math.max(0, Math.floor(query.limit))}`];
  // Finds too many (a value that begins so, a line in the text); the trailers themselves are read afterwards.
  return ["--fixed-strings", `--grep=${query.trailer}: ${query.value.replaceAll(/[\r\n\0]+/g, " ")}`];
}

function pathsOf(query: HistoryQuery): readonly string[] {
  if (!("paths" in query)) return ["--"];
  if (query.paths.length === 0) throw new RangeError("the history of no path was asked for");
  return ["--", ...query.paths.map(safePrefix)];
}

function parseLog(output: string): readonly CommitRecord[] {
  const fields = output.split("\0");
  const records: CommitRecord[] = [];
  for (let at = 0; at + 4 < fields.length; at += 5) {
    const [sha = "", authorName = "", authorEmail = "", seconds = "", message = ""] = fields.slice(at, at + 5);
    records.push({ sha: safeCommit(sha), authorName, authorEmail, message, at: instantOf(Number(seconds) * 1000) });
  }
  return records;
}
