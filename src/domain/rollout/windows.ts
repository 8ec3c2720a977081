import type { OpenRelease } from "#domain/environment/state.ts";
import { addMilliseconds, type Instant, millisecondsBetween } from "#domain/model/time.ts";
import { type ReleasePlan, type Step, stepsOf } from "#domain/rollout/plan.ts";
import type { BurnRateRule, Objective } from "#domain/slo/objective.ts";

/** A stretch of time over which the live canary is to be measured. */
export interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
}

/** What must be measured before a release can be decided: the domain asks, the flow reads. */
export interface Readings {
  /** The current step's window over each objective, then the same window extended once, twice, … */
  readonly looks: readonly (readonly WindowReading[])[];
  /** The last window's length, ending now: what is watched while the step waits, is paused or bakes. */
  readonly recent: readonly WindowReading[];
  readonly burnRates: readonly BurnRateReading[];
}

export interface WindowReading {
  readonly objective: Objective;
  readonly stretch: Stretch;
}

export interface BurnRateReading {
  readonly objective: Objective;
  readonly rule: BurnRateRule;
  readonly long: Stretch;
  readonly short: Stretch;
}

export function stepOf(plan: ReleasePlan, release: OpenRelease): Step {
  const steps = stepsOf(plan.rollout);
  const step = steps[release.step] ?? steps.at(-1);
  if (step === undefined) throw new RangeError(`release ${release.id} stands at step ${release.step} of a plan without steps`);
  return step;
}

/** The objectives that hold in an environment. */
export function objectivesIn(plan: ReleasePlan, environment: string): readonly Objective[] {
  return plan.objectives.filter((objective) => objective.environment === undefined || objective.environment === environment);
}

/**
 * Windows count from the moment the weight was seen live; an extension makes the window longer, so that evidence adds up. Extending is
 * no commit: it is recomputed here from the clock.
 */
export function readingsFor(plan: ReleasePlan, release: OpenRelease, environment: string, now: Instant): Readings {
  const { liveSince } = release;
  if (release.phase === "stopping" || liveSince === null) return { looks: [], recent: [], burnRates: [] };
  const objectives = objectivesIn(plan, environment);
  const last = (length: number): Stretch => ({ from: addMilliseconds(now, -length), to: now });
  const watched = shortestWindow(plan);
  return {
    looks: release.phase === "paused" ? [] : looksDue(plan, release, liveSince, now, objectives),
    recent: millisecondsBetween(liveSince, now) < watched ? [] : objectives.map((objective) => ({ objective, stretch: last(watched) })),
    burnRates: objectives.flatMap((objective) =>
      objective.burnRate.map((rule) => ({ objective, rule, long: last(rule.long), short: last(rule.short) })),
    ),
  };
}

function looksDue(
  plan: ReleasePlan,
  release: OpenRelease,
  liveSince: Instant,
  now: Instant,
  objectives: readonly Objective[],
): Readings["looks"] {
  const { window } = stepOf(plan, release);
  const due = Math.min(Math.floor(millisecondsBetween(liveSince, now) / window), plan.rollout.extend + 1);
  return Array.from({ length: due }, (_, index) => {
    const stretch = { from: liveSince, to: addMilliseconds(liveSince, (index + 1) * window) };
    return objectives.map((objective) => ({ objective, stretch }));
  });
}

/** The shortest window of the plan: what people said is long enough to see harm. */
function shortestWindow(plan: ReleasePlan): number {
  return Math.min(...stepsOf(plan.rollout).map(({ window }) => window));
}
