import { type ArmRows, column } from "./arm-rows.ts";
import { classCounts } from "./class-counts.ts";
import type { Linearised, NoValue } from "./row-metric.ts";
import { influencesOf, meanOf, noValue } from "./row-sums.ts";

/**
 * An average over classes of a ratio of counts, linearised: each class is `a N / D` with N its hits and D its predictions, truths or
 * both; weighted averages also move with how often each class is true.
 */
export function averagedOver(
  rows: ArmRows,
  part: "precision" | "recall" | "f1",
  average: "micro" | "macro" | "weighted",
  onlyTrue: boolean,
): Linearised | NoValue {
  if (rows.truth.length === 0) return noValue("no-units");
  const predicted = column(rows.predicted);
  if (average === "micro")
    return meanOf(
      rows.truth.map((label, row) => (label === predicted[row] ? 1 : 0)),
      rows.weights,
    );
  const { truths, predictions, hits, counted, total } = classCounts(rows);
  const share = (counts: readonly number[], index: number): number => (counts[index] ?? 0) / total;
  const classes = onlyTrue ? counted.filter((index) => (truths[index] ?? 0) > 0) : counted;
  const scale = part === "f1" ? 2 : 1;
  const below = rows.classes.map((_, index) => {
    if (part === "f1") return share(truths, index) + share(predictions, index);
    return share(part === "recall" ? truths : predictions, index);
  });
  const ratios = rows.classes.map((_, index) => (below[index] === 0 ? 0 : (scale * share(hits, index)) / (below[index] ?? 1)));
  const weightOf = rows.classes.map((_, index) => {
    if (!classes.includes(index)) return 0;
    return average === "macro" ? 1 / classes.length : share(truths, index);
  });
  const value = ratios.reduce((sum, ratio, index) => sum + ratio * (weightOf[index] ?? 0), 0);

  const moved = (index: number, truth: number, guess: number): number => {
    const size = below[index] ?? 0;
    if (size === 0) return 0;
    const isTruth = index === truth ? 1 : 0;
    const isGuess = index === guess ? 1 : 0;
    const above = scale * isTruth * isGuess;
    const added = part === "f1" ? isTruth + isGuess : part === "recall" ? isTruth : isGuess;
    return ((weightOf[index] ?? 0) * (above - (ratios[index] ?? 0) * added)) / size;
  };
  const z = rows.truth.map((truth, row) => {
    const guess = predicted[row] ?? 0;
    const own = moved(truth, truth, guess) + (guess === truth ? 0 : moved(guess, truth, guess));
    return average === "weighted" ? own + (ratios[truth] ?? 0) - value : own;
  });
  return { kind: "value", value, influences: influencesOf(z, rows.weights) };
}
