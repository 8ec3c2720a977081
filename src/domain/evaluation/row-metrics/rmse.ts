import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf, rootOf } from "#domain/evaluation/rows/row-sums.ts";

/** How far predictions are off, large misses counting most, in the units of the target. */
export const rmse: RowMetricFamily = {
  family: "rmse",
  title: "root mean squared error",
  about: "How far predictions are off, large misses counting most, in the units of the target.",
  definition: "sqrt(mean of (p - y)^2)",
  reference: "sklearn root_mean_squared_error; interval by the delta method",
  tasks: ["regression"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "lower",
    range: { min: 0, max: null },
    decomposable: "corpus",
    input: "value",
    printedConvention: {},
    estimator: {
      kind: "linearised",
      method: "linearised",
      of: (rows) => {
        const predicted = column(rows.score);
        const squares = meanOf(
          rows.truth.map((y, row) => ((predicted[row] ?? 0) - y) ** 2),
          rows.weights,
        );
        return rootOf(squares);
      },
    },
  }),
};
