import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectFolder } from "#test/support/run-entry.ts";

/** What a user of the Action gets: the files of this repository that Git knows or would add, and nothing else. */
export function slipwayRepository(): { readonly folder: string; close(): void } {
  const folder = mkdtempSync(join(tmpdir(), "slipway-repository-"));
  const listed = execFileSync("git", ["-C", projectFolder, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  });
  for (const path of listed.split("\0").filter((file) => shipped.test(file))) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    cpSync(join(projectFolder, path), join(folder, path));
  }
  return { folder, close: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Tests and the sandbox take no part. */
const shipped = /^(?:action|src|templates|\.github)\/|^(?:package|package-lock|tsconfig)\.json$/;

/**
 * act does not know `job.workflow_repository` and `job.workflow_sha`, which GitHub fills in: they are written out in the copy of the workflow
 * that act runs, and nothing else of it is changed.
 */
export function saySourceOfWorkflow(folder: string, { repository, sha }: { readonly repository: string; readonly sha: string }): void {
  const file = join(folder, ".github/workflows/evaluate.yml");
  const text = readFileSync(file, "utf8");
  const said = text.replaceAll("${{ job.workflow_repository }}", repository).replaceAll("${{ job.workflow_sha }}", sha);
  const left = /\$\{\{[^}]*\bjob\.(?!status\b)[^}]*\}\}/.exec(said);
  if (said === text || left !== null)
    throw new Error(`evaluate.yml says ${left?.[0] ?? "nothing"} of where it comes from; this driver does not know that`);
  writeFileSync(file, said);
}
