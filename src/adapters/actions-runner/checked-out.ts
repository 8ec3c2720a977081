import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type CommitSha, commitShaSchema } from "#domain/model/names.ts";

/** A checkout is not what the job's event says. */
export class WrongCheckout extends Error {
  override readonly name = "WrongCheckout";
}

/** The commit that a folder has checked out. Only plumbing is used, which runs no hook and reads no filter of the tree. */
export async function checkedOutCommit(folder: string): Promise<CommitSha> {
  const commit = commitShaSchema.safeParse((await git(folder, ["rev-parse", "--verify", "HEAD^{commit}"])).trim());
  if (!commit.success) throw new WrongCheckout(`${folder} has no commit checked out`);
  return commit.data;
}

/** The files of that commit below a folder: path to mode and blob, so that equal entries are equal files. */
export async function checkedOutFiles(folder: string, below: string): Promise<ReadonlyMap<string, string>> {
  const listed = await git(folder, ["ls-tree", "-r", "-z", "--full-tree", "HEAD", "--", `${below}/`]);
  return new Map(
    listed.split("\0").flatMap((line) => {
      const [entry = "", path] = line.split("\t", 2);
      return path === undefined ? [] : [[path, entry]];
    }),
  );
}

const largestListing = 256 * 1024 * 1024;

async function git(folder: string, args: readonly string[]): Promise<string> {
  // In a container the checkout's owner may be another user; what we ask runs nothing that its configuration could name.
  const safe = ["-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "--literal-pathspecs"];
  const { GIT_DIR: _dir, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, ...environment } = process.env;
  try {
    const { stdout } = await promisify(execFile)("git", ["-C", folder, ...safe, ...args], {
      env: { ...environment, GIT_TERMINAL_PROMPT: "0" },
      maxBuffer: largestListing,
    });
    return stdout;
  } catch (cause) {
    throw new WrongCheckout(`${folder} is not a checkout of a Git repository`, { cause });
  }
}
