import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { mapped, noValue, ratioOf } from "#domain/evaluation/rows/row-sums.ts";
import { weightedMeanOf } from "#domain/statistics/variance.ts";

/** How much of the variation of the target predictions explain; 0 is as good as its mean. */
export const r2: RowMetricFamily = {
  family: "r2",
  title: "coefficient of determination",
  about: "How much of the variation of the target predictions explain; 0 is as good as its mean.",
  definition: "1 - sum of (p - y)^2 / sum of (y - mean y)^2",
  reference: "sklearn r2_score; interval by the delta method",
  tasks: ["regression"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "higher",
    range: { min: null, max: 1 },
    decomposable: "corpus",
    input: "value",
    printedConvention: {},
    estimator: {
      kind: "linearised",
      method: "linearised",
      of: (rows) => {
        const predicted = column(rows.score);
        if (rows.truth.length < 2) return noValue("truth-does-not-vary");
        const errors = rows.truth.map((y, row) => (predicted[row] ?? 0) - y);
        const mean = weightedMeanOf(rows.truth, rows.weights);
        return mapped(
          ratioOf(
            errors.map((error) => error ** 2),
            rows.truth.map((y) => (y - mean) ** 2),
            rows.weights,
            "truth-does-not-vary",
          ),
          (ratio) => 1 - ratio,
          () => -1,
        );
      },
    },
  }),
};
