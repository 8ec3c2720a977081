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
export type Reading =
  /** The `length`-th look at the current step: its window, extended `length - 1` times. */
  | { readonly kind: "window"; readonly objective: Objective; readonly length: number; readonly stretch: Stretch }
  | {
      readonly kind: "burn-rate";
      readonly objective: Objective;
      readonly rule: BurnRateRule;
      readonly long: Stretch;
      readonly short: Stretch;
    };

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
export function readingsFor(plan: ReleasePlan, release: OpenRelease, environment: string, now: Instant): readonly Reading[] {
  const { liveSince } = release;
  if (release.phase !== "progressing" || liveSince === null) return [];
  const { window } = stepOf(plan, release);
  const looks = Math.min(Math.floor(millisecondsBetween(liveSince, now) / window), plan.rollout.extend + 1);
  const lastMilliseconds = (length: number): Stretch => ({ from: addMilliseconds(now, -length), to: now });

  return objectivesIn(plan, environment).flatMap((objective) => [
    ...Array.from({ length: looks }, (_, index): Reading => {
      const length = index + 1;
      return { kind: "window", objective, length, stretch: { from: liveSince, to: addMilliseconds(liveSince, length * window) } };
    }),
    ...objective.burnRate.map(
      (rule): Reading => ({ kind: "burn-rate", objective, rule, long: lastMilliseconds(rule.long), short: lastMilliseconds(rule.short) }),
    ),
  ]);
}
