import { describe, expect, test } from "vitest";
import { policyPath, statePath } from "#domain/environment/paths.ts";
import { releaseMerged } from "#flows/release-merged.ts";
import { resyncModels } from "#flows/resync-models.ts";
import { headOf, openRelease } from "#test/support/commenting.ts";
import { measured } from "#test/support/judging.ts";
import { type Death, killable } from "#test/support/killable.ts";
import { type Pull, type TestWorld, testWorld } from "#test/support/world.ts";
import { better, policyText, production, ranker, version } from "#test/support/world-texts.ts";

const environment = { name: "production", rollback: "merge", namespace: "models" };
const policyOf = (change: object = {}) => policyText({ environments: [{ ...environment, onMerge: true, ...change }] });

/** A pull request that passes and was merged. */
async function merged(policy = policyOf(), gain = 0.05): Promise<{ w: TestWorld; pull: Pull; place: string }> {
  const w = await testWorld({ policy });
  const pull = w.propose();
  await measured(w, pull, { gain });
  const commit = await w.merge(pull);
  return { w, pull, place: `merge ${commit} production/search-ranker` };
}

const starts = (w: TestWorld) => w.environments.history({ limit: 9, trailer: "Slipway-Step", value: "start" });
const hours = (count: number) => count * 3_600_000;

describe("a merge where the policy says onMerge", () => {
  test("starts the release of what was merged, without a comment, and says so on the pull request", async () => {
    const { w, pull, place } = await merged();
    await releaseMerged(w.world, w.models);
    expect(await openRelease(w)).toMatchObject({
      phase: "progressing",
      candidate: better,
      pullRequest: { number: pull.number, head: pull.head },
    });
    expect(w.conversation.answersTo(place)[0]).toContain("lee merged #1: search-ranker to production");
    expect(w.conversation.answersTo(place)[0]).toContain("Starts the release of search-ranker 2026.11.20-3 to production");
    expect(await w.environments.history({ limit: 9, trailer: "Slipway-Command", value: place })).toHaveLength(1);
  });

  test("is found by the resync alone, and starts once, however often it is looked at", async () => {
    const { w } = await merged();
    await resyncModels(w.world, w.models);
    const first = await headOf(w);
    await Promise.all([releaseMerged(w.world, w.models), resyncModels(w.world, w.models)]);
    expect(await headOf(w)).toBe(first);
    expect(await starts(w)).toHaveLength(1);
  });

  const deaths = [1, 2].flatMap((write) => (["before", "after"] as const).map((when): Death => ({ write, when })));
  test.each(deaths)("starts once and is told alike when the process dies $when write $write", async (death) => {
    const undisturbed = await merged();
    await releaseMerged(undisturbed.w.world, undisturbed.w.models);

    const { w, place } = await merged();
    const process = killable(w.world, w.models, death);
    await expect(releaseMerged(process.world, process.models)).rejects.toThrow(death.when);
    process.restart();
    w.clock.advance(hours(1));
    await releaseMerged(process.world, process.models);
    await releaseMerged(process.world, process.models);
    expect(process.writes).toEqual(["commit", "answer"]);
    expect(w.conversation.answersTo(place)).toEqual(undisturbed.w.conversation.answersTo(undisturbed.place));
  });

  const never: readonly [string, () => Promise<{ w: TestWorld }>][] = [
    ["where the policy does not say so", () => merged(policyText({ environments: [environment] }))],
    [
      "when the policy began to say so after the merge",
      async () => {
        const world = await merged(policyText({ environments: [environment] }));
        world.w.clock.advance(1000);
        world.w.environments.edit({ [policyPath]: policyOf() });
        return world;
      },
    ],
    [
      "when it lies more than a week back",
      async () => {
        const world = await merged();
        world.w.clock.advance(hours(7 * 24) + 1);
        return world;
      },
    ],
    [
      "when the version was held once, although the hold was lifted",
      async () => {
        const world = await merged();
        world.w.hold(better);
        world.w.environments.edit({ [`.slipway/holds/production/search-ranker/${better.digest.slice(7)}.yaml`]: null });
        return world;
      },
    ],
  ];
  test.each(never)("starts nothing %s", async (_, make) => {
    const { w } = await make();
    await releaseMerged(w.world, w.models);
    expect(await openRelease(w)).toBeNull();
  });

  test("under a policy that was edited since, of which both say so, starts", async () => {
    const { w } = await merged();
    w.clock.advance(1000);
    w.environments.edit({ [policyPath]: policyOf({ rollback: "propose" }) });
    await releaseMerged(w.world, w.models);
    expect(await openRelease(w)).toMatchObject({ phase: "progressing" });
  });

  const blocked: readonly [string, () => Promise<{ w: TestWorld; place: string }>, RegExp][] = [
    ["its verdict", () => merged(policyOf(), -0.5), /its verdict is fail/],
    ["approvals", () => merged(policyOf({ approvals: { people: 1 } })), /production asks for one approval/],
    [
      "a hold",
      async () => {
        const world = await merged();
        world.w.hold(better);
        return world;
      },
      /is held in production/,
    ],
  ];
  test.each(blocked)("that %s stops is told once", async (_, make, reason) => {
    const { w, place } = await make();
    await releaseMerged(w.world, w.models);
    expect(w.conversation.answersTo(place)[0]).toMatch(reason);
    const quiet = killable(w.world, w.models);
    await releaseMerged(quiet.world, quiet.models);
    expect(quiet.writes).toEqual([]);
    expect(await openRelease(w)).toBeNull();
  });

  test("waits for a freeze to end, and then starts by itself", async () => {
    const { w, place } = await merged();
    w.freeze();
    await releaseMerged(w.world, w.models);
    expect(w.conversation.answersTo(place)[0]).toContain("The freeze peak");
    w.clock.advance(hours(2));
    await releaseMerged(w.world, w.models);
    expect(w.conversation.answersTo(place)[0]).toContain("Starts the release");
    expect(await openRelease(w)).toMatchObject({ candidate: better });
  });

  test("waits while a release is open; when it ends only the newest merge starts", async () => {
    const { w } = await merged();
    await releaseMerged(w.world, w.models);
    const [second, third] = [version("2026.11.21-1", "d"), version("2026.11.22-1", "e")];
    for (const next of [second, third]) {
      const pull = w.propose(next);
      await measured(w, pull);
      await w.merge(pull);
      await releaseMerged(w.world, w.models);
    }
    expect(await openRelease(w)).toMatchObject({ candidate: better });
    const path = statePath(production, ranker);
    const text = w.environments.text(path) ?? "";
    w.environments.edit({ [path]: text.replace(/^release:[\s\S]*$/m, "release: null\n") });
    expect(await openRelease(w)).toBeNull();
    await releaseMerged(w.world, w.models);
    expect(await openRelease(w)).toMatchObject({ candidate: third });
    expect(await starts(w)).toHaveLength(2);
  });

  test("of another repository's pull request, or into another branch, starts nothing", async () => {
    const w = await testWorld({ policy: policyOf() });
    w.repository.commit("release", {});
    const pull = w.propose(better, {}, { base: "release" });
    await measured(w, pull);
    await w.merge(pull);
    await releaseMerged(w.world, w.models);
    expect(await openRelease(w)).toBeNull();
  });
});
