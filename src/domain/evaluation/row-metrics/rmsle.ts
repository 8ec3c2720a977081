import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf, noValue, rootOf } from "#domain/evaluation/rows/row-sums.ts";

/** How far predictions are off in proportion, for amounts that span orders of magnitude: twice too much is as bad as half. */
export const rmsle: RowMetricFamily = {
  family: "rmsle",
  title: "root mean squared logarithmic error",
  about: "How far predictions are off in proportion, for amounts that span orders of magnitude: twice too much is as bad as half.",
  definition: "sqrt(mean of (ln(1 + p) - ln(1 + y))^2); undefined where a p or y is -1 or less",
  reference: "sklearn root_mean_squared_log_error; interval by the delta method",
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
        if (rows.truth.some((y, row) => y <= -1 || (predicted[row] ?? 0) <= -1)) return noValue("outside-domain");
        const squares = meanOf(
          rows.truth.map((y, row) => (Math.log1p(predicted[row] ?? 0) - Math.log1p(y)) ** 2),
          rows.weights,
        );
        return rootOf(squares);
      },
    },
  }),
};
