import type { Metric } from "#domain/evaluation/metric.ts";
import type { ScoringAnswer } from "#domain/evaluation/scored-table.ts";
import type { Columns, SliceDefinition } from "#domain/model/model-definition.ts";

/** Scores predictions against labels, per query; the statistics are the domain's. */
export interface EvaluationEngine {
  /** A problem of the data (a missing file, NaN scores, duplicate rows) is part of the answer; only a broken machine throws. */
  score(request: ScoringRequest): Promise<ScoringAnswer>;
}

export type ScoringRequest = {
  /** The parts of one arm's predictions, in any order; null where there is no such arm. */
  readonly candidate: readonly InputFile[];
  readonly baseline: readonly InputFile[] | null;
  /** Null: the label column of the predictions, the union of both arms. */
  readonly labels: readonly InputFile[] | null;
  readonly columns: Columns;
  readonly metrics: readonly Metric[];
  readonly slices: readonly SliceDefinition[];
};

/** A local file, and the name by which messages call it: paths differ between machines, reports must not. */
export type InputFile = { readonly path: string; readonly name: string };
