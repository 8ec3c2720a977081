import { column } from "#domain/evaluation/rows/arm-rows.ts";
import { rowsOfClass } from "#domain/evaluation/rows/auc-of.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { noValue } from "#domain/evaluation/rows/row-sums.ts";
import { averagePrecision as averagePrecisionOf } from "#domain/statistics/average-precision.ts";

/** How pure the top of the list stays while positives are found: for rare positives. */
export const averagePrecision: RowMetricFamily = {
  family: "average_precision",
  title: "average precision (area under the precision-recall steps)",
  about: "How pure the top of the list stays while positives are found: for rare positives.",
  definition: "sum over scores of (recall gained) x precision, rows of equal score one step",
  reference: "sklearn average_precision_score; influence by the infinitesimal jackknife, Efron 1982",
  tasks: ["classification"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "higher",
    range: { min: 0, max: 1 },
    decomposable: "corpus",
    input: "score",
    printedConvention: { area: "steps", ties: "one step" },
    estimator: {
      kind: "linearised",
      method: "linearised",
      of: ({ truth, score, weights }) => {
        const found = averagePrecisionOf(rowsOfClass(truth, 1), column(score), weights);
        return found === null ? noValue("no-positive") : { kind: "value", value: found.value, influences: found.influences };
      },
    },
  }),
};
