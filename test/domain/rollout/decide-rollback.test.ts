import { expect, test } from "vitest";
import { versionRefSchema } from "#domain/model/names.ts";
import { decideRollback, type RollbackFacts, type RollbackStep } from "#domain/rollout/decide-rollback.ts";
import { live } from "#test/support/builders.ts";

const target = versionRefSchema.parse(live);
const pull = (state: "open" | "merged" | "closed") => ({ number: 4, state });

/** target, pull request, issue, whether the policy merges, and what is next. */
const table: readonly (readonly [RollbackFacts["target"], RollbackFacts["proposal"], number | undefined, boolean, string])[] = [
  [target, undefined, undefined, true, "propose"],
  [target, undefined, 3, false, "propose"],
  [target, pull("open"), undefined, true, "open-incident"],
  [target, pull("merged"), undefined, true, "open-incident"],
  [target, pull("closed"), undefined, true, "open-incident"],
  [target, pull("open"), 3, true, "merge"],
  [target, pull("open"), 3, false, "wait waits-for-a-person"],
  [target, pull("merged"), 3, true, "close"],
  [target, pull("merged"), 3, false, "close"],
  [target, pull("closed"), 3, true, "wait closed-by-a-person"],
  [target, pull("closed"), 3, false, "wait closed-by-a-person"],
  [undefined, undefined, undefined, true, "open-incident"],
  [undefined, undefined, 3, true, "wait no-verified-target"],
  [undefined, pull("merged"), 3, true, "close"],
  [undefined, pull("open"), 3, true, "merge"],
];

test.each(table)("target %j, pull request %j, issue %j, policy merges %j: %s", (goal, proposal, issue, merges, gives) => {
  const step = decideRollback({ target: goal, proposal, issue, merges, removal: undefined, hasRoute: false });
  expect(step.kind === "wait" ? `wait ${step.code}` : step.kind).toBe(gives);
});

test.each<readonly [string, Partial<RollbackFacts>, string]>([
  ["is proposed where nothing can be restored", {}, "propose-removal"],
  ["waits for the incident to be open", { issue: undefined }, "open-incident"],
  ["is no matter where something can be restored", { target }, "propose"],
  ["is proposed once, however that ended", { removal: pull("closed") }, "wait no-verified-target"],
  ["is never merged by Slipway", { removal: pull("open") }, "wait no-verified-target"],
  ["needs a route", { hasRoute: false }, "wait no-verified-target"],
])("the removal of the route %s", (_, facts, gives) => {
  const nothing = { target: undefined, proposal: undefined, issue: 3, merges: true, removal: undefined, hasRoute: true };
  const step = decideRollback({ ...nothing, ...facts });
  expect(step.kind === "wait" ? `wait ${step.code}` : step.kind).toBe(gives);
});

test("each step says what it acts on", () => {
  const at = (facts: Partial<RollbackFacts>): RollbackStep =>
    decideRollback({ target, proposal: undefined, issue: 3, merges: true, removal: undefined, hasRoute: true, ...facts });
  expect(at({})).toEqual({ kind: "propose", target });
  expect(at({ proposal: pull("open") })).toEqual({ kind: "merge", number: 4 });
  expect(at({ proposal: pull("merged") })).toEqual({ kind: "close", number: 4, issue: 3 });
  expect(at({ proposal: pull("closed") })).toMatchObject({ message: "pull request #4 was closed unmerged; the hold stays" });
  expect(at({ target: undefined, removal: pull("open") })).toMatchObject({
    message: expect.stringMatching(/; pull request #4 proposes to remove it$/),
  });
  expect(at({ target: undefined, removal: pull("closed") })).toMatchObject({ message: expect.stringMatching(/was closed unmerged$/) });
});
