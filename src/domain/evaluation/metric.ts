import type { Formula } from "./formula.ts";

/** How a metric treats what implementations disagree on; printed in the report, so that two numbers can be compared. */
export type Convention = {
  /** What a grade is worth: itself, 2^grade - 1, or 1 when relevant. Negative grades are worth nothing. */
  readonly gain: "linear" | "exp2" | "binary";
  /** Order among equal scores: item id descending by UTF-8 bytes, mean over all orders, or the least relevant first. */
  readonly ties: "id_desc" | "average" | "worst";
  /** The least grade that counts as relevant in binary metrics and that a unit must have to count at all. */
  readonly minRel: number;
};

export const defaultConvention: Convention = { gain: "linear", ties: "id_desc", minRel: 1 };

/** A parsed metric: what a report, a gate and an engine need to know of it. */
export type Metric = {
  readonly name: string;
  readonly family: string;
  readonly k: number | null;
  readonly better: "higher" | "lower" | "target";
  /** Least and greatest possible value of one unit; null where unbounded. */
  readonly range: { readonly min: number | null; readonly max: number | null };
  readonly unit: "query" | "user" | "row" | "corpus";
  /** How the value of a set of units comes from its units. */
  readonly decomposable: "per-unit-mean" | "ratio" | "u-statistic" | "corpus";
  /** Which units count: those with a positive gain, or those with a relevant item. The others are excluded, and counted. */
  readonly countsWith: "gain" | "relevant";
  readonly convention: Convention;
  /** The part of the convention that matters for this metric, as the report prints it. */
  readonly printedConvention: Readonly<Record<string, string | number>>;
  readonly formula: Formula;
};

/** A family of metrics: `ndcg` makes `ndcg@5`, `ndcg@10`, … */
export type MetricFamily = {
  readonly family: string;
  readonly title: string;
  readonly cutoff: "required" | "optional" | "none";
  readonly ties: readonly Convention["ties"][];
  readonly define: (k: number | null, convention: Convention) => Omit<Metric, "name" | "family" | "k" | "convention">;
};
