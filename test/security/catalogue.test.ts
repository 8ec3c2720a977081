import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectFolder } from "#test/support/run-entry.ts";

const page = readFileSync(join(projectFolder, "docs/security.md"), "utf8");
const named = new Set([...page.matchAll(/`(test\/[\w./-]+\.test\.ts)`/g)].map(([, path = ""]) => path));

test("every test that docs/security.md names is there", () => {
  expect([...named].filter((path) => !existsSync(join(projectFolder, path)))).toEqual([]);
});

test("every test of this folder stands in its table, with a rule", () => {
  const here = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".test.ts") && name !== "catalogue.test.ts");
  expect(here.filter((name) => !named.has(`test/security/${name}`))).toEqual([]);
  const attacks = page.split("## Attacks")[1]?.split("## ")[0] ?? "";
  for (const row of attacks.split("\n").filter((line) => line.startsWith("| ") && !/^\| (?:attack|---)/.test(line)))
    expect(row).toMatch(/^\| \S.* \| `test\/.* \| \S.* \|$/);
});
