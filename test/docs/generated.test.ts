import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { projectFolder } from "#test/support/run-entry.ts";

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

async function docs(...args: readonly string[]): Promise<{ readonly passed: boolean; readonly said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["tools/docs.ts", ...args], { cwd: projectFolder }, (error, stdout) =>
      resolve({ passed: error === null, said: stdout }),
    );
  });
}

async function copyOfTheDocs(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-docs-"));
  folders.push(folder);
  await cp(join(projectFolder, "docs"), join(folder, "docs"), { recursive: true });
  await cp(join(projectFolder, "README.md"), join(folder, "README.md"));
  return folder;
}

it("the generated parts of the docs are what the code says", async () => {
  expect(await docs("--check")).toEqual({ passed: true, said: "" });
});

it("a generated part that somebody changed is named, and mended without touching what people wrote", async () => {
  const folder = await copyOfTheDocs();
  const file = join(folder, "docs", "install.md");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace("| `SLIPWAY_PORT` | `3000` |", "| `SLIPWAY_PORT` | `8080` |"));

  expect(await docs("--check", folder)).toEqual({ passed: false, said: "docs/install.md is not what the code says; run npm run docs\n" });
  expect((await docs(folder)).passed).toBe(true);
  expect(await readFile(file, "utf8")).toBe(text);
});

it("a region that the tool does not know, and one that no page has, are refused", async () => {
  const folder = await copyOfTheDocs();
  const file = join(folder, "docs", "commands.md");
  await writeFile(file, (await readFile(file, "utf8")).replace("<!-- generated:commands -->", "<!-- generated:comands -->"));

  const { passed, said } = await docs("--check", folder);
  expect(passed).toBe(false);
  expect(said).toContain("docs/commands.md has a region comands, which tools/docs-regions.ts does not know");
  expect(said).toContain("no page has the region commands");
});
