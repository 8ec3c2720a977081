import { describe, expect, test } from "vitest";
import { commitShaSchema } from "#domain/model/names.ts";
import { judgeMergeGroups } from "#flows/judge-merge-groups.ts";
import { resyncModels } from "#flows/resync-models.ts";
import { failure, measured, success } from "#test/support/judging.ts";
import { type Pull, type RunOptions, type TestWorld, testWorld } from "#test/support/world.ts";

/** A pull request in the merge queue, and the commit that the queue made of it. */
async function queued(run?: RunOptions): Promise<{ w: TestWorld; pull: Pull; group: Pull }> {
  const w = await testWorld();
  const pull = w.propose();
  if (run !== undefined) await measured(w, pull, run);
  const head = w.repository.commit("gh-readonly-queue/main", await filesOf(w, pull));
  w.merges.queue({ head, pullRequest: pull.number });
  return { w, pull, group: { number: pull.number, head } };
}

async function filesOf(w: TestWorld, { number, head }: Pull): Promise<Record<string, string>> {
  const paths = await w.repository.changedFiles(number);
  const texts = await Promise.all(paths.map((path) => w.repository.file(head, path)));
  return Object.fromEntries(paths.map((path, index) => [path, texts[index] ?? ""]));
}

describe("the check of a merge group", () => {
  test("passes when its pull request's head passes, and says which that is", async () => {
    const { w, group } = await queued({});
    await judgeMergeGroups(w.world, w.models);
    expect(w.reports.checkOf(group.head)).toMatchObject({ state: success, title: expect.stringMatching(/^#1: Pass/) });
  });

  test("fails when it fails, and is pending, never neutral, while it is not evaluated", async () => {
    const failing = await queued({ gain: -0.5 });
    await judgeMergeGroups(failing.w.world, failing.w.models);
    expect(failing.w.reports.checkOf(failing.group.head)).toMatchObject({ state: failure });
    const { w, group } = await queued();
    await judgeMergeGroups(w.world, w.models);
    expect(w.reports.checkOf(group.head)).toMatchObject({ state: { kind: "pending" } });
  });

  test.each([
    [0.05, success],
    [-0.5, failure],
  ])("takes evidence of the group's own head, which counts too: %d", async (gain, state) => {
    const { w, group } = await queued({});
    await measured(w, group, { gain });
    await judgeMergeGroups(w.world, w.models);
    expect(w.reports.checkOf(group.head)).toMatchObject({ state });
  });

  test("is not saved by the group's evidence when the pull request's head fails", async () => {
    const { w, group } = await queued({ gain: -0.5 });
    await measured(w, group, { gain: 0.05 });
    await judgeMergeGroups(w.world, w.models);
    expect(w.reports.checkOf(group.head)).toMatchObject({ state: failure });
  });

  test("is made by the resync alone, without buttons, and is written once", async () => {
    const { w, group } = await queued({});
    await resyncModels(w.world, w.models);
    expect(w.reports.checkOf(group.head)).toMatchObject({ state: success });
    expect(w.reports.checkOf(group.head)?.actions).toBeUndefined();
    const writes = w.reports.writes();
    await judgeMergeGroups(w.world, w.models);
    expect(w.reports.writes()).toBe(writes);
  });

  test("of a pull request that is not there is not made", async () => {
    const w = await testWorld();
    const head = commitShaSchema.parse("9".repeat(40));
    w.merges.queue({ head, pullRequest: 99 });
    await judgeMergeGroups(w.world, w.models);
    expect(w.reports.checkOf(head)).toBeUndefined();
  });
});
