import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { noValue } from "#domain/evaluation/rows/row-sums.ts";
import { type CurvePoint, curveOf, scoreOrder } from "#domain/evaluation/rows/score-steps.ts";

/** The part of the ROC area at the false positive rates that can be afforded. */
export const partialAuc: RowMetricFamily = {
  family: "partial_auc",
  title: "partial area under the ROC curve",
  about: "The part of the ROC area at the false positive rates that can be afforded.",
  definition: "area under TPR over FPR from 0 to the limit, straight between points, not standardised (sklearn: McClish, 0.5 for chance)",
  reference: "McClish 1989; sklearn roc_auc_score(max_fpr)",
  tasks: ["classification"],
  parameter: { name: "maxFpr", required: true, kind: "share", example: "0.1" },
  sklearn: {
    called: "roc_auc_score(max_fpr)",
    about: "standardises the area by McClish, so that chance is 0.5 and perfect 1; the default is the raw area",
  },
  define: (parameter, library) => {
    const limit = parameter ?? 1;
    const standardised = (area: number): number => (1 + (area - limit ** 2 / 2) / (limit - limit ** 2 / 2)) / 2;
    return {
      better: "higher",
      range: { min: 0, max: library === "sklearn" ? 1 : limit },
      decomposable: "u-statistic",
      input: "score",
      printedConvention: { maxFpr: limit, area: library === "sklearn" ? "mcclish" : "raw" },
      estimator: {
        kind: "bootstrap",
        of: ({ truth, score }) => {
          if (truth.length === 0) return noValue("no-units");
          if (!truth.includes(1) || !truth.includes(0)) return noValue("one-class");
          const order = scoreOrder(column(score));
          return (weights) => {
            const area = areaUpTo(curveOf(order, truth, weights), limit);
            return library === "sklearn" ? standardised(area) : area;
          };
        },
      },
    };
  },
};

function areaUpTo(points: readonly CurvePoint[], limit: number): number {
  const last = points.at(-1) ?? { truePositives: 0, falsePositives: 0 };
  if (last.truePositives === 0 || last.falsePositives === 0) return Number.NaN;
  let [area, x0, y0] = [0, 0, 0];
  for (const { truePositives, falsePositives } of points) {
    const [x1, y1] = [falsePositives / last.falsePositives, truePositives / last.truePositives];
    if (x1 > limit) return area + ((limit - x0) * (y0 + y0 + ((y1 - y0) * (limit - x0)) / (x1 - x0))) / 2;
    area += ((x1 - x0) * (y0 + y1)) / 2;
    [x0, y0] = [x1, y1];
  }
  return area;
}
