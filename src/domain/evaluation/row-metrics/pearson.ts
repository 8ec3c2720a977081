import { correlationEstimator } from "#domain/evaluation/rows/correlated.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { pearson } from "#domain/statistics/influenced-correlation.ts";

/** How far predictions and true values lie on one line, whatever its slope: a model that is wrong by a factor loses nothing. */
export const pearsonCorrelation: RowMetricFamily = {
  family: "pearson",
  title: "Pearson's correlation",
  about: "How far predictions and true values lie on one line, whatever its slope: a model that is wrong by a factor loses nothing.",
  definition: "covariance of p and y / (standard deviation of p x standard deviation of y)",
  reference: "Pearson 1896; scipy pearsonr; interval by the delta method",
  tasks: ["regression"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "higher",
    range: { min: -1, max: 1 },
    decomposable: "corpus",
    input: "value",
    printedConvention: {},
    estimator: correlationEstimator(pearson),
  }),
};
