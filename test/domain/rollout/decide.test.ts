import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Verdict, verdicts } from "#domain/evaluation/verdict.ts";
import { digestSchema } from "#domain/model/names.ts";
import { type Decision, decide, type Observations, type Restraints } from "#domain/rollout/decide.ts";
import type { Exposure } from "#domain/rollout/exposure.ts";
import { type JudgedWindow, judgedWindowSchema } from "#domain/slo/window-verdict.ts";
import { at, candidate, live, openRelease, plan } from "#test/support/builders.ts";

const digest = digestSchema.parse(candidate.digest);
const stable = digestSchema.parse(live.digest);
const free: Restraints = { editedBy: undefined, heldBecause: undefined, frozenBy: undefined, unreadable: undefined, greatestWeight: 100 };

function served(weight: number, overrides: { accepted?: boolean; ready?: number } = {}): Exposure {
  const { accepted = true, ready = 1 } = overrides;
  return {
    kind: "seen",
    accepted,
    backends: [
      { digest: stable, weight: 100 - weight, ready: 1, wanted: 1 },
      { digest, weight, ready, wanted: 1 },
    ],
  };
}

function window(verdict: Verdict, objective = "latency"): JudgedWindow {
  const measured = { good: 60, total: 60, target: 0.9, lower: 0.94, upper: 1 };
  return judgedWindowSchema.parse({ objective, kind: "window", from: at(1000), to: at(3000), ...measured, verdict });
}

function burn(verdict: Verdict): JudgedWindow {
  return { ...window(verdict), kind: "burn-rate" };
}

function seen(overrides: Partial<Observations> = {}): Observations {
  return { exposure: served(5), looks: [], recent: [], burnRates: [], firstBad: null, ...overrides };
}

interface Situation {
  readonly open?: Record<string, unknown>;
  readonly plan?: Record<string, unknown>;
  readonly objectives?: readonly object[];
  readonly seen?: Partial<Observations>;
  readonly restraints?: Partial<Restraints>;
  readonly now?: number;
}

function decideIn(situation: Situation): Decision {
  const release = { environment: "production", plan: plan(situation.plan, situation.objectives), open: openRelease(situation.open) };
  return decide(release, seen(situation.seen), { ...free, ...situation.restraints }, at(situation.now ?? 3000));
}

const waiting = { liveSince: null };
const cases: readonly (Situation & { readonly about: string; readonly gives: string })[] = [
  { about: "a weight that is served everywhere is marked live", open: waiting, gives: "mark-live" },
  {
    about: "a route that the gateway has not taken is not live",
    open: waiting,
    seen: { exposure: served(5, { accepted: false }) },
    gives: "wait weight-not-live",
  },
  { about: "another weight than the one in Git is not live", open: waiting, seen: { exposure: served(1) }, gives: "wait weight-not-live" },
  {
    about: "a candidate without ready replicas is not live",
    open: waiting,
    seen: { exposure: served(5, { ready: 0 }) },
    gives: "wait weight-not-live",
  },
  {
    about: "a cluster that cannot be read shows nothing",
    open: waiting,
    seen: { exposure: { kind: "unknown", reason: "503" } },
    gives: "wait weight-not-live",
  },
  {
    about: "at the deadline the weight may still come",
    open: waiting,
    seen: { exposure: served(1) },
    now: 30_000,
    gives: "wait weight-not-live",
  },
  {
    about: "past the deadline it is paused and nothing is raised",
    open: waiting,
    seen: { exposure: served(1) },
    now: 30_001,
    gives: "pause not-live-by-deadline",
  },

  { about: "before the window ends there is nothing to judge", gives: "wait window-open" },
  { about: "a passed window raises the weight", seen: { looks: [[window("pass")]] }, gives: "raise 25" },
  { about: "an inconclusive window is extended", seen: { looks: [[window("inconclusive")]] }, gives: "wait window-extended" },
  { about: "a window without requests is extended, never passed", seen: { looks: [[window("no-data")]] }, gives: "wait window-extended" },
  {
    about: "an extension that passes raises the weight",
    seen: { looks: [[window("inconclusive")], [window("pass")]] },
    gives: "raise 25",
  },
  {
    about: "the last extension may still pass",
    seen: { looks: [[window("inconclusive")], [window("inconclusive")], [window("pass")]] },
    gives: "raise 25",
  },
  {
    about: "still inconclusive after the last extension pauses",
    seen: { looks: [1, 2, 3].map(() => [window("inconclusive")]) },
    gives: "pause still-inconclusive",
  },
  {
    about: "no request after the last extension pauses",
    seen: { looks: [1, 2, 3].map(() => [window("no-data")]) },
    gives: "pause no-data",
  },
  { about: "a failed window stops", seen: { looks: [[window("fail")]] }, gives: "stop" },
  { about: "a failed extension stops", seen: { looks: [[window("inconclusive")], [window("fail")]] }, gives: "stop" },
  {
    about: "one failed objective beside a passed one stops",
    seen: { looks: [[window("pass"), window("fail", "errors")]] },
    gives: "stop",
  },
  {
    about: "one inconclusive objective beside a passed one extends",
    seen: { looks: [[window("pass"), window("inconclusive", "errors")]] },
    gives: "wait window-extended",
  },
  { about: "a burnt budget stops before the window ends", seen: { burnRates: [burn("fail")] }, gives: "stop" },
  {
    about: "a burnt budget stops although the window passed",
    seen: { looks: [[window("pass")]], burnRates: [burn("fail")] },
    gives: "stop",
  },
  { about: "without objectives nothing is ever judged", objectives: [], gives: "pause no-objective" },
  {
    about: "objectives of another environment judge nothing here",
    objectives: [{ name: "x", environment: "staging", target: 0.9, indicator: { availability: {} } }],
    gives: "pause no-objective",
  },

  {
    about: "a passed window is not enough when the weight is no longer seen live",
    seen: { looks: [[window("pass")]], exposure: served(0) },
    gives: "wait weight-not-live",
  },
  { about: "a freeze stops growth", seen: { looks: [[window("pass")]] }, restraints: { frozenBy: "peak" }, gives: "wait frozen" },
  {
    about: "while the policy cannot be read nothing grows",
    seen: { looks: [[window("pass")]] },
    restraints: { unreadable: "the policy" },
    gives: "wait unreadable",
  },
  {
    about: "a breach is stopped although the policy cannot be read",
    seen: { looks: [[window("fail")]] },
    restraints: { unreadable: "the policy" },
    gives: "stop",
  },
  {
    about: "what is not seen at 100 % is not verified",
    open: { step: 2, weight: 100 },
    seen: { looks: [[window("pass")]], exposure: served(0) },
    gives: "wait weight-not-live",
  },
  {
    about: "a spent blast radius stops growth",
    seen: { looks: [[window("pass")]] },
    restraints: { greatestWeight: 24.9 },
    gives: "wait over-budget",
  },
  { about: "one that just suffices does not", seen: { looks: [[window("pass")]] }, restraints: { greatestWeight: 25 }, gives: "raise 25" },
  { about: "a freeze does not stop a breach", seen: { looks: [[window("fail")]] }, restraints: { frozenBy: "peak" }, gives: "stop" },
  { about: "a hold pauses", seen: { looks: [[window("pass")]] }, restraints: { heldBecause: "recall" }, gives: "pause held" },
  { about: "a breach counts more than a hold", seen: { looks: [[window("fail")]] }, restraints: { heldBecause: "recall" }, gives: "stop" },
  { about: "people win, even over a breach", seen: { looks: [[window("fail")]] }, restraints: { editedBy: "petra" }, gives: "wait edited" },

  {
    about: "at 100 % a passed bake verifies",
    open: { step: 2, weight: 100 },
    seen: { looks: [[window("pass")]], exposure: served(100) },
    gives: "verify",
  },
  {
    about: "verifying exposes nobody new, so a freeze does not stop it",
    open: { step: 2, weight: 100 },
    seen: { looks: [[window("pass")]], exposure: served(100) },
    restraints: { frozenBy: "peak" },
    gives: "verify",
  },
  { about: "at 100 % a failed bake stops", open: { step: 2, weight: 100 }, seen: { looks: [[window("fail")]] }, gives: "stop" },
  {
    about: "a paused release whose objective breaks is stopped all the same",
    open: { phase: "paused", pausedAt: at(0), reason: "held" },
    seen: { recent: [window("fail")] },
    gives: "stop",
  },
  { about: "a last stretch that is good raises nothing", seen: { recent: [window("pass")] }, gives: "wait window-open" },
  {
    about: "a last stretch that fails stops, although the window had passed",
    seen: { looks: [[window("pass")]], recent: [window("fail")] },
    restraints: { frozenBy: "peak" },
    gives: "stop",
  },
  {
    about: "a paused release waits for a person",
    open: { phase: "paused", pausedAt: at(0), reason: "held" },
    gives: "wait paused",
  },
  { about: "a stopping release is rolled back", open: { phase: "stopping", stoppedAt: at(0), reason: "slow" }, gives: "roll-back" },
];

function shortly(decision: Decision): string {
  switch (decision.kind) {
    case "wait":
    case "pause":
      return `${decision.kind} ${decision.code}`;
    case "raise":
      return `raise ${decision.to.weight}`;
    default:
      return decision.kind;
  }
}

describe("the next move of a release", () => {
  test.each(cases)("$about", ({ gives, ...situation }) => {
    expect(shortly(decideIn(situation))).toBe(gives);
  });

  test("a window that is open says when it ends", () => {
    expect(decideIn({})).toMatchObject({ wakeAt: at(3000) });
    expect(decideIn({ seen: { looks: [[window("inconclusive")]] } })).toMatchObject({ wakeAt: at(5000) });
  });

  test("a breach carries the measurements it rests on, and the first bad request", () => {
    const failed = window("fail");
    expect(decideIn({ seen: { looks: [[failed]], firstBad: at(2500) } })).toMatchObject({
      kind: "stop",
      windows: [failed],
      firstBad: at(2500),
    });
  });
});

const anyWindow = fc.constantFrom(...verdicts).map((verdict) => window(verdict));
const anyExposure = fc.oneof(
  fc.constant<Exposure>({ kind: "unknown", reason: "unreadable" }),
  fc
    .record({ weight: fc.integer({ min: 0, max: 100 }), accepted: fc.boolean(), ready: fc.integer({ min: 0, max: 1 }) })
    .map(({ weight, ...rest }) => served(weight, rest)),
);
const anySituation = fc.record({
  seen: fc.record({
    looks: fc.array(fc.array(anyWindow, { minLength: 1, maxLength: 2 }), { maxLength: 4 }),
    burnRates: fc.array(fc.constantFrom(...verdicts).map(burn), { maxLength: 2 }),
    exposure: anyExposure,
  }),
  restraints: fc.record({
    editedBy: fc.constantFrom(undefined, "petra"),
    heldBecause: fc.constantFrom(undefined, "recall"),
    frozenBy: fc.constantFrom(undefined, "peak"),
    unreadable: fc.constantFrom(undefined, "the policy"),
    greatestWeight: fc.constantFrom(100, 100, 24.9, 0),
  }),
  open: fc.record({ liveSince: fc.constantFrom(null, at(1000)), step: fc.integer({ min: 0, max: 1 }) }),
});

describe("invariant 6: exposure never grows", () => {
  test("but after a passed look, at a weight that is seen live, without any restraint", () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        const open = { ...situation.open, weight: situation.open.step === 0 ? 5 : 25 };
        const decision = decideIn({ ...situation, open });
        if (decision.kind !== "raise") return;
        expect(open.liveSince).not.toBeNull();
        expect(situation.restraints).toEqual({ ...free, greatestWeight: situation.restraints.greatestWeight });
        expect(decision.to.weight).toBeLessThanOrEqual(situation.restraints.greatestWeight);
        expect(situation.seen.exposure).toMatchObject({ kind: "seen", accepted: true });
        expect(decision.windows.length).toBeGreaterThan(0);
        expect(decision.windows.every(({ verdict }) => verdict === "pass")).toBe(true);
        expect(situation.seen.burnRates.some(({ verdict }) => verdict === "fail")).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test("deciding twice on the same facts gives the same move", () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        expect(decideIn(situation)).toEqual(decideIn(situation));
      }),
    );
  });
});
