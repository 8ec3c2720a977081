import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf } from "#domain/evaluation/rows/row-sums.ts";

/** How wide predicted intervals are: at equal coverage, narrower is better. */
export const intervalWidth: RowMetricFamily = {
  family: "interval_width",
  title: "width of predicted intervals",
  about: "How wide predicted intervals are: at equal coverage, narrower is better.",
  definition: "mean of upper - lower",
  reference: "Gneiting and Raftery 2007",
  tasks: ["regression"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "lower",
    range: { min: 0, max: null },
    decomposable: "per-row-mean",
    input: "interval",
    printedConvention: { bounds: "inclusive" },
    estimator: {
      kind: "linearised",
      method: "mean",
      of: (rows) => {
        const [lower, upper] = [column(rows.lower), column(rows.upper)];
        return meanOf(
          lower.map((from, row) => (upper[row] ?? 0) - from),
          rows.weights,
        );
      },
    },
  }),
};
