import { aucInfluence, aucPlacements, type Positive } from "#domain/statistics/delong.ts";
import type { Numbers } from "#domain/statistics/numbers.ts";
import { type ArmRows, column } from "./arm-rows.ts";
import type { Linearised, NoValue } from "./row-metric.ts";
import { noValue } from "./row-sums.ts";

/** The AUC of the score of the positive class. */
export function aucOf({ truth, score, weights }: ArmRows): Linearised | NoValue {
  return aucOfScores(rowsOfClass(truth, 1), column(score), weights);
}

/** The AUC of any score with the rows' influences (F5). */
export function aucOfScores(positive: Positive, scores: Numbers, weights: Numbers | null): Linearised | NoValue {
  if (scores.length === 0) return noValue("no-units");
  const placements = aucPlacements(positive, scores, weights);
  if (placements === null) return noValue("one-class");
  return { kind: "value", value: placements.auc, influences: aucInfluence(positive, placements, weights) };
}

/** 1 where the class of a row is this one, else 0. */
export function rowsOfClass(truth: Numbers, place: number): Uint8Array {
  const marks = new Uint8Array(truth.length);
  for (let row = 0; row < marks.length; row += 1) marks[row] = truth[row] === place ? 1 : 0;
  return marks;
}
