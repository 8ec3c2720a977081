import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf, noValue } from "#domain/evaluation/rows/row-sums.ts";

/** How far predicted positive amounts are off in proportion, too little costing more than too much: prices, waiting times. */
export const gammaDeviance: RowMetricFamily = {
  family: "gamma_deviance",
  title: "mean gamma deviance",
  about: "How far predicted positive amounts are off in proportion, too little costing more than too much: prices, waiting times.",
  definition: "mean of 2 (ln(p / y) + y / p - 1); undefined where a y or p is not positive",
  reference: "McCullagh and Nelder 1989; sklearn mean_gamma_deviance",
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
        if (rows.truth.some((y, row) => !(y > 0) || !((predicted[row] ?? 0) > 0))) return noValue("outside-domain");
        return meanOf(
          rows.truth.map((y, row) => {
            const p = predicted[row] ?? 0;
            return 2 * (Math.log(p / y) + y / p - 1);
          }),
          rows.weights,
        );
      },
    },
  }),
};
