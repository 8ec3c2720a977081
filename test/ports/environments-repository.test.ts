import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { cachedClone } from "#adapters/git/cached-clone.ts";
import { environmentsRepository } from "#adapters/git/environments-repository.ts";
import type { Change } from "#domain/environment/change.ts";
import { blobIdSchema, type CommitSha, commitShaSchema } from "#domain/model/names.ts";
import type { EnvironmentsRepository } from "#ports/environments-repository.ts";
import { fakeEnvironmentsRepository } from "#test/support/fakes/environments-repository.ts";
import { gitHttp } from "#test/support/git-http.ts";

interface Setting {
  readonly repository: EnvironmentsRepository;
  /** A person's commit on the default branch. */
  edit(files: Readonly<Record<string, string | null>>): Promise<CommitSha>;
  /** A person's commit that lands while the next write is on its way. */
  editDuringNextWrite(files: Readonly<Record<string, string>>): void;
  refuseWrites(): void;
}

const first = {
  "README.md": "hello\n",
  ".slipway/policy.yaml": "kind: Policy\n",
  ".slipway/releases/production/ranker/r-0000000000000001.yaml": "old: true\n",
  ".slipway/evidence/ranker/aa.json": "{}\n",
  "environments/production/ranker/route.yaml": "weight: 100\n",
};

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function inMemory(): Promise<Setting> {
  const repository = fakeEnvironmentsRepository(first);
  return {
    repository,
    edit: async (files) => repository.edit(files),
    editDuringNextWrite: (files) => repository.beforeNextWrite(() => repository.edit(files)),
    refuseWrites: () => repository.refuse("GH006: Protected branch update failed for refs/heads/main."),
  };
}

async function overHttp(): Promise<Setting> {
  const host = await gitHttp("secret-token", first);
  const cache = mkdtempSync(join(tmpdir(), "clone-"));
  cleanUps.push(
    () => host.close(),
    () => rmSync(cache, { recursive: true, force: true }),
  );
  const clone = cachedClone({ url: host.url, folder: join(cache, "environments.git"), token: async () => "secret-token" });
  return {
    repository: environmentsRepository({ clone, identity: { name: "slipway[bot]", email: "slipway[bot]@users.noreply.github.com" } }),
    edit: async (files) => commitShaSchema.parse(await host.edit(files)),
    editDuringNextWrite: (files) => host.faults.push({ on: "push", does: "race", run: () => host.edit(files) }),
    refuseWrites: () => host.protect("main"),
  };
}

function change(base: CommitSha, writes: Change["writes"], more: Partial<Change> = {}): Change {
  return { base, subject: "Raise the weight", trailers: { step: "weight 5" }, writes, ...more };
}

describe.each([
  ["in memory", inMemory],
  ["over HTTP", overHttp],
])("the environments repository, %s", (_, open) => {
  it("shows every file, and the texts of .slipway without what only grows", async () => {
    const { repository } = await open();
    const snapshot = await repository.snapshot();
    expect([...snapshot.entries.keys()].toSorted()).toEqual(Object.keys(first).toSorted());
    expect(Object.fromEntries(snapshot.texts)).toEqual({ ".slipway/policy.yaml": "kind: Policy\n" });
  });

  it("reads a file at a commit, and knows when there is none", async () => {
    const { repository, edit } = await open();
    const { head } = await repository.snapshot();
    const later = await edit({ "README.md": "changed\n", ".slipway/releases/production/ranker/r-0000000000000001.yaml": null });
    expect(await repository.read(head, "README.md")).toBe("hello\n");
    expect(await repository.read(later, "README.md")).toBe("changed\n");
    expect(await repository.read(head, ".slipway/releases/production/ranker/r-0000000000000001.yaml")).toBe("old: true\n");
    expect(await repository.read(later, ".slipway/releases/production/ranker/r-0000000000000001.yaml")).toBeUndefined();
    expect(await repository.read(head, "environments/production/ranker")).toBeUndefined();
  });

  it("commits text, the bytes of a blob that it holds, and deletions, in one commit", async () => {
    const { repository, edit } = await open();
    const before = await repository.snapshot();
    const verified = blobIdSchema.parse(before.entries.get("environments/production/ranker/route.yaml"));
    await edit({ "environments/production/ranker/route.yaml": "weight: 95\n" });
    const { head } = await repository.snapshot();

    const outcome = await repository.commit(
      change(head, [
        { kind: "text", path: ".slipway/state/production/ranker.yaml", text: "größe: 1\nname: 船台\n" },
        { kind: "blob", path: "environments/production/ranker/route.yaml", blob: verified },
        { kind: "delete", path: "README.md" },
      ]),
    );

    const after = await repository.snapshot();
    expect(outcome).toEqual({ kind: "committed", commit: after.head });
    expect(after.texts.get(".slipway/state/production/ranker.yaml")).toBe("größe: 1\nname: 船台\n");
    expect(after.entries.get("environments/production/ranker/route.yaml")).toBe(verified);
    expect(await repository.read(after.head, "environments/production/ranker/route.yaml")).toBe("weight: 100\n");
    expect(after.entries.has("README.md")).toBe(false);
  });

  it("keeps a file of a megabyte to the byte", async () => {
    const { repository } = await open();
    const { head } = await repository.snapshot();
    const text = "0123456789abcdé\r\n".repeat(65_536);
    const outcome = await repository.commit(change(head, [{ kind: "text", path: ".slipway/incidents/large.yaml", text }]));
    expect(outcome.kind).toBe("committed");
    expect((await repository.snapshot()).texts.get(".slipway/incidents/large.yaml") === text).toBe(true);
  });

  it("answers moved, and changes nothing, when somebody committed since it was read", async () => {
    const { repository, edit } = await open();
    const { head } = await repository.snapshot();
    const theirs = await edit({ "README.md": "theirs\n" });
    expect(await repository.commit(change(head, [{ kind: "text", path: "README.md", text: "ours\n" }]))).toEqual({ kind: "moved" });
    expect((await repository.snapshot()).head).toBe(theirs);
  });

  it("answers moved when somebody commits while the push is on its way", async () => {
    const { repository, editDuringNextWrite } = await open();
    const { head } = await repository.snapshot();
    editDuringNextWrite({ "README.md": "theirs\n" });
    expect(await repository.commit(change(head, [{ kind: "text", path: "README.md", text: "ours\n" }]))).toEqual({ kind: "moved" });
    const after = await repository.snapshot();
    expect(await repository.read(after.head, "README.md")).toBe("theirs\n");
  });

  it("answers with the base when there is nothing to change", async () => {
    const { repository } = await open();
    const { head } = await repository.snapshot();
    expect(await repository.commit(change(head, [{ kind: "text", path: "README.md", text: "hello\n" }]))).toEqual({
      kind: "committed",
      commit: head,
    });
    expect(await repository.history({ limit: 10, paths: ["README.md"] })).toHaveLength(1);
  });

  it("says that the host's rules refuse the push, in the host's words", async () => {
    const { repository, refuseWrites } = await open();
    const { head } = await repository.snapshot();
    refuseWrites();
    const outcome = await repository.commit(change(head, [{ kind: "text", path: "README.md", text: "ours\n" }]));
    expect(outcome).toMatchObject({
      kind: "refused",
      message: expect.stringContaining("GH006: Protected branch update failed for refs/heads/main."),
    });
    expect((await repository.snapshot()).head).toBe(head);
  });

  it("makes a branch once: the second time it stays as it is", async () => {
    const { repository } = await open();
    const { head } = await repository.snapshot();
    const made = await repository.branch("slipway/rollback/r-0000000000000001", change(head, [{ kind: "delete", path: "README.md" }]));
    if (made.kind !== "created") throw new Error(`the branch was ${made.kind}`);
    const again = await repository.branch(
      "slipway/rollback/r-0000000000000001",
      change(head, [{ kind: "text", path: "README.md", text: "other\n" }]),
    );
    expect(again).toEqual({ kind: "exists", commit: made.commit });
    expect(await repository.read(made.commit, "README.md")).toBeUndefined();
    expect((await repository.snapshot()).head).toBe(head);
  });

  it("tells the history of paths, newest first, with author and whole message", async () => {
    const { repository, edit } = await open();
    const theirs = await edit({ "environments/production/ranker/route.yaml": "weight: 50\n" });
    const { head } = await repository.snapshot();
    const message: Partial<Change> = { subject: "Raise to 60 %", body: "Because it is better.\n\nSecond paragraph." };
    await repository.commit(
      change(head, [{ kind: "text", path: "environments/production/ranker/route.yaml", text: "weight: 60\n" }], message),
    );
    const { head: last } = await repository.snapshot();
    await repository.commit(change(last, [{ kind: "text", path: "elsewhere.txt", text: "x" }]));

    const records = await repository.history({ limit: 2, paths: ["environments/production/ranker/"] });

    expect(records).toHaveLength(2);
    expect(records[0]?.at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(records[0]).toMatchObject({
      sha: last,
      authorName: "slipway[bot]",
      authorEmail: "slipway[bot]@users.noreply.github.com",
      message: "Raise to 60 %\n\nBecause it is better.\n\nSecond paragraph.\n\nSlipway-Step: weight 5\n",
    });
    expect(records[1]).toMatchObject({ sha: theirs, authorName: "Alex Person", authorEmail: "alex@example.com" });
  });

  it("finds commits by an exact trailer: neither a longer value nor a line in the text is one", async () => {
    const { repository } = await open();
    const make = async (command: string, body?: string) => {
      const { head } = await repository.snapshot();
      const outcome = await repository.commit(
        change(head, [{ kind: "text", path: "count.txt", text: `${head}${command}` }], {
          trailers: { command },
          ...(body === undefined ? {} : { body }),
        }),
      );
      return outcome.kind === "committed" ? outcome.commit : outcome.kind;
    };
    const wanted = await make("123");
    await make("1234");
    await make("7", "Slipway-Command: 123");

    const found = await repository.history({ limit: 10, trailer: "Slipway-Command", value: "123" });
    expect(found.map(({ sha }) => sha)).toEqual([wanted]);
    expect(await repository.history({ limit: 10, trailer: "Slipway-Command", value: "12" })).toEqual([]);
  });

  it("refuses to work on a commit that does not exist", async () => {
    const { repository } = await open();
    await expect(repository.read(commitShaSchema.parse("1".repeat(40)), "README.md")).rejects.toThrow("1111111111");
  });
});
