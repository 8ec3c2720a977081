import type { Curve } from "#domain/evaluation/drawings.ts";
import type { Numbers } from "#domain/statistics/numbers.ts";
import type { ArmRows } from "./arm-rows.ts";
import { type CalibrationBins, equalWidth } from "./calibration-bins.ts";
import { rowSample } from "./row-sample.ts";
import type { RowTable } from "./row-table.ts";
import { curveOf, scoreOrder } from "./score-steps.ts";

/** Steps along a curve's whole way. */
const steps = 100;

/** Where no metric says which bins are looked at, and where it says more than one can see. */
const usualBins = equalWidth(10);
const mostBins = 100;

/**
 * ROC and precision-recall where a metric ranks rows of two classes by a score, calibration where the scores are probabilities: in the bins
 * of the first calibration error that is measured, so that the drawing shows what the number sums.
 */
export function rowCurves(table: RowTable): readonly Curve[] {
  const ranking = table.metrics.find(({ input, excludes }) => (input === "score" || input === "probability") && excludes === undefined);
  if (ranking === undefined || table.classes.length !== 2) return [];
  const { candidate, baseline } = rowSample(table, null, ranking);
  const arms = [
    { arm: "candidate" as const, rows: candidate },
    ...(baseline === null ? [] : [{ arm: "baseline" as const, rows: baseline }]),
  ];
  const areProbabilities = table.metrics.some(({ input }) => input === "probability");
  const bins =
    table.metrics.find(({ calibrationBins }) => (calibrationBins?.count ?? mostBins + 1) <= mostBins)?.calibrationBins ?? usualBins;
  return arms.flatMap(({ arm, rows }) => [
    ...rankCurves(rows).map((curve) => ({ ...curve, arm })),
    ...(areProbabilities ? calibration(rows, bins) : []).map((curve) => ({ ...curve, arm })),
  ]);
}

type Drawn = Omit<Curve, "arm">;

/** Both curves on the same scores, thinned to where they have gone on by another hundredth of their way. */
function rankCurves(rows: ArmRows): readonly Drawn[] {
  const { truth, score, weights } = every(Math.ceil(rows.truth.length / mostOrdered), rows);
  if (score === null || score.length === 0) return [];
  const points = curveOf(scoreOrder(score), truth, weights);
  const { truePositives: positives = 0, falsePositives: negatives = 0 } = points.at(-1) ?? {};
  if (positives === 0 || negatives === 0) return [];
  const rates = points.map(({ truePositives, falsePositives }) => ({
    found: truePositives / positives,
    wrong: falsePositives / negatives,
    precision: truePositives / (truePositives + falsePositives),
  }));
  const way = ({ found, wrong }: { readonly found: number; readonly wrong: number }): number => Math.floor(((found + wrong) / 2) * steps);
  const kept = rates.filter((rate, index) => index === 0 || index === rates.length - 1 || way(rate) > way(rates[index - 1] ?? rate));
  return [
    { kind: "roc", of: score.length, x: [0, ...kept.map(({ wrong }) => wrong)], y: [0, ...kept.map(({ found }) => found)] },
    { kind: "precision-recall", of: score.length, x: kept.map(({ found }) => found), y: kept.map(({ precision }) => precision) },
  ];
}

/** A drawing needs no more rows than this, and putting millions in order takes seconds. */
const mostOrdered = 200_000;

function every(nth: number, { truth, score, weights }: ArmRows): Pick<ArmRows, "truth" | "score" | "weights"> {
  if (nth <= 1) return { truth, score, weights };
  const thin = (values: Numbers): Numbers => values.filter((_, row) => row % nth === 0);
  return { truth: thin(truth), score: score === null ? null : thin(score), weights: weights === null ? null : thin(weights) };
}

/** A bin without rows, or whose rows weigh nothing, has no point. */
function calibration({ truth, score, weights }: ArmRows, { count, layout, of }: CalibrationBins): readonly Drawn[] {
  if (score === null || score.length === 0) return [];
  const found = Array.from({ length: count }, () => ({ rows: 0, weight: 0, probability: 0, positive: 0 }));
  of(score).forEach((at, row) => {
    const bin = found[at];
    if (bin === undefined) return;
    const weight = weights?.[row] ?? 1;
    bin.rows += 1;
    bin.weight += weight;
    bin.probability += weight * (score[row] ?? 0);
    bin.positive += weight * (truth[row] ?? 0);
  });
  const filled = found.filter(({ weight }) => weight > 0);
  return [
    {
      kind: "calibration",
      of: score.length,
      x: filled.map(({ probability, weight }) => probability / weight),
      y: filled.map(({ positive, weight }) => positive / weight),
      rows: filled.map(({ rows }) => rows),
      bins: `${count} of ${layout}`,
    },
  ];
}
