import type { OpenRelease } from "#domain/environment/state.ts";
import { type Verdict, worstVerdict } from "#domain/evaluation/verdict.ts";
import { targets } from "#domain/manifest/targets.ts";
import { addMilliseconds, type Instant, millisecondsBetween, printDuration } from "#domain/model/time.ts";
import { type Exposure, notLiveBecause } from "#domain/rollout/exposure.ts";
import { type ReleasePlan, type Step, stepsOf } from "#domain/rollout/plan.ts";
import { objectivesIn, stepOf } from "#domain/rollout/windows.ts";
import type { JudgedWindow } from "#domain/slo/window-verdict.ts";

/** What was seen of the live canary and the live baseline. */
export interface Observations {
  readonly exposure: Exposure;
  /** Of the current step: the first look at every objective, then each extension. */
  readonly looks: readonly (readonly JudgedWindow[])[];
  /** The last stretch of time: a failed one is a breach, a good one says nothing. */
  readonly recent: readonly JudgedWindow[];
  readonly burnRates: readonly JudgedWindow[];
  /** When the first request came that broke an objective which is broken now; null when none is. */
  readonly firstBad: Instant | null;
}

/** What forbids growth right now, whatever the measurements say. */
export interface Restraints {
  /** Set when someone else than Slipway wrote the model's files last (invariant 10). */
  readonly editedBy: string | undefined;
  /** Why the candidate's digest is held. */
  readonly heldBecause: string | undefined;
  /** The freeze in force. */
  readonly frozenBy: string | undefined;
  /** The greatest weight, in per cent, that the environment's blast radius leaves to this release. */
  readonly greatestWeight: number;
  /** What could not be read, so that nobody knows whether exposure may grow. */
  readonly unreadable: string | undefined;
}

export interface RunningRelease {
  readonly environment: string;
  readonly plan: ReleasePlan;
  readonly open: OpenRelease;
}

/** The next move of a release. `wakeAt`: when looking again can first change it. */
export type Decision =
  | { readonly kind: "wait"; readonly code: WaitCode; readonly message: string; readonly wakeAt: Instant }
  | { readonly kind: "mark-live"; readonly weight: number; readonly at: Instant }
  | { readonly kind: "raise"; readonly to: Step; readonly windows: readonly JudgedWindow[] }
  | { readonly kind: "verify"; readonly windows: readonly JudgedWindow[] }
  | { readonly kind: "pause"; readonly code: PauseCode; readonly message: string; readonly windows: readonly JudgedWindow[] }
  /** A breach: the weight goes back, the digest is held. */
  | { readonly kind: "stop"; readonly message: string; readonly windows: readonly JudgedWindow[]; readonly firstBad: Instant | null }
  /** The weight is back; the files are to be restored by pull request. */
  | { readonly kind: "roll-back" };

export type WaitCode =
  | "weight-not-live"
  | "window-open"
  | "window-extended"
  | "frozen"
  | "over-budget"
  | "unreadable"
  | "edited"
  | "paused";
export type PauseCode = "not-live-by-deadline" | "held" | "no-objective" | "still-inconclusive" | "no-data" | "measuring-failed";

const pollEvery = 1_000;

/**
 * One step of the rollout: looks at a release and says what to do next. Pure and total; deciding twice on the same facts gives the same
 * move. Exposure grows only by `raise`, which needs a passed window, a weight that is seen live, and no restraint (invariant 6).
 */
export function decide(release: RunningRelease, seen: Observations, restraints: Restraints, now: Instant): Decision {
  const { open, plan } = release;
  const wait = (code: WaitCode, message: string, wakeAt = addMilliseconds(now, pollEvery)): Decision => ({
    kind: "wait",
    code,
    message,
    wakeAt,
  });

  if (restraints.editedBy !== undefined)
    return wait("edited", `edited by ${restraints.editedBy}: automation stops, and overwrites nothing`);
  if (open.phase === "stopping") return { kind: "roll-back" };
  const notLive = notLiveBecause(seen.exposure, open.candidate.digest, {
    weight: open.weight,
    mirror: stepOf(plan, open).mirror,
    delegated: targets[plan.rollout.target].mover === "controller",
  });
  const breach = breachIn(seen);
  if (open.liveSince !== null && breach.length > 0)
    return { kind: "stop", message: describeBreach(breach), windows: breach, firstBad: seen.firstBad };
  if (open.phase === "paused") return wait("paused", open.reason);
  if (restraints.heldBecause !== undefined) return pause("held", `the candidate is held: ${restraints.heldBecause}`);
  if (open.liveSince === null) return untilLive(open, plan, notLive, now);
  if (objectivesIn(plan, release.environment).length === 0)
    return pause("no-objective", "no objective holds here, so nothing can be judged");

  const step = stepOf(plan, open);
  const judgement = judgeLooks(seen.looks, plan.rollout.extend);
  if (judgement.kind === "exhausted") return exhausted(judgement.verdict, step, plan, judgement.windows);
  if (judgement.kind === "open") {
    const due = addMilliseconds(open.liveSince, (judgement.looks + 1) * step.window);
    return judgement.looks === 0
      ? wait("window-open", `the window of ${printDuration(step.window)} at ${step.weight} % is open`, due)
      : wait(
          "window-extended",
          `the window at ${step.weight} % is extended for the ${ordinal(judgement.looks)} time: ${judgement.verdict}`,
          due,
        );
  }
  if (notLive !== undefined) return wait("weight-not-live", notLive);
  if (step.last) return { kind: "verify", windows: judgement.windows };
  if (restraints.unreadable !== undefined) return wait("unreadable", restraints.unreadable);
  if (restraints.frozenBy !== undefined) return wait("frozen", `the freeze ${restraints.frozenBy} is in force: exposure may not grow`);
  const to = nextStep(plan, step);
  if (to.weight > restraints.greatestWeight)
    return wait(
      "over-budget",
      `${to.weight} % would put more traffic on unverified versions than the environment allows; ${Math.floor(restraints.greatestWeight)} % is left`,
    );
  return { kind: "raise", to, windows: judgement.windows };
}

function untilLive(open: OpenRelease, plan: ReleasePlan, notLive: string | undefined, now: Instant): Decision {
  if (notLive === undefined) return { kind: "mark-live", weight: open.weight, at: now };
  if (millisecondsBetween(open.weightSetAt, now) <= plan.rollout.deadline) {
    return { kind: "wait", code: "weight-not-live", message: notLive, wakeAt: addMilliseconds(now, pollEvery) };
  }
  return pause("not-live-by-deadline", `${open.weight} % was not seen live within ${printDuration(plan.rollout.deadline)}: ${notLive}`);
}

/** Failed windows and burnt budgets; one is enough, also while the release is paused: exposed users are watched whatever it waits for. */
function breachIn({ looks, recent, burnRates }: Observations): readonly JudgedWindow[] {
  const decisive = firstDecisiveLook(looks);
  const failedWindows = decisive?.verdict === "fail" ? decisive.windows.filter((window) => window.verdict === "fail") : [];
  const failedRecently = failedWindows.length > 0 ? [] : recent.filter(({ verdict }) => verdict === "fail");
  return [...failedWindows, ...failedRecently, ...burnRates.filter(({ verdict }) => verdict === "fail")];
}

type Looks =
  | { readonly kind: "passed"; readonly windows: readonly JudgedWindow[] }
  | { readonly kind: "open"; readonly looks: number; readonly verdict: Verdict }
  | { readonly kind: "exhausted"; readonly verdict: Verdict; readonly windows: readonly JudgedWindow[] };

function judgeLooks(looks: Observations["looks"], extensions: number): Looks {
  const decisive = firstDecisiveLook(looks);
  if (decisive?.verdict === "pass") return { kind: "passed", windows: decisive.windows };
  const windows = looks.at(-1) ?? [];
  const verdict = worstOf(windows);
  return looks.length > extensions ? { kind: "exhausted", verdict, windows } : { kind: "open", looks: looks.length, verdict };
}

/** Looks are taken in order, so that an App that was away decides what it would have decided in time. */
function firstDecisiveLook(
  looks: Observations["looks"],
): { readonly verdict: Verdict; readonly windows: readonly JudgedWindow[] } | undefined {
  return looks.map((windows) => ({ verdict: worstOf(windows), windows })).find(({ verdict }) => verdict === "pass" || verdict === "fail");
}

function worstOf(windows: readonly JudgedWindow[]): Verdict {
  return worstVerdict(windows.map((window) => window.verdict));
}

function exhausted(verdict: Verdict, step: Step, plan: ReleasePlan, windows: readonly JudgedWindow[]): Decision {
  const after = `after ${plan.rollout.extend} extensions at ${step.weight} %`;
  if (verdict === "inconclusive") return pause("still-inconclusive", `still inconclusive ${after}`, windows);
  if (verdict === "error") return pause("measuring-failed", `the objectives could not be measured ${after}`, windows);
  return pause("no-data", `no request of the candidate was seen ${after}`, windows);
}

function pause(code: PauseCode, message: string, windows: readonly JudgedWindow[] = []): Decision {
  return { kind: "pause", code, message, windows };
}

function nextStep(plan: ReleasePlan, step: Step): Step {
  const next = stepsOf(plan.rollout)[step.index + 1];
  if (next === undefined) throw new RangeError(`there is no step after ${step.weight} %`);
  return next;
}

function describeBreach(windows: readonly JudgedWindow[]): string {
  return windows
    .map(({ objective, kind, good, total, target }) => {
      const share = `${good} of ${total} requests were good, the objective is ${(target * 100).toPrecision(3)} %`;
      return kind !== "burn-rate" ? `${objective}: ${share}` : `${objective}: the error budget burns too fast, ${share}`;
    })
    .join("; ");
}

function ordinal(number: number): string {
  return ["first", "second", "third", "fourth", "fifth"][number - 1] ?? `${number}th`;
}
