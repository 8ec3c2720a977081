import { expect, test } from "vitest";
import { type SeenBeside, statusAnswer } from "#domain/command/status-answer.ts";
import { printHold } from "#domain/environment/hold.ts";
import { printLock } from "#domain/environment/lock.ts";
import { freezePath, holdPath, lockPath, statePath } from "#domain/environment/paths.ts";
import { printState } from "#domain/environment/state.ts";
import { commitShaSchema, loginSchema } from "#domain/model/names.ts";
import { printFreezeFile } from "#domain/policy/freeze-file.ts";
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
const hal = loginSchema.parse("hal");
const locked = {
  [lockPath(production, ranker)]: printLock({
    schema: "slipway/lock/v1",
    environment: production,
    model: ranker,
    by: hal,
    at: at(0),
    reason: "a move",
    pullRequest: null,
  }),
};
const frozen = {
  [freezePath("all-9")]: printFreezeFile({ schema: "slipway/freeze/v1", name: "all-9", from: at(-1), reason: "the sale", by: hal }),
};
const peak = { name: "peak", from: "2026-11-01T00:00", to: "2026-12-01T00:00", timeZone: "UTC" };
const edit = { by: "Alex Person in 0123", commit: commitShaSchema.parse("b".repeat(40)) };

type Beside = Partial<SeenBeside>;

function status(
  texts: Readonly<Record<string, string>>,
  policy: Readonly<Record<string, unknown>> = {},
  beside: Beside = {},
  models = [ranker],
) {
  return statusAnswer("/slipway status", {
    models,
    snapshot: { head: commitShaSchema.parse("a".repeat(40)), entries: new Map(), texts: new Map(Object.entries(texts)) },
    policy: policySchema.parse(JSON.parse(policyText(policy))),
    standingOf: () => ({ edit: undefined, proposal: undefined, ...beside }),
    now: at(0),
  });
}
const row = (...given: Parameters<typeof status>) => status(...given).table?.rows[0]?.slice(2);
const running = (overrides: Record<string, unknown> = {}) => ({
  [state]: printState(environmentState({ release: openRelease(overrides) })),
});
const quiet = { [state]: printState(environmentState()) };
const paused = running({ phase: "paused", pausedAt: at(1), reason: "no data" });
const stopping = running({ phase: "stopping", weight: 0, stoppedAt: at(1), reason: "slow" });

const live = "2026.11.02-1";
const onItsWay = `2026.11.20-3: step 1 at 5 %, live since ${at(1000)} (pull request #7)`;
const goingBack = `2026.11.20-3: 0 %, being rolled back since ${at(1)} (pull request #7)`;
const unhold = `/slipway unhold production ${"c".repeat(12)} <reason> --model search-ranker`;

test.each<readonly [string, readonly string[] | undefined, readonly string[]]>([
  ["nothing was ever adopted", row({}), ["nothing", "nothing", "never adopted", "a platform engineer", "slipway adopt production"]],
  ["nothing is on its way", row(quiet), [live, "nothing", "nothing", "", ""]],
  ["a canary is on its way", row(running()), [live, onItsWay, "nothing", "", ""]],
  [
    "a weight was not seen live yet",
    row(running({ liveSince: null })),
    [live, `2026.11.20-3: step 1 at 5 %, set at ${at(0)}, not seen live yet (pull request #7)`, "nothing", "", ""],
  ],
  ["a canary is paused", row(paused), [live, onItsWay, "paused: no data", "lee", "/slipway resume production --model search-ranker"]],
  [
    "somebody edited the files, before anything else",
    row(paused, {}, { edit }),
    [
      live,
      onItsWay,
      "1. edited by Alex Person in 0123; 2. paused: no data",
      "lee",
      "/slipway resume production @bbbbbbbbbbbb --model search-ranker",
    ],
  ],
  [
    "a rollback waits for a person",
    row(stopping, { environments: [{ name: "production" }] }, { proposal: { number: 3, state: "open" } }),
    [live, goingBack, "rollback pull request #3 waits to be merged", "who may merge in the environments repository", ""],
  ],
  [
    "a rollback was closed by a person",
    row(stopping, {}, { proposal: { number: 3, state: "closed" } }),
    [live, goingBack, "rollback pull request #3 was closed unmerged", "lee", "/slipway retry production --model search-ranker"],
  ],
  [
    "a rollback has no pull request",
    row(stopping),
    [live, goingBack, "rolling back: slow", "lee", "/slipway abort production --model search-ranker"],
  ],
  [
    "somebody locked it",
    row({ ...quiet, ...locked }),
    [live, "nothing", `locked by hal since ${at(0)}: a move`, "lee", "/slipway unlock production --model search-ranker"],
  ],
  [
    "a freeze was set by a command",
    row({ ...quiet, ...frozen }),
    [live, "nothing", "freeze all-9 until somebody lifts it", "hal", "/slipway unfreeze all-9"],
  ],
  [
    "the policy's calendar freezes, and a version is held",
    row({ ...quiet, ...held }, { freezes: [peak] }),
    [
      live,
      "nothing",
      "1. freeze peak until 2026-12-01T00:00 UTC; 2. 2026.11.20-3 is held: recall",
      "1. nobody before it ends; 2. hal",
      unhold,
    ],
  ],
  [
    "the policy's calendar freezes, and a role may set that aside",
    row(quiet, { freezes: [{ ...peak, overriddenBy: "holder" }] }),
    [live, "nothing", "freeze peak until 2026-12-01T00:00 UTC", "hal, for one version", "/slipway override peak <reason> --env production"],
  ],
  [
    "a hold cannot be read, which holds as well",
    row({ ...quiet, [holdPath(production, ranker, better.digest)]: "hold: yes\n" }),
    [live, "nothing", `a hold that cannot be read: ${holdPath(production, ranker, better.digest)}`, "a platform engineer", ""],
  ],
  [
    "a release waits for something",
    row(running(), {}, { waits: "the window of 30m at 5 % is open" }),
    [live, `${onItsWay}; the window of 30m at 5 % is open`, "nothing", "", ""],
  ],
  [
    "the version that is proposed may not come yet, last",
    row(
      { ...quiet, ...locked },
      {},
      { proposed: [{ what: "it has no approval", who: "amy", next: "/slipway approve production @1234567" }] },
    ),
    [
      live,
      "nothing",
      `1. locked by hal since ${at(0)}: a move; 2. it has no approval`,
      "1. lee; 2. amy",
      "/slipway unlock production --model search-ranker",
    ],
  ],
  ["a version is held, and who lifts it", row({ ...quiet, ...held }), [live, "nothing", "2026.11.20-3 is held: recall", "hal", unhold]],
  [
    "a version is held and nobody has the role",
    row({ ...quiet, ...held }, { roles: {} }),
    [live, "nothing", "2026.11.20-3 is held: recall", "a platform engineer", unhold],
  ],
])("says so when %s", (_, said, expected) => {
  expect(said).toEqual(expected);
});

test("says where a state cannot be read, and never that nothing is live", () => {
  const [shown, , why, who] = row({ [state]: "live: none\n" }) ?? [];
  expect([shown, who]).toEqual(["unreadable", "a platform engineer"]);
  expect(why).toContain(state);
});

test("names the option when the pull request changes no model", () => {
  expect(status({}, {}, {}, [])).toMatchObject({ next: "/slipway status --model <name>" });
});
