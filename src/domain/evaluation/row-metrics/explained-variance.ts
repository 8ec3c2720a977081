import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { mapped, noValue, ratioOf } from "#domain/evaluation/rows/row-sums.ts";
import { weightedMeanOf } from "#domain/statistics/variance.ts";

/** As r2, forgiving a constant bias. */
export const explainedVariance: RowMetricFamily = {
  family: "explained_variance",
  title: "explained variance",
  about: "As r2, forgiving a constant bias.",
  definition: "1 - variance of (y - p) / variance of y",
  reference: "sklearn explained_variance_score; interval by the delta method",
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
        const bias = weightedMeanOf(errors, rows.weights);
        return mapped(
          ratioOf(
            errors.map((error) => (error - bias) ** 2),
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
