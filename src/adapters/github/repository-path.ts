import { GitHubRefused } from "./github-unavailable.ts";

/** A path for a URL, one encoded segment at a time. A path that leaves the repository is refused: it comes from files that people write. */
export function encodePath(path: string): string {
  const segments = path.split("/");
  const safe =
    path.length <= 4096 && !/[\0\\]/.test(path) && segments.every((segment) => segment !== "" && segment !== "." && segment !== "..");
  if (!safe) {
    throw new GitHubRefused({
      what: `${JSON.stringify(path.slice(0, 200))} is not a path in a repository`,
      where: "before the call",
      next: "Write it relative to the repository, without '.', '..' or a '/' at either end.",
    });
  }
  // Octokit's route templates give braces a meaning; encodeURIComponent takes them away.
  return segments.map(encodeURIComponent).join("/");
}
