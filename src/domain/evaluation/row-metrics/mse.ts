import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf } from "#domain/evaluation/rows/row-sums.ts";

/** Squared distance of predictions: large misses count most. */
export const mse: RowMetricFamily = {
  family: "mse",
  title: "mean squared error",
  about: "Squared distance of predictions: large misses count most.",
  definition: "mean of (p - y)^2",
  reference: "sklearn mean_squared_error",
  tasks: ["regression"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "lower",
    range: { min: 0, max: null },
    decomposable: "per-row-mean",
    input: "value",
    printedConvention: {},
    estimator: {
      kind: "linearised",
      method: "mean",
      of: (rows) => {
        const predicted = column(rows.score);
        return meanOf(
          rows.truth.map((y, row) => ((predicted[row] ?? 0) - y) ** 2),
          rows.weights,
        );
      },
    },
  }),
};
