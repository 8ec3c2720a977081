import type { InputFacts } from "#domain/evaluation/input-facts.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import type { PreflightFinding } from "#domain/evaluation/report.ts";
import type { RowMetric } from "#domain/evaluation/rows/row-metric.ts";
import type { RowTask } from "#domain/evaluation/rows/row-metrics.ts";
import type { RowAnswer } from "#domain/evaluation/rows/row-table.ts";
import type { ScoringAnswer } from "#domain/evaluation/scored-table.ts";
import type { UnitGrain } from "#domain/evaluation/units/unit-grain.ts";
import type { UnitMetric } from "#domain/evaluation/units/unit-metric.ts";
import type { UnitAnswer } from "#domain/evaluation/units/unit-scores.ts";
import type { ClickModel, Columns } from "#domain/model/model-definition.ts";
import type { SliceDefinition } from "#domain/model/slice-definition.ts";
import type { ListTask } from "#domain/model/task.ts";

/** Scores predictions against labels, per query; the statistics are the domain's. */
export interface EvaluationEngine {
  /** A problem of the data (a missing file, NaN scores, duplicate rows) is part of the answer; only a broken machine throws. */
  score(request: ScoringRequest): Promise<ScoringAnswer>;
  /** The same for classification and regression: pairs the arms' rows, the metrics are the domain's. */
  scoreRows(request: RowScoringRequest): Promise<RowAnswer>;
  /** Reads columns as they stand, for what is measured or shown beside the task: requests of a benchmark, latencies of predictions, lists of some queries. */
  readColumns(request: ColumnsRequest): Promise<ColumnsAnswer>;
  /** Reads what the files say beside scores and labels; its problems come in the answer, too. */
  inspect(request: InspectionRequest): Promise<InspectionAnswer>;
  /** A model's own metrics: a value for each unit, from expressions over its rows or from what a judge wrote of it. */
  scoreUnits(request: UnitScoringRequest): Promise<UnitAnswer>;
}

export type ScoringRequest = {
  /** retrieval: the labels are the exact neighbours of each query, every one as relevant as any other; ranking, as without it: grades. */
  readonly task?: ListTask;
  /** The parts of one arm's predictions, in any order; null where there is no such arm. */
  readonly candidate: readonly InputFile[];
  readonly baseline: readonly InputFile[] | null;
  /** Null: the label column of the predictions, the union of both arms. */
  readonly labels: readonly InputFile[] | null;
  /** The catalogue, one row an item; absent where a model names none. */
  readonly items?: readonly InputFile[];
  readonly columns: Columns;
  /** How likely each place was seen, for metrics that count clicks by that and labels that say only where an item was shown. */
  readonly clicks?: ClickModel | undefined;
  readonly metrics: readonly Metric[];
  readonly slices: readonly SliceDefinition[];
};

export type RowScoringRequest = Omit<ScoringRequest, "task" | "metrics" | "clicks"> & {
  readonly task: RowTask;
  readonly metrics: readonly RowMetric[];
};

export type InspectionRequest = Pick<ScoringRequest, "candidate" | "baseline" | "labels" | "columns"> & {
  /** The columns that name a unit. */
  readonly unit: readonly string[];
  /** Files of the units that training saw, with the same columns. */
  readonly training: readonly InputFile[] | null;
};

export type InspectionAnswer = { readonly facts: InputFacts | null; readonly problems: readonly PreflightFinding[] };

/** `candidate` and `baseline` hold predictions, or scores; `labels` then describe the units. */
export type UnitScoringRequest = Omit<ScoringRequest, "metrics"> & {
  readonly metrics: readonly UnitMetric[];
  readonly grain: UnitGrain;
  /** What messages call the files, where they are not the arms' predictions and the labels. */
  readonly called?: Called;
};

export type Called = { readonly candidate?: string; readonly baseline?: string; readonly labels?: string };

/** A local file, and the name by which messages call it: paths differ between machines, reports must not. */
export type InputFile = { readonly path: string; readonly name: string };

export type ColumnsRequest = {
  /** What the files are, for messages: "the benchmark". */
  readonly what: string;
  readonly files: readonly InputFile[];
  /** Columns by what they hold; those that are required are refused when they are not there, others are null. */
  readonly columns: readonly WantedColumn[];
  /** Only rows that hold one of these texts in a column, however many that are; without it, all rows. */
  readonly only?: { readonly column: string; readonly values: readonly string[] };
};
export type WantedColumn = { readonly role: string; readonly column: string; readonly kind: "text" | "number"; readonly required: boolean };

/** Rows in the order of their values, so that neither files nor threads decide anything; an empty cell is null. */
export type ColumnsAnswer = { readonly table: ReadColumns | null; readonly problems: readonly PreflightFinding[] };
export type ReadColumns = {
  readonly rows: number;
  readonly texts: Readonly<Record<string, readonly (string | null)[] | null>>;
  readonly numbers: Readonly<Record<string, readonly (number | null)[] | null>>;
};
