import type { Numbers } from "#domain/statistics/numbers.ts";

/** One arm's rows of a slice, in one order for all columns. What a task does not have is null. */
export type ArmRows = {
  /** Regression: the true value; classification: the place of the true class in `classes`, in a binary task 1 for the positive one. */
  readonly truth: Numbers;
  /** The predicted value, or the score or probability of the positive class. */
  readonly score: Numbers | null;
  /** The place of the predicted class in `classes`. */
  readonly predicted: Numbers | null;
  /** Each class's probability, in the order of `classes`. */
  readonly probabilities: readonly Numbers[] | null;
  readonly lower: Numbers | null;
  readonly upper: Numbers | null;
  /** What a ratio's numerators, which stand in `score`, are divided by. */
  readonly denominator?: Numbers;
  /** With which probability the logged action was taken; the reward is the truth. */
  readonly propensity: Numbers | null;
  /** Positive; null: all rows count the same. */
  readonly weights: Numbers | null;
  readonly classes: readonly string[];
  /** Whether the model says which classes there are; else those count that appear. */
  readonly classesDeclared: boolean;
};

/** The column that a metric's input stands in; the engine has refused what lacks it. */
export function column(values: Numbers | null): Numbers {
  if (values === null) throw new RangeError("The engine scored a metric without the column that it reads.");
  return values;
}
