import { correlationEstimator } from "#domain/evaluation/rows/correlated.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { kendallTauB } from "#domain/statistics/kendall.ts";

/** How many more pairs of rows predictions put in the right order than in the wrong one. */
export const kendallTauBOfRows: RowMetricFamily = {
  family: "kendall_tau_b",
  title: "Kendall's tau-b",
  about: "How many more pairs of rows predictions put in the right order than in the wrong one.",
  definition: "(pairs in the same order - pairs in opposite order) / sqrt(pairs not tied in p x pairs not tied in y)",
  reference: "Kendall 1945; scipy kendalltau; interval by the delta method over U-statistics",
  tasks: ["regression"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "higher",
    range: { min: -1, max: 1 },
    decomposable: "u-statistic",
    input: "value",
    printedConvention: { ties: "tau-b" },
    estimator: correlationEstimator(kendallTauB),
  }),
};
