import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf } from "#domain/evaluation/rows/row-sums.ts";

/** How far predictions are off as a share of each true value; rows with a true value of 0 are left out and counted. */
export const mape: RowMetricFamily = {
  family: "mape",
  title: "mean absolute percentage error",
  about: "How far predictions are off as a share of each true value; rows with a true value of 0 are left out and counted.",
  definition: "mean of |p - y| / |y|, a fraction (sklearn: divides by at least 2.2e-16 and explodes at 0)",
  reference: "Hyndman and Koehler 2006; sklearn mean_absolute_percentage_error",
  tasks: ["regression"],
  parameter: null,
  sklearn: {
    called: "mean_absolute_percentage_error",
    about: "keeps rows with a true value of 0 and divides them by 2.2e-16, so that one of them drowns the rest",
  },
  define: (_, library) => ({
    better: "lower",
    range: { min: 0, max: null },
    decomposable: "per-row-mean",
    input: "value",
    printedConvention: { zeros: library === "sklearn" ? "divided by 2.2e-16" : "left out" },
    ...(library === null && { excludes: { name: "zeroTruth", when: (truth: number) => truth === 0 } }),
    estimator: {
      kind: "linearised",
      method: "mean",
      of: (rows) => {
        const predicted = column(rows.score);
        return meanOf(
          rows.truth.map((y, row) => Math.abs((predicted[row] ?? 0) - y) / Math.max(Math.abs(y), Number.EPSILON)),
          rows.weights,
        );
      },
    },
  }),
};
