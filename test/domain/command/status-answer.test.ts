import { expect, test } from "vitest";
import { statusAnswer } from "#domain/command/status-answer.ts";
import { printHold } from "#domain/environment/hold.ts";
import { holdPath, statePath } from "#domain/environment/paths.ts";
import { printState } from "#domain/environment/state.ts";
import { commitShaSchema } from "#domain/model/names.ts";
import { policySchema } from "#domain/policy/policy.ts";
import { at, environmentState, openRelease } from "#test/support/builders.ts";
import { better, policyText, production, ranker } from "#test/support/world-texts.ts";

const state = statePath(production, ranker);
const hold = {
  schema: "slipway/hold/v1",
  environment: production,
  model: ranker,
  ...better,
  since: at(0),
  reason: "recall",
  liftedBy: "holder",
} as const;
const held = { [holdPath(production, ranker, better.digest)]: printHold(hold) };
const freeze = { name: "peak", from: "2026-11-01T00:00", to: "2026-12-01T00:00", timeZone: "UTC" };

function status(texts: Readonly<Record<string, string>>, policy: Readonly<Record<string, unknown>> = {}, models = [ranker]) {
  const snapshot = { head: commitShaSchema.parse("a".repeat(40)), entries: new Map(), texts: new Map(Object.entries(texts)) };
  return statusAnswer("/slipway status", models, snapshot, policySchema.parse(JSON.parse(policyText(policy))), at(0));
}
const row = (...given: Parameters<typeof status>) => status(...given).table?.rows[0]?.slice(2);
const running = (overrides: Record<string, unknown> = {}) => ({
  [state]: printState(environmentState({ release: openRelease(overrides) })),
});
const quiet = { [state]: printState(environmentState()) };

test.each<readonly [string, readonly string[] | undefined, readonly string[]]>([
  ["nothing was ever adopted", row({}), ["nothing", "nothing", "never adopted", "slipway adopt"]],
  ["nothing is on its way", row(quiet), ["2026.11.02-1", "nothing", "nothing", ""]],
  ["a canary is on its way", row(running()), ["2026.11.02-1", "2026.11.20-3 at 5 % (pull request #7)", "nothing", ""]],
  [
    "a canary is paused",
    row(running({ phase: "paused", pausedAt: at(1), reason: "no data" })),
    ["2026.11.02-1", "2026.11.20-3 at 5 % (pull request #7), paused: no data", "nothing", ""],
  ],
  ["a version is held, and who lifts it", row({ ...quiet, ...held }), ["2026.11.02-1", "nothing", "2026.11.20-3 is held", "hal"]],
  [
    "a version is held and nobody has the role",
    row({ ...quiet, ...held }, { roles: {} }),
    ["2026.11.02-1", "nothing", "2026.11.20-3 is held", "a platform engineer"],
  ],
  [
    "a freeze is on, until when",
    row({ ...quiet, ...held }, { freezes: [freeze] }),
    ["2026.11.02-1", "nothing", "freeze peak until 2026-12-01T00:00 UTC", "nobody before it ends"],
  ],
])("says so when %s", (_, said, expected) => {
  expect(said).toEqual(expected);
});

test("says where a state cannot be read, and never that nothing is live", () => {
  const [live, , why, who] = row({ [state]: "live: none\n" }) ?? [];
  expect([live, who]).toEqual(["unreadable", "a platform engineer"]);
  expect(why).toContain(`${state}:`);
});

test("has a row for every model in every environment, in the policy's order", () => {
  const environments = [{ name: "staging" }, { name: "production" }];
  const rows = status({}, { environments }).table?.rows.map(([model, environment]) => `${model} ${environment}`);
  expect(rows).toEqual(["search-ranker staging", "search-ranker production"]);
});

test("says how to name a model where the pull request changes none", () => {
  expect(status({}, {}, [])).toEqual({
    command: "/slipway status",
    kind: "told",
    sentence: "This pull request changes no model; name one with --model.",
  });
});
