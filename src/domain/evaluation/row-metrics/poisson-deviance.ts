import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf, noValue } from "#domain/evaluation/rows/row-sums.ts";

/** How badly predicted counts explain the counts that came, the variance growing with the mean: visits, claims, orders. */
export const poissonDeviance: RowMetricFamily = {
  family: "poisson_deviance",
  title: "mean Poisson deviance",
  about: "How badly predicted counts explain the counts that came, the variance growing with the mean: visits, claims, orders.",
  definition: "mean of 2 (y ln(y / p) - y + p), y ln(y / p) being 0 at y = 0; undefined where a y is negative or a p is not positive",
  reference: "McCullagh and Nelder 1989; sklearn mean_poisson_deviance",
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
        if (rows.truth.some((y, row) => y < 0 || !((predicted[row] ?? 0) > 0))) return noValue("outside-domain");
        return meanOf(
          rows.truth.map((y, row) => {
            const p = predicted[row] ?? 0;
            return 2 * ((y === 0 ? 0 : y * Math.log(y / p)) - y + p);
          }),
          rows.weights,
        );
      },
    },
  }),
};
