import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { noValue } from "#domain/evaluation/rows/row-sums.ts";
import { curveOf, scoreOrder } from "#domain/evaluation/rows/score-steps.ts";

/** The precision-recall area with straight lines between points: too optimistic, offered to reproduce a number. */
export const prAucTrapezoid: RowMetricFamily = {
  family: "pr_auc_trapezoid",
  title: "area under the precision-recall curve, by trapezoids",
  about: "The precision-recall area with straight lines between points: too optimistic, offered to reproduce a number.",
  definition: "trapezoids over recall, from precision 1 at recall 0",
  reference: "sklearn auc(precision_recall_curve); Davis and Goadrich 2006 on why not",
  tasks: ["classification"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "higher",
    range: { min: 0, max: 1 },
    decomposable: "corpus",
    input: "score",
    printedConvention: { area: "trapezoid" },
    estimator: {
      kind: "bootstrap",
      of: ({ truth, score }) => {
        if (!truth.includes(1)) return noValue("no-positive");
        const order = scoreOrder(column(score));
        return (weights) => {
          const points = curveOf(order, truth, weights).filter(({ truePositives, falsePositives }) => truePositives + falsePositives > 0);
          const positives = points.at(-1)?.truePositives ?? 0;
          if (positives === 0) return Number.NaN;
          let [area, recall, precision] = [0, 0, 1];
          for (const { truePositives, falsePositives } of points) {
            const own = truePositives / (truePositives + falsePositives);
            area += ((truePositives / positives - recall) * (precision + own)) / 2;
            [recall, precision] = [truePositives / positives, own];
          }
          return area;
        };
      },
    },
  }),
};
