import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { noValue } from "#domain/evaluation/rows/row-sums.ts";
import { curveOf, scoreOrder } from "#domain/evaluation/rows/score-steps.ts";

/** How far apart the scores of positive and negative rows lie at the best threshold. */
export const ks: RowMetricFamily = {
  family: "ks",
  title: "Kolmogorov-Smirnov distance of the classes",
  about: "How far apart the scores of positive and negative rows lie at the best threshold.",
  definition: "max over thresholds of |TPR - FPR|",
  reference: "Smirnov 1939; equals scipy ks_2samp",
  tasks: ["classification"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "higher",
    range: { min: 0, max: 1 },
    decomposable: "corpus",
    input: "score",
    printedConvention: { ties: "one step" },
    estimator: {
      kind: "census",
      of: ({ truth, score, weights }) => {
        const points = curveOf(scoreOrder(column(score)), truth, weights);
        const last = points.at(-1);
        if (last === undefined) return noValue("no-units");
        if (last.truePositives === 0 || last.falsePositives === 0) return noValue("one-class");
        const distances = points.map((point) =>
          Math.abs(point.truePositives / last.truePositives - point.falsePositives / last.falsePositives),
        );
        return { kind: "value", value: distances.reduce((most, distance) => Math.max(most, distance), 0) };
      },
    },
  }),
};
