import { ascendingOrder } from "#domain/statistics/ascending-order.ts";
import type { Numbers } from "#domain/statistics/numbers.ts";
import { quantileOfSorted } from "#domain/statistics/quantile.ts";

/** How probabilities are put into bins: which bin each belongs to, and how a report calls that. */
export type CalibrationBins = {
  readonly count: number;
  readonly layout: string;
  readonly of: (probabilities: Numbers) => Numbers;
};

/** Bins of equal width, [a, b), the last closed: where p = a belongs to [a, b) one product of doubles decides. */
export function equalWidth(count: number): CalibrationBins {
  return { count, layout: "equal width, [a,b)", of: (p) => p.map((value) => Math.min(count - 1, Math.floor(value * count))) };
}

/** Bins of equal width as scikit-learn's `calibration_curve` cuts them: (a, b], the first closed. */
export function equalWidthRightClosed(count: number): CalibrationBins {
  return {
    count,
    layout: "equal width, (a,b]",
    of: (p) => p.map((value) => Math.max(0, Math.min(count - 1, Math.ceil(value * count) - 1))),
  };
}

/** As many rows in every bin: rows in the order of their probability, cut at floor(i n / bins). Equal ones may fall on both sides of a cut. */
export function equalMass(count: number): CalibrationBins {
  return {
    count,
    layout: "equal mass",
    of: (p) => {
      const binOf = new Float64Array(p.length);
      ascendingOrder(p).forEach((row, place) => {
        binOf[row] = Math.floor(((place + 1) * count - 1) / p.length);
      });
      return binOf;
    },
  };
}

/** Bins between quantiles as scikit-learn's `calibration_curve(strategy="quantile")` cuts them: (a, b], equal probabilities together. */
export function betweenQuantiles(count: number): CalibrationBins {
  return {
    count,
    layout: "between quantiles, (a,b]",
    of: (p) => {
      const binOf = new Float64Array(p.length);
      const order = ascendingOrder(p);
      const sorted = Float64Array.from(order, (row) => p[row] ?? 0);
      const edges = Array.from({ length: count - 1 }, (_, index) => quantileOfSorted(sorted, (index + 1) / count, "interpolated"));
      let below = 0;
      order.forEach((row, place) => {
        while (below < edges.length && (edges[below] ?? 1) < (sorted[place] ?? 0)) below += 1;
        binOf[row] = below;
      });
      return binOf;
    },
  };
}
