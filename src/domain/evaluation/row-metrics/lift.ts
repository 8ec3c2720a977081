import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { noValue } from "#domain/evaluation/rows/row-sums.ts";
import { curveOf, scoreOrder } from "#domain/evaluation/rows/score-steps.ts";

/** How many times more positives the best-scored share of rows holds than a random one. */
export const lift: RowMetricFamily = {
  family: "lift",
  title: "lift",
  about: "How many times more positives the best-scored share of rows holds than a random one.",
  definition: "share of positives in the first k = ceil(share x n) rows / share of positives; a tied group counts by its average",
  reference: "Berry and Linoff 1997",
  tasks: ["classification"],
  parameter: { name: "share", required: true, kind: "share", example: "0.1" },
  sklearn: false,
  define: (parameter) => {
    const share = parameter ?? 1;
    return {
      better: "higher",
      range: { min: 0, max: 1 / share },
      decomposable: "corpus",
      input: "score",
      printedConvention: { share, ties: "average" },
      estimator: {
        kind: "census",
        of: ({ truth, score, weights }) => {
          const points = curveOf(scoreOrder(column(score)), truth, weights);
          const last = points.at(-1);
          if (last === undefined) return noValue("no-units");
          if (last.truePositives === 0) return noValue("no-positive");
          const total = last.truePositives + last.falsePositives;
          const wanted = weights === null ? Math.ceil(share * total - 1e-12) : share * total;
          let [found, seen] = [0, { truePositives: 0, falsePositives: 0 }];
          for (const point of points) {
            const before = seen.truePositives + seen.falsePositives;
            const size = point.truePositives + point.falsePositives - before;
            const taken = Math.min(size, wanted - before);
            if (taken <= 0) break;
            found += ((point.truePositives - seen.truePositives) * taken) / size;
            seen = point;
          }
          return { kind: "value", value: found / wanted / (last.truePositives / total) };
        },
      },
    };
  },
};
