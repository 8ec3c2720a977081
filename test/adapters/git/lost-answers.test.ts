import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { evidenceEntry } from "#test/support/evidence-entry.ts";
import { adapterSetting, textChange } from "./adapter-setting.ts";

let setting: Awaited<ReturnType<typeof adapterSetting>>;
beforeEach(async () => {
  setting = await adapterSetting();
});
afterEach(() => setting.close());

const commits = async () => Number(await setting.host.git("rev-list", "--count", "refs/heads/main"));
const pushes = () => setting.host.requests.filter((request) => request === "push").length;

describe("a push whose answer is lost", () => {
  it("counts as committed, once, when it had arrived", async () => {
    const { repository } = setting.replica();
    const { head } = await repository.snapshot();
    setting.host.faults.push({ on: "push", does: "cut-response" });
    const outcome = await repository.commit(textChange(head, "a.txt", "a\n"));
    expect(outcome).toEqual({ kind: "committed", commit: (await repository.snapshot()).head });
    expect(await commits()).toBe(2);
    // Git's HTTP library sends a small push again by itself, and is told that the branch has moved: by its own first push.
    expect(pushes()).toBeLessThanOrEqual(2);
  });

  it("counts as committed when it was too large to be sent again unasked", async () => {
    const { repository } = setting.replica();
    const { head } = await repository.snapshot();
    setting.host.faults.push({ on: "push", does: "cut-response" });
    const random = Array.from({ length: 250_000 }, () => Math.random().toString(36)).join("\n");
    expect(await repository.commit(textChange(head, "a.txt", random))).toMatchObject({ kind: "committed" });
    expect(await commits()).toBe(2);
    expect(pushes()).toBe(1);
  });

  it("counts as committed even when somebody has committed on top of it since", async () => {
    const { repository } = setting.replica();
    const { head } = await repository.snapshot();
    setting.host.faults.push({ on: "push", does: "cut-response", after: () => setting.host.edit({ "b.txt": "theirs\n" }) });
    const outcome = await repository.commit(textChange(head, "a.txt", "a\n"));
    expect(outcome).toEqual({ kind: "committed", commit: (await setting.host.git("rev-parse", "refs/heads/main~1")).trim() });
    expect(await commits()).toBe(3);
  });

  it("is pushed again when it had not arrived", async () => {
    const { repository } = setting.replica();
    const { head } = await repository.snapshot();
    setting.host.faults.push({ on: "push", does: "status", status: 502 });
    expect(await repository.commit(textChange(head, "a.txt", "a\n"))).toMatchObject({ kind: "committed" });
    expect(await commits()).toBe(2);
    expect(pushes()).toBe(2);
  });

  it("counts as committed when the look at the remote fails as well, and the next attempt finds it there", async () => {
    const { repository } = setting.replica();
    const { head } = await repository.snapshot();
    setting.host.faults.push({
      on: "push",
      does: "cut-response",
      after: async () => setting.host.faults.push({ on: "advertise", does: "status", status: 503 }),
    });
    expect(await repository.commit(textChange(head, "a.txt", "a\n"))).toMatchObject({ kind: "committed" });
    expect(await commits()).toBe(2);
  });

  it("is moved when it had not arrived and somebody else committed", async () => {
    const { repository } = setting.replica();
    const { head } = await repository.snapshot();
    setting.host.faults.push({ on: "push", does: "race", run: () => setting.host.edit({ "b.txt": "theirs\n" }) });
    expect(await repository.commit(textChange(head, "a.txt", "a\n"))).toEqual({ kind: "moved" });
    expect(await commits()).toBe(2);
  });

  it("is an error when the host stays silent, and nothing was committed", async () => {
    const { repository } = setting.replica();
    const { head } = await repository.snapshot();
    for (let times = 0; times < 20; times += 1) setting.host.faults.push({ on: "push", does: "status", status: 500 });
    await expect(repository.commit(textChange(head, "a.txt", "a\n"))).rejects.toThrow(/500/);
    setting.host.faults.length = 0;
    expect(await commits()).toBe(1);
  });

  it("creates a branch once", async () => {
    const { repository } = setting.replica();
    const { head } = await repository.snapshot();
    setting.host.faults.push({ on: "push", does: "cut-response" });
    const outcome = await repository.branch("slipway/rollback/r-1", textChange(head, "a.txt", "a\n"));
    expect(outcome).toEqual({ kind: "created", commit: (await setting.host.git("rev-parse", "refs/heads/slipway/rollback/r-1")).trim() });
  });

  it("appends evidence once", async () => {
    const { log } = setting.replica();
    setting.host.faults.push({ on: "push", does: "cut-response" });
    expect(await log.append(evidenceEntry())).toBe("appended");
    expect(await log.read(1, 7)).toHaveLength(1);
    expect((await setting.host.git("rev-list", "--count", "refs/slipway/evidence/1/7")).trim()).toBe("1");
  });
});

describe("two replicas", () => {
  it("lose nothing when both commit ten times at once", async () => {
    const replicas = [setting.replica().repository, setting.replica().repository];
    await Promise.all(
      replicas.map(async (repository, replica) => {
        for (let number = 0; number < 10; number += 1) {
          for (let done = false; !done; ) {
            const { head } = await repository.snapshot();
            done = (await repository.commit(textChange(head, `files/${replica}-${number}.txt`, `${number}\n`))).kind === "committed";
          }
        }
      }),
    );
    const files = (await setting.host.git("ls-tree", "--name-only", "refs/heads/main", "files/")).trim().split("\n");
    expect(files).toHaveLength(20);
    expect(await commits()).toBe(21);
  }, 60_000);

  it("do not both take one and the same commit for theirs", async () => {
    const [one, two] = [setting.replica().repository, setting.replica().repository];
    const { head } = await one.snapshot();
    await two.snapshot();
    const change = textChange(head, "a.txt", "a\n");
    const outcomes = await Promise.all([one.commit(change), two.commit(change)]);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(["committed", "moved"]);
  });
});

describe("a push that the host forbids", () => {
  it("is refused with the host's reason, whether by a rule or for want of permission", async () => {
    const { repository } = setting.replica();
    const { head } = await repository.snapshot();
    setting.host.faults.push({ on: "push", does: "status", status: 403 });
    expect(await repository.commit(textChange(head, "a.txt", "a\n"))).toMatchObject({
      kind: "refused",
      message: expect.stringContaining("403"),
    });
    setting.host.protect("slipway/rollback/r-1");
    expect(await repository.branch("slipway/rollback/r-1", textChange(head, "a.txt", "a\n"))).toMatchObject({
      kind: "refused",
      message: expect.stringContaining("Changes must be made through a pull request."),
    });
    expect(await commits()).toBe(1);
  });
});
