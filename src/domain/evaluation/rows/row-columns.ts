import type { Columns } from "#domain/model/model-definition.ts";
import type { RowInput, RowMetric } from "./row-metric.ts";
import type { RowTask } from "./row-metrics.ts";

/** What rows hold: a number to be predicted, one of two classes, or one of several. */
export type RowKind = "value" | "binary" | "several";

/** Several classes where probabilities of classes are named, or a predicted class without saying which label is the positive one. */
export function rowKind(task: RowTask, { probabilities, class: predicted, positive }: Columns): RowKind {
  if (task !== "classification") return "value";
  return probabilities !== undefined || (predicted !== undefined && positive === undefined) ? "several" : "binary";
}

/** Where rows hold what they are about: of logged decisions the truth is the reward. */
export function rowColumns(task: RowTask, columns: Columns): Columns {
  if (task !== "bandit") return columns;
  const { reward = "reward", propensity = "propensity" } = columns;
  return { ...columns, label: reward, propensity };
}

/** The columns that name a row. */
export function rowKey({ row, item }: Columns): readonly string[] {
  if (row === undefined) return [item];
  return typeof row === "string" ? [row] : row;
}

/** Why a metric cannot be computed from the columns that a model declares; null when it can. */
export function inputProblem({ name, input }: RowMetric, task: RowTask, columns: Columns): string | null {
  const kind = rowKind(task, columns);
  const needs = (what: string): string => `the metric ${JSON.stringify(name)} needs ${what}`;
  const binary: readonly RowInput[] = ["score", "probability", "binary-class"];
  if (kind === "several" && binary.includes(input))
    return needs("two classes: say which label is the positive one in columns.positive, or use a metric of several classes");
  if (input === "probabilities" && columns.probabilities === undefined)
    return needs("each class's probability: name their columns in columns.probabilities");
  if (input === "probability-or-probabilities" && kind === "several" && columns.probabilities === undefined)
    return needs("probabilities: name their columns in columns.probabilities");
  if (input === "interval" && (columns.lower === undefined || columns.upper === undefined))
    return needs("a predicted interval: name its columns in columns.lower and columns.upper");
  return null;
}

/** Which of an arm's columns the metrics read. */
export type ArmNeeds = {
  readonly score: boolean;
  readonly withinUnit: boolean;
  readonly class: boolean;
  readonly probabilities: boolean;
  readonly interval: boolean;
  /** Of the log, the same for both arms. */
  readonly propensity: boolean;
};

export function armNeeds(metrics: readonly RowMetric[], task: RowTask, columns: Columns): ArmNeeds {
  const inputs = new Set(metrics.map(({ input }) => input));
  const kind = rowKind(task, columns);
  const byClass = inputs.has("class") || inputs.has("binary-class");
  const decided = byClass && columns.class === undefined && kind === "binary";
  const probability =
    inputs.has("probability") || (inputs.has("probability-or-probabilities") && kind === "binary") || decided || inputs.has("logged");
  return {
    score: probability || inputs.has("score") || inputs.has("value"),
    withinUnit: probability,
    class: byClass && columns.class !== undefined,
    probabilities: columns.probabilities !== undefined,
    interval: inputs.has("interval"),
    propensity: inputs.has("logged"),
  };
}
