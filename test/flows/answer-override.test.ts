import { describe, expect, test } from "vitest";
import { overridesPath, policyPath } from "#domain/environment/paths.ts";
import { answerComment } from "#flows/answer-comment.ts";
import { ask, headOf, lineFor, passing } from "#test/support/commenting.ts";
import { check, comment, failure, judged, success } from "#test/support/judging.ts";
import { type Death, killable } from "#test/support/killable.ts";
import type { TestWorld } from "#test/support/world.ts";
import { better, policyText, ranker } from "#test/support/world-texts.ts";

const reason = "the holdout lacks the new market";
const line = `/slipway override ndcg@10 ${reason}`;
const floors = { all: [{ metric: "ndcg@10", atLeast: 0.1 }] };
const roles = { deployer: { users: ["lee"] }, approver: { users: ["amy", "ben", "ada"] }, lead: { users: ["lea"] } };
const policyOf = (change: object) => policyText({ floors, roles, ...change });
const one = policyOf({ overrides: {} });
const two = policyOf({ overrides: { people: 2 } });

/** Its own gate fails, the policy's floor passes. */
const failing = (policy: string) => passing({ policy }, { gain: -0.1 });
const written = (w: TestWorld) => w.environments.text(overridesPath(ranker, better.digest)) ?? "";

describe("an override", () => {
  test("of a gate is one commit, is judged at once, and stands in the report with its reason", async () => {
    const { w, pull, line: deploy } = await failing(one);
    await judged(w, pull);
    expect(check(w, pull)).toMatchObject({ state: failure });
    const answer = await ask(w, pull, line, "amy");
    expect(answer.replaceAll("\\", "")).toContain("🚀 Set gate ndcg@10 aside for search-ranker 2026.11.20-3 (1 of 1 person).");
    expect(written(w)).toContain(reason);
    expect(check(w, pull)).toMatchObject({ state: success });
    expect(comment(w, pull)).toContain(`set aside by amy: ${reason}`);
    expect(await ask(w, pull, deploy)).toContain("Starts the release");
  });

  test("takes as many people as the policy says, and says how many more", async () => {
    const { w, pull } = await failing(two);
    expect(await ask(w, pull, line, "amy")).toContain("(1 of 2 people; 1 more of the role must say so)");
    expect(check(w, pull)).toMatchObject({ state: failure });
    expect(await ask(w, pull, line, "AMY")).toContain("has set gate ndcg@10 aside for this version; 1 of 2 people");
    expect(await ask(w, pull, line, "ben")).toContain("(2 of 2 people)");
    expect(check(w, pull)).toMatchObject({ state: success });
  });

  const refused: readonly [string, string, string, string, RegExp][] = [
    [
      "where the policy allows none",
      policyOf({}),
      line,
      "amy",
      /The policy lets nobody set a gate aside\. A platform engineer adds overrides: \{role: approver/,
    ],
    ["of somebody without the role", one, line, "lee", /lee may not override\. That is for amy, ben and ada/],
    ["of the author", one, line, "ada", /nobody lowers the bar for their own/],
    ["without a reason", one, "/slipway override ndcg@10", "amy", /Say why ndcg@10 shall not count/],
    ["of a name that is nearly right", one, "/slipway override ndgc@10 because", "amy", /Did you mean ndcg@10\?/],
    [
      "of a name that is not there",
      one,
      "/slipway override latency because",
      "amy",
      /Nothing in the way of this version is named latency; there are ndcg@10\./,
    ],
    [
      "of a gate that passes",
      one,
      "/slipway override floor:ndcg@10 because",
      "amy",
      /floor ndcg@10 stands in nobody's way here: it is pass/,
    ],
  ];
  test.each(refused)("%s is refused", async (_, policy, said, by, why) => {
    const { w, pull } = await failing(policy);
    const before = await headOf(w);
    expect((await ask(w, pull, said, by)).replaceAll(/\\|\u200b/g, "")).toMatch(why);
    expect(await headOf(w)).toBe(before);
  });

  test("of a floor is refused unless the policy allows it", async () => {
    const high = { all: [{ metric: "ndcg@10", atLeast: 0.99 }] };
    const said = "/slipway override floor:ndcg@10 a new market";
    const strict = await passing({ policy: policyOf({ floors: high, overrides: {} }) });
    expect(await ask(strict.w, strict.pull, said, "amy")).toContain("is a floor of the policy");
    const { w, pull } = await passing({ policy: policyOf({ floors: high, overrides: { floors: true } }) });
    expect(await ask(w, pull, said, "amy")).toContain("(1 of 1 person)");
    expect(check(w, pull)).toMatchObject({ state: success });
  });

  test("after the head moved is refused, since what was meant is not the head any more", async () => {
    const { w, pull } = await failing(one);
    w.repository.commit("change-1", { "NOTES.md": "more\n" });
    expect(await ask(w, pull, line, "amy")).toContain("the head of this pull request is");
    expect(written(w)).toBe("");
  });

  test("is void under another policy", async () => {
    const { w, pull } = await failing(one);
    await ask(w, pull, line, "amy");
    w.environments.edit({ [policyPath]: policyOf({ overrides: { people: 1 } }) });
    expect(await judged(w, pull)).toMatchObject({ verdict: "fail" });
    expect(await ask(w, pull, line, "amy")).toContain("(1 of 1 person)");
    expect(await judged(w, pull)).toMatchObject({ verdict: "pass" });
  });

  test("of a freeze lets this version through, by the role that the freeze names", async () => {
    const peak = { name: "peak", from: "2026-11-01T00:00", to: "2026-12-02T00:00", timeZone: "America/Toronto", overriddenBy: "lead" };
    const { w, pull } = await passing({ policy: policyOf({ freezes: [peak] }) });
    expect(await ask(w, pull, lineFor(pull))).toContain("/slipway override peak <reason>");
    expect(await ask(w, pull, "/slipway override peak a fix", "amy")).toContain("amy may not override in production. That is for lea");
    expect(await ask(w, pull, "/slipway override peak a fix --env staging", "lea")).toContain("The freeze peak is not in force in staging");
    expect(await ask(w, pull, "/slipway override peak a fix", "lea")).toContain("Set freeze peak of production aside");
    expect(await ask(w, pull, lineFor(pull))).toContain("Starts the release");
  });

  test("of a freeze that names no role is refused", async () => {
    const { w, pull } = await passing({ policy: one });
    w.freeze();
    expect(await ask(w, pull, "/slipway override peak a fix", "amy")).toContain("Nobody sets the freeze peak aside");
  });

  const deaths = [1, 2, 3].flatMap((write) => (["before", "after"] as const).map((when): Death => ({ write, when })));
  test.each(deaths)("is written down once and answered alike when the process dies $when write $write", async (death) => {
    const undisturbed = await failing(two);
    const answer = await ask(undisturbed.w, undisturbed.pull, line, "amy");
    const { w, pull } = await failing(two);
    const said = w.say(pull, line, "amy");
    const process = killable(w.world, w.models, death);
    await expect(answerComment(process.world, process.models, said.id)).rejects.toThrow(death.when);
    process.restart();
    await answerComment(process.world, process.models, said.id);
    expect(process.writes.filter((name) => name === "commit")).toHaveLength(1);
    expect(written(w).split(reason)).toHaveLength(2);
    expect(w.conversation.answersTo(said.id)).toEqual([answer]);
  });
});
