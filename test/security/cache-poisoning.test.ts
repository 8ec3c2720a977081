import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectFolder } from "#test/support/run-entry.ts";

/** A pull request's job may write the cache that a later, trusted job restores: what the trusted workflow runs comes from no cache. */
test.each([".github/workflows/evaluate.yml", "action/action.yml"])("%s restores nothing that another job left", (path) => {
  const text = readFileSync(join(projectFolder, path), "utf8");
  expect(text).not.toMatch(/actions\/cache|actions\/setup-\w+|^\s*cache(?:-from)?:|download-artifact/m);
});

test("what the Action installs is fixed by the lockfile, with an integrity for every package, and runs no script of theirs", () => {
  const action = readFileSync(join(projectFolder, "action/action.yml"), "utf8");
  expect(action).toMatch(/npm ci --omit=dev --ignore-scripts/);
  const lock: { packages: Record<string, { integrity?: string; link?: boolean }> } = JSON.parse(
    readFileSync(join(projectFolder, "package-lock.json"), "utf8"),
  );
  const open = Object.entries(lock.packages).filter(([name, { integrity, link }]) => name !== "" && !link && integrity === undefined);
  expect(open.map(([name]) => name).filter((name) => !name.includes("/node_modules/"))).toEqual([]);
});
