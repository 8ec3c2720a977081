import type { Numbers } from "#domain/statistics/numbers.ts";
import { offPolicyObjections, type WeightDiagnostics, weightDiagnostics } from "#domain/statistics/off-policy.ts";
import { type ArmRows, column } from "./arm-rows.ts";
import type { Linearised, NoValue } from "./row-metric.ts";
import { noValue } from "./row-sums.ts";

/** What each logged decision weighs for this arm: its probability of the logged action over the logged one (F16). */
export function loggedWeights({ score, propensity }: Pick<ArmRows, "score" | "propensity">): Numbers {
  const logged = column(propensity);
  return column(score).map((probability, row) => probability / (logged[row] ?? Number.NaN));
}

function clippedTo(weights: Numbers, clip: number | null): Numbers {
  return clip === null ? weights : weights.map((weight) => Math.min(weight, clip));
}

/** Clipping hides large weights, but not that the propensities are wrong: the mean is that of the weights as they are. */
function loggedDiagnostics(weights: Numbers, clip: number | null): WeightDiagnostics {
  const { meanWeight, standardErrorOfMeanWeight } = weightDiagnostics(weights);
  return { ...weightDiagnostics(clippedTo(weights, clip)), meanWeight, standardErrorOfMeanWeight };
}

/** An estimate of what the arm would have earned, or the first reason why its weights forbid to believe one. */
export function offPolicy(rows: ArmRows, clip: number | null, estimate: (weights: Numbers) => Linearised | NoValue): Linearised | NoValue {
  if (rows.truth.length === 0) return noValue("no-units");
  const weights = loggedWeights(rows);
  const [objection] = offPolicyObjections(loggedDiagnostics(weights, clip));
  return objection === undefined ? estimate(clippedTo(weights, clip)) : noValue(objection);
}
