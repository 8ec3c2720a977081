import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cachedClone } from "#adapters/git/cached-clone.ts";
import { adapterSetting, textChange, token } from "./adapter-setting.ts";

const run = promisify(execFile);
const basic = Buffer.from(`x-access-token:${token}`).toString("base64");

let setting: Awaited<ReturnType<typeof adapterSetting>>;
beforeEach(async () => {
  setting = await adapterSetting({
    ".slipway/policy.yaml": "kind: Policy\n",
    "environments/production/ranker/route.yaml": "weight: 100\n",
  });
});
afterEach(() => setting.close());

describe("the token", () => {
  it("is in no process's arguments while git fetches and pushes", async () => {
    const { repository } = setting.replica();
    const { head } = await repository.snapshot();
    setting.host.faults.push({ on: "push", does: "delay", milliseconds: 600 }, { on: "advertise", does: "delay", milliseconds: 300 });
    const seen = new Set<string>();
    const pushed = repository.commit(textChange(head, "a.txt", "a\n")).finally(() => seen.add("done"));
    while (!seen.has("done")) {
      for (const line of commandLines()) seen.add(line);
      await pause(15);
    }
    expect(await pushed).toMatchObject({ kind: "committed" });
    expect([...seen].some((line) => line.includes("push") && line.includes("--porcelain"))).toBe(true);
    expect([...seen].filter((line) => line.includes(token) || line.includes(basic))).toEqual([]);
  });

  it("is nowhere on disk", async () => {
    const { repository, folder } = setting.replica();
    const { head } = await repository.snapshot();
    await repository.commit(textChange(head, "a.txt", "a\n"));
    const files = filesBelow(setting.root);
    expect(files.some((file) => file.startsWith(join(folder, "objects")))).toBe(true);
    expect(files.filter((file) => [token, basic].some((secret) => readFileSync(file).includes(secret)))).toEqual([]);
  });

  it("is in no error, even when the host repeats it", async () => {
    const { repository } = setting.replica();
    setting.host.faults.push({
      on: "advertise",
      does: "status",
      status: 500,
      text: (authorization) => `you sent ${authorization} and ${token}`,
    });
    const error: unknown = await repository.snapshot().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "GitFailure", where: "remote", message: expect.stringContaining("500") });
    expect(everythingIn(error)).not.toMatch(new RegExp(`${token}|${basic.slice(0, 20)}`));
  });

  it("is in no log, even when simple-git's own is switched on", async () => {
    const script = `
      const { cachedClone } = await import("#adapters/git/cached-clone.ts");
      const { environmentsRepository } = await import("#adapters/git/environments-repository.ts");
      const clone = cachedClone({ url: process.argv[1], folder: process.argv[2], token: async () => process.env.TEST_TOKEN });
      const repository = environmentsRepository({ clone, identity: { name: "slipway[bot]", email: "bot@example.com" } });
      console.log((await repository.snapshot()).head);
    `;
    const folder = join(setting.root, "logged");
    const { stdout, stderr } = await run(process.execPath, ["--input-type=module", "-e", script, setting.host.url, folder], {
      env: { PATH: process.env["PATH"], DEBUG: "*", TEST_TOKEN: token },
      maxBuffer: 64 << 20,
    });
    expect(stdout.trim()).toMatch(/^[0-9a-f]{40}$/);
    expect(stderr).toContain("GIT_CONFIG_VALUE_");
    expect(stderr).toContain("[hidden]");
    expect(stderr).not.toMatch(new RegExp(`${token}|${basic}`));
  });

  it("is asked for before each command that talks to the host, and for no other", async () => {
    const tokens: string[] = [];
    const clone = cachedClone({
      url: setting.host.url,
      folder: join(setting.root, "counted"),
      token: async () => (tokens.push(token), token),
    });
    await clone.use((git) => git.local(["rev-parse", "--git-dir"]));
    expect(tokens).toHaveLength(0);
    await clone.use((git) => git.remote(["ls-remote", "origin"]));
    await clone.use((git) => git.remote(["ls-remote", "origin"]));
    expect(tokens).toHaveLength(2);
  });

  it("that the host does not know is an error that names the command, and is not retried", async () => {
    const { repository } = setting.replica(undefined, "ghs_expired");
    await expect(repository.snapshot()).rejects.toThrow(/git ls-remote: .*could not read Username/s);
  });

  it("goes to https, or to this machine, and never into a URL", () => {
    const at = (url: string) => () => cachedClone({ url, folder: join(setting.root, "x"), token: async () => token });
    expect(at("http://github.com/acme/environments.git")).toThrow("https");
    expect(at("ssh://github.com/acme/environments.git")).toThrow("https");
    expect(at("file:///etc")).toThrow("https");
    expect(at("https://x-access-token:secret@github.com/acme/environments.git")).toThrow(/must not hold credentials/);
  });
});

describe("the cache folder", () => {
  it("is bare and blobless: it holds what was read and nothing else", async () => {
    const { repository, folder } = setting.replica();
    const { entries } = await repository.snapshot();
    const { stdout } = await run("git", ["-C", folder, "cat-file", "--batch-all-objects", "--batch-check"]);
    expect(stdout).toContain(`${entries.get(".slipway/policy.yaml")} blob`);
    expect(stdout).not.toContain(entries.get("environments/production/ranker/route.yaml"));
    expect(existsSync(join(folder, ".git"))).toBe(false);
  });

  it("fetches all texts that are missing in one request", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`.slipway/state/production/model-${index}.yaml`, `n: ${index}\n`]),
    );
    await setting.host.edit(many);
    const { repository } = setting.replica();
    expect((await repository.snapshot()).texts.size).toBe(51);
    // Protocol version 2 posts twice for commits and trees (refs, then objects), and twice for the blobs.
    expect(setting.host.requests.filter((request) => request === "fetch").length).toBeLessThanOrEqual(6);
  });

  it("asks the host once, and for no contents, when nothing has changed", async () => {
    const { repository } = setting.replica();
    const before = await repository.snapshot();
    setting.host.requests.length = 0;
    expect(await repository.snapshot()).toBe(before);
    expect(setting.host.requests).toEqual(["advertise", "fetch"]);
  });

  it.each([
    ["deleted", (folder: string) => rmSync(folder, { recursive: true })],
    ["emptied", (folder: string) => (rmSync(folder, { recursive: true }), mkdirSync(folder))],
    [
      "robbed of its objects",
      (folder: string) => (rmSync(join(folder, "objects"), { recursive: true }), mkdirSync(join(folder, "objects"))),
    ],
    ["robbed of its packs", (folder: string) => rmSync(join(folder, "objects", "pack"), { recursive: true })],
    ["left with a broken ref", (folder: string) => writeFileSync(join(folder, "refs", "remotes", "origin", "main"), "broken")],
    ["left with an empty HEAD", (folder: string) => truncateSync(join(folder, "HEAD"))],
    [
      "left with a lock by a process that died",
      (folder: string) => writeFileSync(join(folder, "refs", "remotes", "origin", "main.lock"), ""),
    ],
  ])("recovers when it was %s", async (_, damage) => {
    const { repository, folder } = setting.replica();
    const { head } = await repository.snapshot();
    damage(folder);
    expect(await repository.commit(textChange(head, "a.txt", "a\n"))).toMatchObject({ kind: "committed" });
    damage(folder);
    await setting.host.edit({ "b.txt": "theirs\n" });
    const after = await repository.snapshot();
    expect([...after.entries.keys()].toSorted()).toEqual([
      ".slipway/policy.yaml",
      "a.txt",
      "b.txt",
      "environments/production/ranker/route.yaml",
    ]);
    damage(folder);
    expect(await repository.read(after.head, "a.txt")).toBe("a\n");
    damage(folder);
    expect(await repository.history({ limit: 9, paths: ["a.txt"] })).toHaveLength(1);
  });

  it("keeps working after Git has tidied it up", async () => {
    const folder = join(setting.root, "tidied");
    const { repository } = setting.replica(folder);
    const { head } = await repository.snapshot();
    await repository.commit(textChange(head, "a.txt", "a\n"));
    const clone = cachedClone({ url: setting.host.url, folder, token: async () => token });
    await clone.use((git) => git.remote(["gc", "--quiet", "--prune=now"]));
    await setting.host.edit({ "b.txt": "theirs\n" });
    const after = await repository.snapshot();
    expect(await repository.commit(textChange(after.head, "a.txt", "again\n"))).toMatchObject({ kind: "committed" });
    expect(await repository.history({ limit: 9, paths: ["a.txt"] })).toHaveLength(2);
  });

  it("may be shared by the objects of a process that comes after another", async () => {
    const { repository, folder } = setting.replica();
    await repository.snapshot();
    const again = setting.replica(folder).repository;
    const { head } = await again.snapshot();
    expect(await again.commit(textChange(head, "a.txt", "a\n"))).toMatchObject({ kind: "committed" });
    expect((await repository.snapshot()).entries.has("a.txt")).toBe(true);
  });

  it("takes no configuration and no hooks from the machine", async () => {
    const { repository, folder } = setting.replica();
    const { head } = await repository.snapshot();
    const trace = join(setting.root, "hook-ran");
    writeFileSync(join(folder, "hooks", "pre-push"), `#!/bin/sh\ntouch ${trace}\nexit 1\n`, { mode: 0o755 });
    expect(await repository.commit(textChange(head, "a.txt", "a\n"))).toMatchObject({ kind: "committed" });
    expect(existsSync(trace)).toBe(false);
  });
});

function commandLines(): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((process) => {
      try {
        return [readFileSync(`/proc/${process}/cmdline`, "utf8").replaceAll("\0", " ")];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());
}

function everythingIn(error: unknown): string {
  const parts = error instanceof Error ? [error.message, error.stack, String(error.cause), JSON.stringify(error)] : [];
  return parts.join("\n");
}
