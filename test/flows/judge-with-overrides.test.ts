import { describe, expect, test } from "vitest";
import { type Override, printOverrides } from "#domain/environment/override.ts";
import { overridesPath, policyPath } from "#domain/environment/paths.ts";
import { digestSchema, loginSchema } from "#domain/model/names.ts";
import { judgePullRequestHead } from "#flows/judge-pull-request.ts";
import { ask, lineFor } from "#test/support/commenting.ts";
import { check, comment, judged, measured, success } from "#test/support/judging.ts";
import { type Pull, type TestWorld, testWorld } from "#test/support/world.ts";
import { better, policyText, production, ranker } from "#test/support/world-texts.ts";

const twoPeople = policyText({ overrides: { role: "approver", people: 2 } });

/** A pull request whose one gate fails. */
async function failing(policy = policyText()): Promise<{ w: TestWorld; pull: Pull }> {
  const w = await testWorld({ policy });
  const pull = w.propose();
  await measured(w, pull, { gain: -0.1 });
  return { w, pull };
}

/** What people wrote down for the version, each by their name. */
async function setAside(
  w: TestWorld,
  pull: Pull,
  people: readonly string[],
  change: Partial<Extract<Override, { of: "gate" }>> = {},
): Promise<void> {
  const { entries } = await w.environments.snapshot();
  const policy = entries.get(policyPath);
  const { evidence } = await judged(w, pull);
  if (policy === undefined || evidence === null) throw new Error("there are a policy and evidence");
  const overrides = people.map(
    (by, index): Override => ({
      of: "gate",
      name: "ndcg@10",
      evidence: evidence.digest,
      by: loginSchema.parse(by),
      at: w.clock.now(),
      command: index + 1,
      reason: "the holdout lacks the new market",
      policy,
      ...change,
    }),
  );
  w.environments.edit({
    [overridesPath(ranker, better.digest)]: printOverrides({
      schema: "slipway/overrides/v1",
      model: ranker,
      digest: better.digest,
      overrides,
    }),
  });
}

describe("a gate that people set aside", () => {
  test("leaves nothing that could pass when it was the only one", async () => {
    const { w, pull } = await failing();
    await setAside(w, pull, ["amy"]);
    expect(await judged(w, pull)).toMatchObject({ verdict: "no-data" });
  });

  test("stands in nobody's way beside one that passes, and the comment says who and why", async () => {
    const floors = { all: [{ metric: "ndcg@10", atLeast: 0.1 }] };
    const { w, pull } = await failing(policyText({ floors }));
    expect(await judged(w, pull)).toMatchObject({ verdict: "fail" });
    await setAside(w, pull, ["amy"]);
    await judgePullRequestHead(w.world, w.models, pull.number);
    expect(check(w, pull)).toMatchObject({ state: success });
    expect(comment(w, pull)).toContain("set aside by amy: the holdout lacks the new market");
    expect(await ask(w, pull, lineFor(pull))).toContain("Starts the release");
  });

  test.each([
    ["by one of the two people that policy asks for", ["amy"], {}],
    ["twice by the same person", ["amy", "AMY"], {}],
    ["of other evidence", ["amy", "ann"], { evidence: digestSchema.parse(`sha256:${"9".repeat(64)}`) }],
    ["by another name", ["amy", "ann"], { name: "mrr" }],
  ])("%s still fails", async (_, people, change) => {
    const { w, pull } = await failing(twoPeople);
    await setAside(w, pull, people, change);
    expect(await judged(w, pull)).toMatchObject({ verdict: "fail" });
  });

  test("fails again under another policy", async () => {
    const { w, pull } = await failing(policyText({ floors: { all: [{ metric: "ndcg@10", atLeast: 0.1 }] } }));
    await setAside(w, pull, ["amy"]);
    expect(await judged(w, pull)).toMatchObject({ verdict: "pass" });
    w.environments.edit({ [policyPath]: policyText({ floors: { all: [{ metric: "ndcg@10", atLeast: 0.11 }] } }) });
    expect(await judged(w, pull)).toMatchObject({ verdict: "fail" });
  });
});

describe("a freeze that its role set aside for one version", () => {
  const freezes = [{ name: "peak", from: "2000-01-01T00:00", to: "2100-01-01T00:00", timeZone: "UTC", overriddenBy: "approver" }];

  test("stops that version no more, and every other as ever", async () => {
    const w = await testWorld({ policy: policyText({ freezes }) });
    const pull = w.propose();
    await measured(w, pull);
    const frozen = await ask(w, pull, lineFor(pull));
    expect(frozen).toContain("The freeze peak lasts until 2100-01-01T00:00 UTC");
    expect(frozen).toContain("set aside for one version by amy");
    await setAside(w, pull, ["amy"]);
    const file = await w.environments.snapshot();
    const policy = file.entries.get(policyPath);
    if (policy === undefined) throw new Error("there is a policy");
    const overrides = [
      {
        of: "freeze",
        name: "peak",
        environment: production,
        by: loginSchema.parse("amy"),
        at: w.clock.now(),
        command: 9,
        reason: "a hotfix",
        policy,
      } as const,
    ];
    w.environments.edit({
      [overridesPath(ranker, better.digest)]: printOverrides({
        schema: "slipway/overrides/v1",
        model: ranker,
        digest: better.digest,
        overrides,
      }),
    });
    expect(await ask(w, pull, lineFor(pull))).toContain("Starts the release");
  });
});
