import type { Compare } from "#domain/evaluation/compared-units.ts";
import type { Example } from "#domain/evaluation/report.ts";
import { exactSum } from "#domain/statistics/exact-sum.ts";
import type { Numbers } from "#domain/statistics/numbers.ts";
import { findingOf } from "./row-estimate.ts";
import { countedRows, rowSample } from "./row-sample.ts";
import type { RowArm, RowTable } from "./row-table.ts";

/** Metrics that are means over rows, where rows have names. A rank or a ratio has no value of one row. */
export function compareRows(table: RowTable): Compare {
  const compare = compareValues(table);
  return (name) => {
    const compared = compare(name);
    const { baseline } = table;
    if (compared === null || baseline === null) return null;
    const predictedIn = (arm: RowArm, row: number) => predictedAt(table, arm, row);
    return {
      ...compared,
      rowAt: (row) => ({
        label: labelAt(table, row),
        candidate: predictedIn(table.candidate, row),
        baseline: predictedIn(baseline, row),
      }),
    };
  };
}

/** The same where the value is all that is known of a row. */
export function compareValues(table: RowTable): Compare {
  return (name) => {
    const metric = table.metrics.find((known) => known.name === name);
    const { names, baseline } = table;
    if (metric === undefined || metric.better === "target" || names === undefined || baseline === null) return null;
    if (metric.estimator.kind !== "linearised" || metric.estimator.method !== "mean") return null;
    const sample = rowSample(table, null, metric);
    const { values } = findingOf(metric, sample, "");
    if (values === undefined) return null;
    const { rows } = countedRows(table, null, metric);
    const weightAt = weightsIn(sample.candidate.weights);
    const spread = (own: Numbers): readonly (number | null)[] => {
      const all = names.map((): number | null => null);
      // Values went through a mean and back: what that left of them in the last digits is no difference of the arms.
      own.forEach((value, index) => {
        all[rows === "all" ? index : (rows[index] ?? 0)] = Number((value / weightAt(index)).toPrecision(12));
      });
      return all;
    };
    return {
      metric: name,
      better: metric.better,
      unit: table.key,
      ids: names,
      candidate: spread(values.candidate),
      baseline: spread(values.baseline),
    };
  };
}

/** What a row's value was multiplied by: its weight, of which the mean is 1. */
function weightsIn(weights: Numbers | null): (index: number) => number {
  if (weights === null) return () => 1;
  const scale = weights.length / exactSum(weights);
  return (index) => (weights[index] ?? 1) * scale;
}

function labelAt({ classes, truth }: RowTable, row: number): string | number {
  return classes[truth[row] ?? 0] ?? truth[row] ?? 0;
}

function predictedAt(
  { classes, truth }: RowTable,
  { score, predicted, probabilities, lower, upper }: RowArm,
  row: number,
): NonNullable<Example["row"]>["candidate"] {
  const [scored, place, low, high] = [score, predicted, lower, upper].map((values) => values?.[row]);
  const ofLabel = probabilities?.[truth[row] ?? 0]?.[row];
  const named = place === undefined ? undefined : classes[place];
  return {
    ...(scored !== undefined && { score: scored }),
    ...(named !== undefined && { class: named }),
    ...(ofLabel !== undefined && { labelProbability: ofLabel }),
    ...(low !== undefined && { lower: low }),
    ...(high !== undefined && { upper: high }),
  };
}
