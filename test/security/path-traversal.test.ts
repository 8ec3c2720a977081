import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readEvidenceArchive } from "#adapters/github/evidence-archive.ts";
import { encodePath } from "#adapters/github/repository-path.ts";
import { localWorkspace } from "#adapters/workspace/local-workspace.ts";
import { fileLocation } from "#domain/evaluation/file-location.ts";
import { environmentNameSchema, modelNameSchema, versionLabelSchema } from "#domain/model/names.ts";
import { zip } from "#test/adapters/github/zip.ts";

const climbing = [
  "../x",
  "..",
  ".",
  "a/../../x",
  "/etc/passwd",
  "a\\..\\..\\x",
  "..%2fx",
  "a/../../../.slipway/policy",
  "",
  "a\0b",
  "-rf",
  ".git",
];

describe("a name of a model, an environment or a version", () => {
  test.each(climbing)("is never %j", (name) => {
    for (const schema of [modelNameSchema, environmentNameSchema]) expect(schema.safeParse(name).success).toBe(false);
    const version = versionLabelSchema.safeParse(name);
    if (version.success) expect(name).not.toMatch(/[/\\\0]|^\.|^-/);
  });
});

describe("a location in model.yaml", () => {
  test.each([
    ["../../../etc/passwd", "it leads out of the repository"],
    ["../../..", "it leads out of the repository"],
    ["/etc/passwd", "this one is absolute"],
    ["..\\..\\secrets", "holds a backslash"],
    ["../..", "it names no file"],
  ])("%s is refused", (written, reason) => {
    expect(fileLocation(written, "models/ranker")).toMatchObject({ kind: "refused", reason: expect.stringContaining(reason) });
  });
});

describe("a tree of a pull request", () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "tree-"));
    await writeFile(join(root, "secret"), "outside");
    await mkdir(join(root, "tree/folder"), { recursive: true });
    await mkdir(join(root, "tree/.git"), { recursive: true });
    await writeFile(join(root, "tree/.git/config"), "token");
    await symlink("../secret", join(root, "tree/link"));
    await symlink("../..", join(root, "tree/folder/up"));
    await symlink("/proc/self/environ", join(root, "tree/environ"));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  test.each([
    "link",
    "environ",
    "folder/up/secret",
    "../secret",
    "folder/../../secret",
    ".git/config",
    ".GIT/config",
    "a\0",
    "/etc/passwd",
  ])("gives nothing for %j", async (path) => {
    expect(await localWorkspace(join(root, "tree")).text(path)).toMatchObject({ kind: expect.stringMatching(/^(?:refused|missing)$/) });
  });
});

test.each(["../evidence.json", "/evidence.json", "reports/../../x.json", "reports\\x.json"])(
  "an artifact with an entry %s is refused",
  async (name) => {
    const archive = zip([
      { name: "evidence.json", content: "{}" },
      { name, content: "{}" },
    ]);
    expect(await readEvidenceArchive(archive)).toMatchObject({ kind: "unreadable" });
  },
);

test("a symbolic link in an artifact is refused", async () => {
  const link = { name: "report-a.json", content: "/proc/self/environ", mode: 0o120_777 };
  expect(await readEvidenceArchive(zip([{ name: "evidence.json", content: "{}" }, link]))).toMatchObject({ kind: "unreadable" });
});

test.each(climbing.filter((path) => path !== "-rf" && path !== ".git" && path !== "..%2fx"))("no file %j is asked of GitHub", (path) => {
  expect(() => encodePath(path)).toThrow("is not a path in a repository");
});
