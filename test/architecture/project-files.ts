import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SourceFile } from "./source-file.ts";

/** The texts that people write and read; data, locks and vendored documents are not ours to judge. */
const judged = /\.(?:ts|js|mjs|json|ya?ml|md|hbs|sh|sql|html|svg)$|^\.ci\/run$/;
const notOurs = /^(?:package-lock\.json|sandbox\/data\/|sandbox\/github\/openapi|test\/golden\/)/;

/** What Git has or would add, so that a file counts before it is committed. */
export function projectFiles(root: string): readonly SourceFile[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root, encoding: "utf8" });
  return [...new Set(listed.split("\0"))]
    .filter((path) => judged.test(path) && !notOurs.test(path))
    .toSorted()
    .flatMap((path) => {
      const text = readIfThere(join(root, path));
      return text === undefined ? [] : [{ path, text }];
    });
}

/** Git still lists a file that was deleted and not yet committed. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
