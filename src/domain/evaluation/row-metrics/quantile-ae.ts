import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { noValue } from "#domain/evaluation/rows/row-sums.ts";
import { quantileInfluence } from "#domain/statistics/quantile.ts";

/** How far all but the worst predictions are off: `quantile_ae@0.9` is the 90 % quantile of the error. */
export const quantileAe: RowMetricFamily = {
  family: "quantile_ae",
  title: "quantile of the absolute error",
  about: "How far all but the worst predictions are off: with 0.9, nine of ten are no further. Rows count the same, whatever their weight.",
  definition: "the least |p - y| that at least a share q of the rows do not exceed",
  reference: "numpy.quantile(method=inverted_cdf); interval: paired quantiles (F6)",
  tasks: ["regression"],
  parameter: { name: "share", required: true, kind: "share", example: "0.9" },
  sklearn: false,
  define: (share) => ({
    better: "lower",
    range: { min: 0, max: null },
    decomposable: "corpus",
    input: "value",
    printedConvention: { share: share ?? 0.9, quantile: "observed" },
    estimator: {
      kind: "linearised",
      method: "quantile",
      of: (rows) => {
        if (rows.truth.length === 0) return noValue("no-units");
        const predicted = column(rows.score);
        const errors = rows.truth.map((y, row) => Math.abs((predicted[row] ?? 0) - y));
        return { kind: "value", ...quantileInfluence(errors, share ?? 0.9) };
      },
    },
  }),
};
