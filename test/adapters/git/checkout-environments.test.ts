import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkoutEnvironments } from "#adapters/git/checkout-environments.ts";
import { adapterSetting, identity, textChange, token } from "./adapter-setting.ts";

const run = promisify(execFile);

let setting: Awaited<ReturnType<typeof adapterSetting>>;
let folder: string;
let environment: Readonly<Record<string, string | undefined>>;

/** A person's machine: credentials in a store of their own, a name in the global configuration, an editor, a broken GIT_DIR. */
beforeEach(async () => {
  setting = await adapterSetting();
  const home = setting.root;
  folder = join(home, "environments");
  const { host } = new URL(setting.host.url);
  writeFileSync(join(home, "credentials"), `http://x-access-token:${token}@${host}\n`, { mode: 0o600 });
  writeFileSync(
    join(home, ".gitconfig"),
    `[user]\n  name = Alex Person\n  email = alex@example.com\n[credential]\n  helper = store --file=${home}/credentials\n[log]\n  showSignature = true\n[color]\n  ui = always\n`,
  );
  environment = { PATH: process.env["PATH"], HOME: home, GIT_CONFIG_NOSYSTEM: "1", EDITOR: "vim", PAGER: "less" };
  await run("git", ["clone", "--quiet", setting.host.url, folder], { env: environment });
  environment = { ...environment, GIT_DIR: "/nowhere", GIT_AUTHOR_NAME: "Nobody" };
});
afterEach(() => setting.close());

const git = async (...args: readonly string[]) =>
  (await run("git", ["-C", folder, ...args], { env: { PATH: process.env["PATH"], HOME: setting.root } })).stdout;

describe("a person's checkout", () => {
  it("commits with the person's credentials: author is Slipway, committer the person", async () => {
    const repository = checkoutEnvironments({ folder, identity, environment });
    const { head } = await repository.snapshot();
    const outcome = await repository.commit(textChange(head, ".slipway/state/production/ranker.yaml", "live: {}\n"));
    const shown = await setting.host.git("log", "-1", "--format=%H|%an|%ae|%cn|%ce", "refs/heads/main");
    if (outcome.kind !== "committed") throw new Error(`it was ${outcome.kind}`);
    expect(shown.trim()).toBe(`${outcome.commit}|${identity.name}|${identity.email}|Alex Person|alex@example.com`);
    expect(await repository.history({ limit: 1, paths: [".slipway/state/production/ranker.yaml"] })).toMatchObject([
      { sha: outcome.commit },
    ]);
  });

  it("leaves the work tree, the index and the branches as they are", async () => {
    writeFileSync(join(folder, "README.md"), "half written\n");
    writeFileSync(join(folder, "new.txt"), "new\n");
    await git("add", "new.txt");
    const before = [await git("status", "--porcelain"), await git("rev-parse", "main")];
    const repository = checkoutEnvironments({ folder, identity, environment });
    const { head } = await repository.snapshot();
    await repository.commit(textChange(head, "README.md", "ours\n"));
    expect([await git("status", "--porcelain"), await git("rev-parse", "main")]).toEqual(before);
    expect(readFileSync(join(folder, "README.md"), "utf8")).toBe("half written\n");
    expect(existsSync(join(folder, ".git", "FETCH_HEAD"))).toBe(false);
    expect((await git("for-each-ref", "--format=%(refname)", "refs/slipway")).trim()).toBe("");
  });

  it("answers moved like any other clone", async () => {
    const repository = checkoutEnvironments({ folder, identity, environment });
    const { head } = await repository.snapshot();
    await setting.host.edit({ "README.md": "theirs\n" });
    expect(await repository.commit(textChange(head, "README.md", "ours\n"))).toEqual({ kind: "moved" });
  });

  it("asks who you are instead of guessing", async () => {
    writeFileSync(join(setting.root, ".gitconfig"), `[credential]\n  helper = store --file=${setting.root}/credentials\n`);
    const repository = checkoutEnvironments({ folder, identity, environment });
    const { head } = await repository.snapshot();
    await expect(repository.commit(textChange(head, "README.md", "ours\n"))).rejects.toThrow("git config --global user.name");
    expect((await setting.host.git("rev-parse", "refs/heads/main")).trim()).toBe(head);
  });

  it("says so when the folder is no clone", async () => {
    const repository = checkoutEnvironments({ folder: setting.root, identity, environment });
    await expect(repository.snapshot()).rejects.toThrow("'origin' does not appear to be a git repository");
  });
});
