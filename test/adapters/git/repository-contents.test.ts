import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { evidenceEntry } from "#test/support/evidence-entry.ts";
import { adapterSetting, identity, textChange } from "./adapter-setting.ts";

const run = promisify(execFile);

let setting: Awaited<ReturnType<typeof adapterSetting>>;
beforeEach(async () => {
  setting = await adapterSetting();
});
afterEach(() => setting.close());

describe("an environments repository that people write to as well", () => {
  it("may hold files of any name, whose contents are not fetched", async () => {
    await setting.host.edit({
      "docs/größe und 船台.md": "x\n",
      '"quoted".txt': "y\n",
      ".slipway/templates/comment.md.hbs": "größe {{x}}\n",
    });
    const { entries, texts } = await setting.replica().repository.snapshot();
    expect([...entries.keys()]).toEqual(expect.arrayContaining(["docs/größe und 船台.md", '"quoted".txt', "README.md"]));
    expect(Object.fromEntries(texts)).toEqual({ ".slipway/templates/comment.md.hbs": "größe {{x}}\n" });
  });

  it("has no files that are symbolic links or submodules", async () => {
    const { host } = setting;
    const blob = (await host.git("rev-parse", "refs/heads/main:README.md")).trim();
    const tip = (await host.git("rev-parse", "refs/heads/main")).trim();
    await host.git("update-ref", "refs/heads/main", await handMade(tip, [`120000,${blob},.slipway/policy.yaml`, `160000,${tip},module`]));
    const { entries, texts } = await setting.replica().repository.snapshot();
    expect([...entries.keys()]).toEqual(["README.md"]);
    expect(texts.size).toBe(0);
  });

  it("is committed to with Slipway as author and committer, and a message as it was written", async () => {
    const { repository } = setting.replica();
    const { head } = await repository.snapshot();
    const subject = "# 'quotes' \"and\" <angles>\nand a line";
    await repository.commit({ ...textChange(head, "a.txt", "a"), subject, body: "--flag\n\ndata 5\nfrom x\n" });
    const shown = await setting.host.git("log", "-1", "--format=%an|%ae|%cn|%ce|%B", "refs/heads/main");
    const who = `${identity.name}|${identity.email}|${identity.name}|${identity.email}`;
    expect(shown.trim()).toBe(`${who}|# 'quotes' "and" <angles> and a line\n\n--flag\n\ndata 5\nfrom x\n\n\nSlipway-Step: test`);
    await setting.host.git("fsck", "--strict", "--no-dangling");
  });

  it("lets a folder take the place of a file", async () => {
    const { repository } = setting.replica();
    const { head } = await repository.snapshot();
    const outcome = await repository.commit({
      ...textChange(head, "README.md/inner.txt", "inner\n"),
      writes: [
        { kind: "text", path: "README.md/inner.txt", text: "inner\n" },
        { kind: "delete", path: "README.md" },
      ],
    });
    expect(outcome.kind).toBe("committed");
    expect([...(await repository.snapshot()).entries.keys()]).toEqual(["README.md/inner.txt"]);
  });

  it("restores a file's bytes without reading them as text", async () => {
    const { repository } = setting.replica();
    await setting.host.edit({ "environments/production/ranker/route.yaml": "\ufeffweight: 100\r\n" });
    const verified = (await repository.snapshot()).entries.get("environments/production/ranker/route.yaml");
    await setting.host.edit({ "environments/production/ranker/route.yaml": "weight: 75\n" });
    const { head } = await setting.replica().repository.snapshot();
    if (verified === undefined) throw new Error("the file is not there");
    const writes = [{ kind: "blob", path: "environments/production/ranker/route.yaml", blob: verified }] as const;
    // A clone that never held the blob has to restore it as well.
    expect(await setting.replica().repository.commit({ ...textChange(head, "x", ""), writes })).toMatchObject({ kind: "committed" });
    expect(await setting.host.git("show", "refs/heads/main:environments/production/ranker/route.yaml")).toBe("\ufeffweight: 100\r\n");
  });

  it("takes a hundred files in one commit", async () => {
    const { repository } = setting.replica();
    const { head } = await repository.snapshot();
    const writes = Array.from(
      { length: 150 },
      (_, index) => ({ kind: "text", path: `.slipway/state/production/model-${index}.yaml`, text: `n: ${index}\n` }) as const,
    );
    expect(await repository.commit({ ...textChange(head, "x", ""), writes })).toMatchObject({ kind: "committed" });
    expect((await repository.snapshot()).texts.size).toBe(150);
  });

  it.each(["../outside.txt", ".git/hooks/pre-commit", "/absolute.txt", "a\nb", "--option"])(
    "never has %j written or read",
    async (path) => {
      const { repository } = setting.replica();
      const { head } = await repository.snapshot();
      await expect(repository.commit(textChange(head, path, "x"))).rejects.toThrow("is no path");
      await expect(repository.read(head, path)).rejects.toThrow("is no path");
      await expect(repository.history({ limit: 1, paths: [path] })).rejects.toThrow("is no path");
      expect((await repository.snapshot()).head).toBe(head);
    },
  );

  it("does not answer for a repository without a commit", async () => {
    await setting.host.git("update-ref", "-d", "refs/heads/main");
    await expect(setting.replica().repository.snapshot()).rejects.toThrow("push a first commit");
  });

  it("follows the default branch under whatever name it has", async () => {
    await setting.host.git("update-ref", "refs/heads/trunk", "refs/heads/main");
    await setting.host.git("symbolic-ref", "HEAD", "refs/heads/trunk");
    const { repository } = setting.replica();
    const { head } = await repository.snapshot();
    await repository.commit(textChange(head, "a.txt", "a\n"));
    expect((await setting.host.git("rev-list", "--count", "refs/heads/trunk")).trim()).toBe("2");
    expect((await setting.host.git("rev-list", "--count", "refs/heads/main")).trim()).toBe("1");
  });
});

describe("the evidence log's ref", () => {
  it("is outside of branches and tags, one folder a run", async () => {
    await setting.replica().log.append(evidenceEntry({ run: 12, attempt: 3, token: "t", keys: "{}" }));
    expect((await setting.host.git("for-each-ref", "--format=%(refname)")).trim().split("\n")).toEqual([
      "refs/heads/main",
      "refs/slipway/evidence/1/7",
    ]);
    const files = await setting.host.git("ls-tree", "-r", "--name-only", "refs/slipway/evidence/1/7");
    expect(files.trim().split("\n")).toEqual(
      ["accepted.json", "evidence.json", "keys.json", "reports/search-ranker.json", "token.jwt"].map((name) => `12-3/${name}`),
    );
  });

  it.each(["../evil.json", "a/b.json", ".hidden", "-x", ""])("takes no report named %j", async (name) => {
    const entry = evidenceEntry({ reports: new Map([[name, Buffer.from("x")]]) });
    await expect(setting.replica().log.append(entry)).rejects.toThrow("is no name of a report");
  });

  it("takes no file that is far too large", async () => {
    await expect(setting.replica().log.append(evidenceEntry({ evidence: Buffer.alloc(33 * 1024 * 1024) }))).rejects.toThrow("at most");
  });

  it("belongs to a pull request by number, and to nothing else", async () => {
    await expect(setting.replica().log.read(1.5, 7)).rejects.toThrow("no evidence log belongs");
    await expect(setting.replica().log.read(1, -7)).rejects.toThrow("no evidence log belongs");
  });

  it("is not believed when a run's record is another run's", async () => {
    const { log } = setting.replica();
    await log.append(evidenceEntry({ run: 1 }));
    const listed = (await setting.host.git("ls-tree", "-r", "refs/slipway/evidence/1/7:1-1")).trim().split("\n");
    const entries = listed.map((line) => line.replace(/^(\d+) blob (\w+)\t(.*)$/, "$1,$2,2-1/$3"));
    const commit = await handMade(undefined, entries);
    await setting.host.git("update-ref", "refs/slipway/evidence/1/7", commit);
    await expect(log.read(1, 7)).rejects.toThrow("the evidence log's run 2-1 holds the record of 1-1");
  });
});

/** A commit of entries that no ordinary commit has; each is `<mode>,<id>,<path>`. */
async function handMade(parent: string | undefined, entries: readonly string[]): Promise<string> {
  const who = { GIT_AUTHOR_NAME: "x", GIT_AUTHOR_EMAIL: "x@example.com", GIT_COMMITTER_NAME: "x", GIT_COMMITTER_EMAIL: "x@example.com" };
  const env = { PATH: process.env["PATH"], GIT_INDEX_FILE: join(setting.root, "index"), ...who };
  const git = async (...args: readonly string[]) => (await run("git", ["-C", setting.host.folder, ...args], { env })).stdout.trim();
  if (parent !== undefined) await git("read-tree", parent);
  for (const entry of entries) await git("update-index", "--add", "--cacheinfo", entry);
  return git("commit-tree", "-m", "by hand", ...(parent === undefined ? [] : ["-p", parent]), await git("write-tree"));
}
