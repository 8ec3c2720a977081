import ignore from "ignore";
import type { OwnerList } from "#domain/policy/roles.ts";

/** Where GitHub looks for the file, the first that is there counts. */
export const codeOwnersPaths = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

/**
 * Whose a path is by a CODEOWNERS file: of the rules that match, the last one counts, and one without owners makes it nobody's. Patterns are
 * those of .gitignore, without its `!` and `[…]`, which GitHub does not take; e-mail addresses name no login and are passed over.
 */
export function codeOwnersOf(path: string, text: string): OwnerList {
  const matching = text
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("!") && !line.startsWith("["))
    .map((line) => line.split(/(?<!\\)\s+/))
    .filter(([pattern = ""]) => matches(pattern, path));
  return ownerList(matching.at(-1)?.slice(1) ?? []);
}

/** Logins and team slugs of `@login` and `@organisation/team`. */
export function ownerList(written: readonly string[]): OwnerList {
  const handles = written.filter((owner) => owner.startsWith("@")).map((owner) => owner.slice(1));
  return {
    users: handles.filter((handle) => !handle.includes("/")),
    teams: handles.flatMap((handle) => (handle.includes("/") ? [handle.slice(handle.indexOf("/") + 1)] : [])),
  };
}

/** No path of a repository is that long, and a pattern much longer is beyond what a regular expression can hold. */
const longestPattern = 1000;

/** As GitHub reads it, `docs/*` is about the files in a folder and not about what lies deeper. */
function matches(pattern: string, path: string): boolean {
  if (pattern.length > longestPattern) return false;
  const plain = pattern.replaceAll("\\ ", " ");
  if (plain.endsWith("/*") && plain.replace(/^\//, "").split("/").length !== path.split("/").length) return false;
  return ignore().add(plain).ignores(path);
}
