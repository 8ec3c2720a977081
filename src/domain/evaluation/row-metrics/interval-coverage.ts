import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf } from "#domain/evaluation/rows/row-sums.ts";

/** How often the true value lies in the predicted interval: compare with what the interval promises. */
export const intervalCoverage: RowMetricFamily = {
  family: "interval_coverage",
  title: "coverage of predicted intervals",
  about: "How often the true value lies in the predicted interval: compare with what the interval promises.",
  definition: "mean of [lower <= y <= upper]",
  reference: "Gneiting and Raftery 2007",
  tasks: ["regression"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "target",
    range: { min: 0, max: 1 },
    decomposable: "per-row-mean",
    input: "interval",
    printedConvention: { bounds: "inclusive" },
    estimator: {
      kind: "linearised",
      method: "mean",
      of: (rows) => {
        const [lower, upper] = [column(rows.lower), column(rows.upper)];
        return meanOf(
          rows.truth.map((y, row) => (y >= (lower[row] ?? 0) && y <= (upper[row] ?? 0) ? 1 : 0)),
          rows.weights,
        );
      },
    },
  }),
};
