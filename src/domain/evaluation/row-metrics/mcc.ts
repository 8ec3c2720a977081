import { column } from "#domain/evaluation/rows/arm-rows.ts";
import { classCounts } from "#domain/evaluation/rows/class-counts.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { influencesOf, noValue } from "#domain/evaluation/rows/row-sums.ts";
import type { Numbers } from "#domain/statistics/numbers.ts";

/** The correlation of predicted and true classes: honest where classes are unbalanced. */
export const mcc: RowMetricFamily = {
  family: "mcc",
  title: "Matthews correlation coefficient",
  about: "The correlation of predicted and true classes: honest where classes are unbalanced.",
  definition: "(c - sum t p) / sqrt((1 - sum p^2)(1 - sum t^2)), c the share of hits, t and p the shares of each class; 0 where undefined",
  reference: "Gorodkin 2004; sklearn matthews_corrcoef; interval by the delta method",
  tasks: ["classification"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "higher",
    range: { min: -1, max: 1 },
    decomposable: "corpus",
    input: "class",
    printedConvention: { undefined: 0 },
    estimator: {
      kind: "linearised",
      method: "linearised",
      of: (rows) => {
        if (rows.truth.length === 0) return noValue("no-units");
        const { truths, predictions, hits, total } = classCounts(rows);
        const [t, p] = [truths.map((own) => own / total), predictions.map((own) => own / total)];
        const square = (shares: Numbers): number => shares.reduce((sum, own) => sum + own * own, 0);
        const [a, b] = [1 - square(p), 1 - square(t)];
        if (!(a > 1e-15 && b > 1e-15)) return { kind: "value", value: 0, influences: rows.truth.map(() => 0) };
        const together = hits.reduce((sum, own) => sum + own / total, 0) - t.reduce((sum, own, index) => sum + own * (p[index] ?? 0), 0);
        const root = Math.sqrt(a * b);
        const value = together / root;
        const predicted = column(rows.predicted);
        const slope = (k: number, row: number): number => {
          const j = predicted[row] ?? 0;
          const numerator = (k === j ? 1 : 0) - (p[k] ?? 0) - (t[j] ?? 0);
          return numerator / root + value * ((p[j] ?? 0) / a + (t[k] ?? 0) / b);
        };
        return { kind: "value", value, influences: centred(rows.truth.map(slope), rows.weights) };
      },
    },
  }),
};

function centred(slopes: Numbers, weights: Numbers | null): Numbers {
  const weighed = influencesOf(slopes, weights);
  const mean = weighed.reduce((sum, own) => sum + own, 0) / weighed.length;
  return weights === null
    ? weighed.map((own) => own - mean)
    : influencesOf(
        slopes.map((own) => own - mean),
        weights,
      );
}
