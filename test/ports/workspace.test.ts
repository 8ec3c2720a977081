import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { localWorkspace } from "#adapters/workspace/local-workspace.ts";
import type { Workspace } from "#ports/workspace.ts";
import { fakeWorkspace, type Oddity } from "#test/support/fakes/workspace.ts";
import { digestOf } from "#test/support/ranker-repository.ts";

type Files = Readonly<Record<string, string | Oddity>>;

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

function onDisk(files: Files): Workspace {
  const root = mkdtempSync(join(tmpdir(), "workspace-"));
  const outside = mkdtempSync(join(tmpdir(), "outside-"));
  cleanUps.push(() => {
    for (const folder of [root, outside]) rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(join(outside, "b.csv"), "secret");
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    if (typeof content === "string") writeFileSync(join(root, path), content);
    else if (content.kind === "link") symlinkSync(outside, join(root, path));
    else mkdirSync(join(root, path));
  }
  return localWorkspace(root);
}

describe.each([
  ["in memory", (files: Files) => fakeWorkspace("tree", files)],
  ["on disk", onDisk],
])("a workspace, %s", (_, open) => {
  it("reads and finds its files and knows the digests of their bytes", async () => {
    const workspace = open({ "models/a/model.yaml": "näme: a\n" });
    expect(await workspace.text("models/a/model.yaml")).toEqual({ kind: "text", text: "näme: a\n" });
    const located = await workspace.locate("models/a/model.yaml");
    if (located.kind !== "file") throw new Error(located.kind);
    expect(await workspace.digest(located.file)).toBe(digestOf("näme: a\n"));
    expect(await workspace.size(located.file)).toBe(9);
  });

  it("finds the parts of a table by a pattern, in the order of their paths, and follows no link to them", async () => {
    const workspace = open({
      "p/day=2/b.csv": "2",
      "p/day=1/b.csv": "1",
      "p/day=1/a.csv": "0",
      "p/day=1/a.json": "",
      "p/day=1/.hidden.csv": "",
      "p/other/a.csv": "",
      "p/day=3": { kind: "link" },
      ".git/x.csv": "secret",
    });
    const paths = async (pattern: string): Promise<readonly string[] | string> => {
      const found = await workspace.matching(pattern);
      return found.kind === "files" ? found.files.map(({ path }) => path) : found.reason;
    };
    expect(await paths("p/day=*/*.csv")).toEqual(["p/day=1/a.csv", "p/day=1/b.csv", "p/day=2/b.csv"]);
    expect(await paths("p/*1/a*.csv")).toEqual(["p/day=1/a.csv"]);
    expect(await paths("nowhere/*.csv")).toEqual([]);
    expect(await paths("p/../*.csv")).toBe("it is no plain path below the root of the repository");
    expect(await paths(".git/*")).toBe("it lies in .git");
    expect(await paths(".g*/*.csv")).toEqual([]);
    const [first] = await workspace.matching("p/day=1/a.csv").then((found) => (found.kind === "files" ? found.files : []));
    expect(first && (await workspace.digest(first.file))).toBe(digestOf("0"));
  });

  it("tells what is missing from what it refuses", async () => {
    const workspace = open({ "a/b.csv": "1", linked: { kind: "link" }, folder: { kind: "folder" } });
    const answers = {
      "nowhere.csv": { kind: "missing" },
      "a/nowhere/c.csv": { kind: "missing" },
      "a/b.csv/c": { kind: "missing" },
      folder: { kind: "refused", reason: "it is a folder" },
      a: { kind: "refused", reason: "it is a folder" },
      linked: { kind: "refused", reason: "linked is a symbolic link" },
      "linked/b.csv": { kind: "refused", reason: "linked is a symbolic link" },
      "../b.csv": { kind: "refused", reason: "it is no plain path below the root of the repository" },
      "a/../a/b.csv": { kind: "refused", reason: "it is no plain path below the root of the repository" },
      "/etc/passwd": { kind: "refused", reason: "it is no plain path below the root of the repository" },
      ".git/config": { kind: "refused", reason: "it lies in .git" },
    };
    for (const [path, answer] of Object.entries(answers)) {
      expect([path, await workspace.locate(path)]).toEqual([path, answer]);
      expect([path, await workspace.text(path)]).toEqual([path, answer]);
    }
  });
});

describe("a workspace on disk", () => {
  it("takes no text that is large or not UTF-8 for a definition", async () => {
    const workspace = onDisk({ "large.yaml": "#".repeat(1024 * 1024 + 1) });
    expect(await workspace.text("large.yaml")).toEqual({ kind: "refused", reason: "it has 1048577 bytes, more than 1048576" });
    const root = mkdtempSync(join(tmpdir(), "workspace-"));
    cleanUps.push(() => rmSync(root, { recursive: true, force: true }));
    writeFileSync(join(root, "latin1.yaml"), Buffer.from([0x6e, 0xe4, 0x6d, 0x65]));
    expect(await localWorkspace(root).text("latin1.yaml")).toEqual({ kind: "refused", reason: "it is not UTF-8 text" });
  });
});
