import type { Convention, FamilyOptions } from "./convention.ts";
import type { CorpusMeasure } from "./corpus.ts";
import type { Formula } from "./formula.ts";

/** A parsed metric: what a report, a gate and an engine need to know of it. */
export type Metric = MetricDefinition & {
  /** How gates and reports call it: its spelling, or the name that a model gave a convention of its own. */
  readonly name: string;
  readonly family: string;
  readonly k: number | null;
  readonly convention: Convention;
  /** The part of the convention that matters for this metric, as the report prints it. */
  readonly printedConvention: Readonly<Record<string, string | number>>;
};

export type MetricDefinition = {
  readonly better: "higher" | "lower" | "target";
  /** Least and greatest possible value of one unit; null where unbounded. */
  readonly range: { readonly min: number | null; readonly max: number | null };
  readonly unit: "query" | "user" | "row" | "corpus";
  /** How the value of a set of units comes from its units. */
  readonly decomposable: "per-unit-mean" | "ratio" | "u-statistic" | "corpus";
  /** Which units count: those with a positive gain, a relevant item, one of positive value, a relevant and an irrelevant one, or any label. The others are excluded, and counted. */
  readonly countsWith: "gain" | "relevant" | "value" | "both-classes" | "labels";
  /** What a unit weighs in the mean, beside a weight column: how many judged or relevant items it has, or what its clicks count; null: nothing. */
  readonly weight: "impressions" | "relevant" | "clicks" | null;
  readonly formula: Formula;
  /** The value of a whole set of units, where it is no mean of theirs; the formula is `listed-items` then. */
  readonly corpus?: CorpusMeasure;
};

/** A family of metrics: `ndcg` makes `ndcg@5`, `ndcg@10`, … Everything that help, docs and reports say of it stands here. */
export type MetricFamily = {
  readonly family: string;
  readonly title: string;
  /** One sentence: what it tells, and what for. */
  readonly about: string;
  /** The formula in words and symbols: k the rank from 1, R the number of relevant items. */
  readonly definition: string;
  readonly reference: string;
  readonly cutoff: "required" | "optional" | "none";
  /** What of the convention can be chosen, and what for: see {@link Convention}. */
  readonly options: FamilyOptions;
  /** Where this family's default is not the common one. */
  readonly defaults: Partial<Convention>;
  /** Why options that are fine alone make no sense together. */
  readonly conflict?: (k: number | null, convention: Convention) => string | null;
  readonly define: (k: number | null, convention: Convention) => MetricDefinition;
};
