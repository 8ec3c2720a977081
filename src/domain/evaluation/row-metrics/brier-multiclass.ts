import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { meanOf } from "#domain/evaluation/rows/row-sums.ts";

/** The squared distance of all classes' probabilities from what happened. */
export const brierMulticlass: RowMetricFamily = {
  family: "brier_multiclass",
  title: "Brier score over all classes",
  about: "The squared distance of all classes' probabilities from what happened.",
  definition: "mean over rows of the sum over classes of (p - [class is true])^2, 0 to 2",
  reference: "Brier 1950",
  tasks: ["classification"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "lower",
    range: { min: 0, max: 2 },
    decomposable: "per-row-mean",
    input: "probabilities",
    printedConvention: { over: "sum of classes" },
    estimator: {
      kind: "linearised",
      method: "mean",
      of: ({ truth, probabilities, weights }) =>
        meanOf(
          truth.map((label, row) =>
            (probabilities ?? []).reduce((sum, ofClass, index) => sum + ((ofClass[row] ?? 0) - (index === label ? 1 : 0)) ** 2, 0),
          ),
          weights,
        ),
    },
  }),
};
