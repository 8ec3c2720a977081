import { type ArmRows, column } from "./arm-rows.ts";

/** Shares of all rows' weight, by true and predicted class. */
export type ClassCounts = {
  /** `cells[truth][predicted]` */
  readonly cells: readonly (readonly number[])[];
  /** Of each class: how often it is true, predicted, and both. */
  readonly truths: readonly number[];
  readonly predictions: readonly number[];
  readonly hits: readonly number[];
  /** Classes that count in an average over classes. */
  readonly counted: readonly number[];
  readonly total: number;
};

/** The confusion matrix, row = truth, column = prediction. */
export function classCounts(rows: ArmRows): ClassCounts {
  const predicted = column(rows.predicted);
  const size = rows.classes.length;
  const cells = Array.from({ length: size }, () => Array.from({ length: size }, () => 0));
  let total = 0;
  rows.truth.forEach((truth, row) => {
    const weight = rows.weights?.[row] ?? 1;
    const guess = predicted[row] ?? 0;
    const line = cells[truth];
    if (line !== undefined) line[guess] = (line[guess] ?? 0) + weight;
    total += weight;
  });
  const truths = cells.map((line) => line.reduce((sum, cell) => sum + cell, 0));
  const predictions = rows.classes.map((_, guess) => cells.reduce((sum, line) => sum + (line[guess] ?? 0), 0));
  const hits = cells.map((line, truth) => line[truth] ?? 0);
  const all = rows.classes.map((_, index) => index);
  const counted = rows.classesDeclared ? all : all.filter((index) => (truths[index] ?? 0) > 0 || (predictions[index] ?? 0) > 0);
  return { cells, truths, predictions, hits, counted, total };
}

/** Rows whose predicted class is the positive one where the score reaches a threshold; without one, as they were predicted. */
export function atThreshold(rows: ArmRows, threshold: number | null): ArmRows {
  return threshold === null ? rows : { ...rows, predicted: column(rows.score).map((score) => (score >= threshold ? 1 : 0)) };
}
