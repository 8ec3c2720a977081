import { ascendingOrder } from "./ascending-order.ts";
import { clusteredMean, type MeanEstimate } from "./clustered-mean.ts";
import { marksOf, type Positive } from "./delong.ts";
import type { Numbers } from "./numbers.ts";

/** Average precision with every row's influence on it; a mean of `influences` is 0 and has the error of the average precision. */
export type AveragePrecision = { readonly value: number; readonly influences: Numbers };

/**
 * Average precision (area under the precision-recall steps), linearised per row.
 *
 * `AP = sum over positives of w precision at their score / P`; rows of equal score are one step. The influence of a positive row is
 * `w n (precision - AP + A) / P`, of a negative one `-w n B / P`, with `A = sum of w FP/n²` and `B = sum of w TP/n²` over the positives at
 * or below it, n rows in all (the derivative of AP by the row's weight). Assumes many positives. Null without a positive row.
 * Shapes: one label, score and weight per row, in one order. Reference: value equals sklearn's average_precision_score; influence:
 * infinitesimal jackknife, Efron 1982.
 */
export function averagePrecision(positive: Positive, scores: Numbers, weights: Numbers | null = null): AveragePrecision | null {
  const marks = marksOf(positive);
  const steps = stepsOf(marks, scores, weights);
  const positives = steps.reduce((sum, step) => sum + step.positives, 0);
  if (positives === 0) return null;
  const value = steps.reduce((sum, step) => sum + step.positives * step.precision, 0) / positives;
  const influences = new Float64Array(scores.length);
  let [gain, loss] = [0, 0];
  for (const step of steps.toReversed()) {
    gain += (step.positives * step.falsePositives) / step.listed ** 2;
    loss += (step.positives * step.precision) / step.listed;
    for (const row of step.rows) {
      const influence = marks[row] === 1 ? step.precision - value + gain : -loss;
      influences[row] = ((weights?.[row] ?? 1) * scores.length * influence) / positives;
    }
  }
  return { value, influences };
}

/** The difference of two average precisions on the same rows, candidate - baseline; rows of one cluster may depend on each other. */
export function averagePrecisionDifference(
  positive: Positive,
  candidate: Numbers,
  baseline: Numbers,
  clusters: readonly string[] | null = null,
  weights: Numbers | null = null,
): MeanEstimate | null {
  const c = averagePrecision(positive, candidate, weights);
  const b = averagePrecision(positive, baseline, weights);
  if (c === null || b === null) return null;
  const influences = c.influences.map((influence, row) => influence - (b.influences[row] ?? 0));
  return { ...clusteredMean(influences, clusters), mean: c.value - b.value };
}

type Step = {
  readonly rows: readonly number[];
  readonly positives: number;
  readonly listed: number;
  readonly falsePositives: number;
  readonly precision: number;
};

/** Rows by score from the highest down, equal scores together, with what is listed once they are. */
function stepsOf(marks: Uint8Array, scores: Numbers, weights: Numbers | null): readonly Step[] {
  const order = ascendingOrder(scores).toReversed();
  const steps: Step[] = [];
  let [listed, truePositives] = [0, 0];
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start] ?? 0];
    const rows: number[] = [];
    let positives = 0;
    for (let place = start; place < order.length && scores[order[place] ?? 0] === score; place += 1) {
      const row = order[place] ?? 0;
      rows.push(row);
      listed += weights?.[row] ?? 1;
      if (marks[row] === 1) positives += weights?.[row] ?? 1;
    }
    truePositives += positives;
    steps.push({ rows, positives, listed, falsePositives: listed - truePositives, precision: truePositives / listed });
    start += rows.length;
  }
  return steps;
}
