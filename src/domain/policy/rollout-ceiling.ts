import type { Tier } from "#domain/model/tier.ts";
import { printDuration } from "#domain/model/time.ts";
import type { Policy, RolloutCeiling } from "#domain/policy/policy.ts";
import type { Rollout } from "#domain/rollout/plan.ts";

/** Everything in which a rollout is bolder than the policy lets a model of its tier be; whole sentences without the full stop. */
export function beyondCeiling(policy: Policy, tier: Tier, rollout: Rollout): readonly string[] {
  const ceiling = policy.rollout.ceilings[tier];
  return ceiling === undefined ? [] : [...ofWeights(ceiling, rollout), ...ofTimes(ceiling, rollout)];
}

function ofWeights({ firstWeight, growth }: RolloutCeiling, { steps }: Rollout): readonly string[] {
  const [first] = steps;
  const start =
    firstWeight === undefined || first === undefined || first.weight <= firstWeight
      ? []
      : [`the first step has ${first.weight} %, and at most ${firstWeight} % is allowed`];
  const leaps = [...steps.map(({ weight }) => weight), 100].flatMap((weight, index, weights) => {
    const before = weights[index - 1];
    if (growth === undefined || before === undefined || weight <= before * growth) return [];
    return [`${weight} % follows ${before} %, and a step may be at most ${growth} times the one before it`];
  });
  return [...start, ...leaps];
}

function ofTimes({ window, bake, extend }: RolloutCeiling, rollout: Rollout): readonly string[] {
  const short = rollout.steps.find((step) => window !== undefined && step.window < window);
  return [
    ...(short === undefined || window === undefined
      ? []
      : [`the window at ${short.weight} % is ${printDuration(short.window)}, and at least ${printDuration(window)} is asked for`]),
    ...(bake === undefined || rollout.bake >= bake
      ? []
      : [`the bake is ${printDuration(rollout.bake)}, and at least ${printDuration(bake)} is asked for`]),
    ...(extend === undefined || rollout.extend <= extend
      ? []
      : [`a window may be extended ${rollout.extend} times, and at most ${extend} is allowed`]),
  ];
}
