import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { ratioOf } from "#domain/evaluation/rows/row-sums.ts";

/** Whether predicted events add up to those that happened: 1 is right, 1.1 promises a tenth too many. */
export const calibrationRatio: RowMetricFamily = {
  family: "calibration_ratio",
  title: "calibration ratio",
  about: "Whether predicted events add up to those that happened: 1 is right, 1.1 promises a tenth too many.",
  definition: "sum of p / sum of y",
  reference: "TFMA calibration; Cochran 1977 for the interval",
  tasks: ["classification"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "target",
    range: { min: 0, max: null },
    decomposable: "ratio",
    input: "probability",
    printedConvention: {},
    estimator: { kind: "linearised", method: "ratio", of: (rows) => ratioOf(column(rows.score), rows.truth, rows.weights, "no-positive") },
  }),
};
