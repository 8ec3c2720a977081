import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gitRemote } from "#sandbox/serving/git-remote.ts";
import { Environments } from "./environments.ts";
import type { GitHttp } from "./git-http.ts";
import { startGitHttp } from "./git-http.ts";

const token = "ghs_readOnlyTokenOfTheAgent";
let folder: string;
let environments: Environments;
let host: GitHttp;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "git-remote-"));
  environments = new Environments(folder);
  host = await startGitHttp(folder, token);
  writeFileSync(join(folder, "token"), `${token}\n`);
});
afterEach(() => {
  host.stop();
  rmSync(folder, { recursive: true });
});

const remote = () => gitRemote({ url: host.url, tokenFile: join(folder, "token"), cache: join(folder, "cache") });

describe("the agent's view of the environments repository", () => {
  test("is the tip of the default branch and the YAML files of one folder, over HTTP with a token", async () => {
    const commit = environments.commit({ "a.yaml": "kind: A\n", "b.yml": "kind: B\n", "notes.txt": "no" });
    expect(await remote().tip()).toBe(commit);
    const snapshot = await remote().snapshot("environments/production");
    expect(snapshot.commit).toBe(commit);
    expect(Object.fromEntries(snapshot.files)).toEqual({
      "environments/production/search-ranker/a.yaml": "kind: A\n",
      "environments/production/search-ranker/b.yml": "kind: B\n",
    });
  });

  test("follows the branch with the same cache", async () => {
    const agent = remote();
    environments.commit({ "a.yaml": "kind: A\n" });
    await agent.snapshot("environments/production");
    const second = environments.commit({ "a.yaml": "kind: Changed\n" });
    expect(await agent.tip()).toBe(second);
    expect([...(await agent.snapshot("environments/production")).files.values()]).toEqual(["kind: Changed\n"]);
  });

  test("is refused with a wrong token, and renewed when the token file is", async () => {
    environments.commit({ "a.yaml": "kind: A\n" });
    const agent = remote();
    writeFileSync(join(folder, "token"), "expired");
    await expect(agent.tip()).rejects.toThrow("401");
    writeFileSync(join(folder, "token"), token);
    expect(await agent.tip()).toMatch(/^[0-9a-f]{40}$/);
  });

  test("never shows the token in the arguments of git", async () => {
    environments.commit({ "a.yaml": "kind: A\n" });
    const before = process.env["PATH"];
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin", "git"), `#!/bin/sh\necho "$@" >> ${folder}/argv\nPATH=${before} exec git "$@"\n`);
    chmodSync(join(folder, "bin", "git"), 0o755);
    process.env["PATH"] = [join(folder, "bin"), before].join(delimiter);
    try {
      await remote().snapshot("environments/production");
    } finally {
      process.env["PATH"] = before;
    }
    const seen = readFileSync(join(folder, "argv"), "utf8");
    expect(seen).toContain("fetch");
    expect(seen).not.toContain(token);
    expect(seen).not.toContain(Buffer.from(`x-access-token:${token}`).toString("base64"));
  });
});
