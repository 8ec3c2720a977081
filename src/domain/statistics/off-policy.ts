import { clusteredMean } from "./clustered-mean.ts";
import { exactSum } from "./exact-sum.ts";
import type { Numbers } from "./numbers.ts";
import { meanOf, varianceOf } from "./variance.ts";

export type OffPolicyEstimate = { readonly value: number; readonly standardError: number | null };

/**
 * Inverse propensity scoring (F16): what another policy would have earned on logged decisions, `mean(w r)`.
 *
 * w is the new policy's probability of the logged action over the logged one. Unbiased if the logged probabilities are right and nowhere 0
 * where the new policy acts; its error is that of a clustered mean. Shapes: one weight, reward and cluster per decision. Units: the reward's.
 * Reference: Horvitz and Thompson 1952; equals Open Bandit Pipeline's InverseProbabilityWeighting (whose error divides by n for n - 1).
 */
export function inversePropensity(weights: Numbers, rewards: Numbers, clusters: readonly string[] | null = null): OffPolicyEstimate {
  const found = clusteredMean(
    weights.map((weight, index) => weight * (rewards[index] ?? Number.NaN)),
    clusters,
  );
  return { value: found.mean, standardError: found.standardError };
}

/** The same with weights above a limit cut to it, and the share that was: biased towards 0, and never silent. */
export function clippedInversePropensity(
  weights: Numbers,
  rewards: Numbers,
  limit: number,
): OffPolicyEstimate & { readonly clippedShare: number } {
  const clipped = weights.map((weight) => Math.min(weight, limit));
  return { ...inversePropensity(clipped, rewards), clippedShare: weights.filter((weight) => weight > limit).length / weights.length };
}

/**
 * Self-normalised IPS (F16): `V = sum(w r) / sum(w)`, steadier and within the range of the rewards.
 *
 * Its error is linearised, `sqrt(sum(w² (r - V)²)) / sum(w)`, or over sums per cluster. Null when all weights are 0.
 * Reference: Swaminathan and Joachims 2015; equals SelfNormalizedInverseProbabilityWeighting.
 */
export function selfNormalised(weights: Numbers, rewards: Numbers, clusters: readonly string[] | null = null): OffPolicyEstimate | null {
  const total = exactSum(weights);
  if (!(total > 0)) return null;
  const value = exactSum(weights.map((weight, index) => weight * (rewards[index] ?? Number.NaN))) / total;
  const residuals = weights.map((weight, index) => weight * ((rewards[index] ?? Number.NaN) - value));
  const sums = new Map<string, number>();
  residuals.forEach((residual, index) => {
    const cluster = clusters?.[index] ?? String(index);
    sums.set(cluster, (sums.get(cluster) ?? 0) + residual);
  });
  return { value, standardError: Math.sqrt(exactSum([...sums.values()].map((sum) => sum * sum))) / total };
}

/** Direct method: the mean of a reward model's expectation under the new policy; as wrong as the model. Reference: Dudík et al. 2014. */
export function directMethod(expectedRewards: Numbers): OffPolicyEstimate {
  const found = clusteredMean(expectedRewards);
  return { value: found.mean, standardError: found.standardError };
}

/** Replay: the mean reward where a policy that always picks one action picks the logged one. Reference: Li et al. 2011. */
export function replay(rewards: Numbers, matches: readonly boolean[]): { readonly value: number; readonly matched: number } {
  const matched = rewards.filter((_, index) => matches[index] === true);
  return { value: meanOf(matched), matched: matched.length };
}

export type WeightDiagnostics = {
  /** How many equally weighted decisions would be as informative: `(sum w)² / sum w²`. */
  readonly effectiveSampleSize: number;
  readonly effectiveShare: number;
  readonly meanWeight: number;
  readonly standardErrorOfMeanWeight: number;
  readonly largestWeightShare: number;
};

/** What the weights say about the estimate (F16). Reference: Kish 1965; Owen 2013, chapter 9. */
export function weightDiagnostics(weights: Numbers): WeightDiagnostics {
  const total = exactSum(weights);
  const effectiveSampleSize = total ** 2 / exactSum(weights.map((weight) => weight * weight));
  return {
    effectiveSampleSize,
    effectiveShare: effectiveSampleSize / weights.length,
    meanWeight: meanOf(weights),
    standardErrorOfMeanWeight: Math.sqrt(varianceOf(weights) / weights.length),
    largestWeightShare: weights.reduce((most, weight) => Math.max(most, weight), 0) / total,
  };
}

export type OffPolicyObjection = "too-few-effective" | "one-weight-dominates" | "propensities-wrong";

/**
 * Why an off-policy estimate must not gate, if anything: fewer than 1 % of the decisions effective, one weight with 5 % of all, or a
 * mean weight that lies more than three of its errors from 1, which it has when the logged probabilities are right.
 */
export function offPolicyObjections(diagnostics: WeightDiagnostics): readonly OffPolicyObjection[] {
  const rules: readonly (readonly [OffPolicyObjection, boolean])[] = [
    ["too-few-effective", diagnostics.effectiveShare >= 0.01],
    ["one-weight-dominates", diagnostics.largestWeightShare < 0.05],
    ["propensities-wrong", Math.abs(diagnostics.meanWeight - 1) <= 3 * diagnostics.standardErrorOfMeanWeight],
  ];
  return rules.flatMap(([objection, holds]) => (holds ? [] : [objection]));
}
