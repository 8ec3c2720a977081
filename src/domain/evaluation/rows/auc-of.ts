import { aucInfluence, aucPlacements } from "#domain/statistics/delong.ts";
import { type ArmRows, column } from "./arm-rows.ts";
import type { Linearised, NoValue } from "./row-metric.ts";
import { noValue } from "./row-sums.ts";

/** The AUC of the score of the positive class. */
export function aucOf({ truth, score, weights }: ArmRows): Linearised | NoValue {
  return aucOfScores(
    truth.map((label) => label === 1),
    column(score),
    weights,
  );
}

/** The AUC of any score with the rows' influences (F5). */
export function aucOfScores(
  positive: readonly boolean[],
  scores: readonly number[],
  weights: readonly number[] | null,
): Linearised | NoValue {
  if (scores.length === 0) return noValue("no-units");
  const placements = aucPlacements(positive, scores, weights);
  if (placements === null) return noValue("one-class");
  return { kind: "value", value: placements.auc, influences: aucInfluence(positive, placements, weights) };
}
