import { column } from "#domain/evaluation/rows/arm-rows.ts";
import { classCounts } from "#domain/evaluation/rows/class-counts.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { influencesOf, noValue } from "#domain/evaluation/rows/row-sums.ts";

/** Agreement of predicted and true classes beyond what their shares alone would give. */
export const cohenKappa: RowMetricFamily = {
  family: "cohen_kappa",
  title: "Cohen's kappa",
  about: "Agreement of predicted and true classes beyond what their shares alone would give.",
  definition: "(hits - expected) / (1 - expected), expected = sum of t p over classes; 0 where undefined",
  reference: "Cohen 1960; sklearn cohen_kappa_score; interval by the delta method (Fleiss et al. 1969)",
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
        const observed = hits.reduce((sum, own) => sum + own / total, 0);
        const expected = t.reduce((sum, own, index) => sum + own * (p[index] ?? 0), 0);
        const rest = 1 - expected;
        if (!(rest > 1e-15)) return { kind: "value", value: 0, influences: rows.truth.map(() => 0) };
        const predicted = column(rows.predicted);
        const slope = (k: number, row: number): number => {
          const j = predicted[row] ?? 0;
          const hit = (k === j ? 1 : 0) - observed;
          const chance = (p[k] ?? 0) + (t[j] ?? 0) - 2 * expected;
          return hit / rest - ((1 - observed) * chance) / rest ** 2;
        };
        return { kind: "value", value: (observed - expected) / rest, influences: influencesOf(rows.truth.map(slope), rows.weights) };
      },
    },
  }),
};
