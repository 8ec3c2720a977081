import { ascendingOrder } from "#domain/statistics/ascending-order.ts";
import type { Numbers } from "#domain/statistics/numbers.ts";

/** Rows from the highest score down; rows of equal score are one step. */
export type ScoreOrder = { readonly order: Uint32Array; readonly ends: readonly number[] };

/** Sorts once, so that every set of weights walks the same steps. */
export function scoreOrder(scores: Numbers): ScoreOrder {
  const order = ascendingOrder(scores.map((score) => -score));
  const ends: number[] = [];
  for (let place = 1; place <= order.length; place += 1)
    if (place === order.length || scores[order[place] ?? 0] !== scores[order[place - 1] ?? 0]) ends.push(place);
  return { order, ends };
}

/** The weight of positives and negatives with at least each score: the points of the ROC and the precision-recall curve. */
export type CurvePoint = { readonly truePositives: number; readonly falsePositives: number };

export function curveOf({ order, ends }: ScoreOrder, truth: Numbers, weights: ArrayLike<number> | null): readonly CurvePoint[] {
  let [place, truePositives, falsePositives] = [0, 0, 0];
  return ends.map((end) => {
    for (; place < end; place += 1) {
      const row = order[place] ?? 0;
      const weight = weights?.[row] ?? 1;
      if (truth[row] === 1) truePositives += weight;
      else falsePositives += weight;
    }
    return { truePositives, falsePositives };
  });
}
