import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { influencesOf, noValue, totalWeight } from "#domain/evaluation/rows/row-sums.ts";
import type { Numbers } from "#domain/statistics/numbers.ts";
import { quantileInfluence } from "#domain/statistics/quantile.ts";

/** How far the middle prediction is off: a few wild misses do not move it. */
export const medianAe: RowMetricFamily = {
  family: "median_ae",
  title: "median absolute error",
  about: "How far the middle prediction is off: a few wild misses do not move it.",
  definition:
    "median of |p - y|, the mean of the two middle ones; weighted: the first whose weight below reaches half, averaged with the next where it is exactly half",
  reference: "sklearn median_absolute_error; interval as of a quantile (F6)",
  tasks: ["regression"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "lower",
    range: { min: 0, max: null },
    decomposable: "corpus",
    input: "value",
    printedConvention: { middle: "mean of two" },
    estimator: {
      kind: "linearised",
      method: "quantile",
      of: (rows) => {
        const predicted = column(rows.score);
        if (rows.truth.length === 0) return noValue("no-units");
        const errors = rows.truth.map((y, row) => Math.abs((predicted[row] ?? 0) - y));
        const value = median(errors, rows.weights);
        // The Bahadur influence: the same density of errors around the median, read off their quantiles.
        const perShare = quantileInfluence(errors, 0.5);
        const step = perShare.influences.reduce((most, own) => Math.max(most, Math.abs(own)), 0);
        const z = errors.map((error) => (error < value ? -step : error > value ? step : 0));
        const weighed = influencesOf(z, rows.weights);
        const mean = weighed.reduce((sum, own) => sum + own, 0) / totalWeight(errors.length, null);
        return { kind: "value", value, influences: weighed.map((own) => own - mean) };
      },
    },
  }),
};

function median(values: Numbers, weights: Numbers | null): number {
  const order = Uint32Array.from(values.keys()).toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const total = totalWeight(values.length, weights);
  let below = 0;
  for (const [place, row] of order.entries()) {
    below += weights?.[row] ?? 1;
    if (below < total / 2) continue;
    const own = values[row] ?? 0;
    return below === total / 2 ? (own + (values[order[place + 1] ?? row] ?? own)) / 2 : own;
  }
  return Number.NaN;
}
