import { type CommitSha, commitShaSchema } from "#domain/model/names.ts";

const segment = /^[0-9A-Za-z._+@=-]{1,255}$/;
const longestPath = 1024;

/**
 * The only paths that reach Git: plain segments, none of which is empty, `.`, `..`, `.git` or starts like an option.
 * @throws when the path is not one of them
 */
export function safePath(path: string): string {
  const fine = path.length <= longestPath && path.split("/").every((part) => segment.test(part) && !/^(?:-.*|\.{1,2}|\.git)$/i.test(part));
  if (!fine) throw new RangeError(`${JSON.stringify(path)} is no path that Slipway uses in a repository`);
  return path;
}

/** A file or, with a slash at its end, a folder. */
export function safePrefix(path: string): string {
  return path.endsWith("/") ? `${safePath(path.slice(0, -1))}/` : safePath(path);
}

/** @throws when Git would not take it as the name of a branch, or it could be read as an option */
export function safeBranch(name: string): string {
  const parts = name.split("/");
  const fine = name.length <= 200 && parts.every((part) => /^[0-9A-Za-z][0-9A-Za-z._-]*$/.test(part) && !/\.\.|\.$|\.lock$/i.test(part));
  if (!fine || name === "HEAD") throw new RangeError(`${JSON.stringify(name)} is no name of a branch that Slipway uses`);
  return name;
}

/** Commits are branded, but brands are gone at run time: what reaches argv is checked where it does. */
export function safeCommit(commit: string): CommitSha {
  return commitShaSchema.parse(commit);
}
