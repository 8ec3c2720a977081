import type { BucketSlice } from "#domain/model/slice-definition.ts";
import type { Metric } from "./metric.ts";
import type { PreflightFinding } from "./report.ts";

/** What an engine gives back: one row per query, ascending by the id's UTF-8 bytes, every column in that order. */
export type ScoredTable = {
  readonly rows: readonly string[];
  /** What a unit is: the query itself (values null), or another column's value, such as the user. */
  readonly unit: IdColumn;
  readonly cluster: IdColumn;
  readonly weights: { readonly column: string; readonly values: readonly number[] } | null;
  readonly slices: readonly SliceColumn[];
  readonly metrics: readonly ScoredMetric[];
  /** Whether the arm's predictions hold the query at all; a query that they lack scores 0. */
  readonly listed: { readonly candidate: readonly boolean[]; readonly baseline: readonly boolean[] | null };
  readonly facts: DataFacts;
};

export type IdColumn = { readonly column: string; readonly values: readonly string[] | null };

/** What makes slices: a predicate makes one, a column one a value or bucket, a crossing of two columns one a pair. */
export type SliceColumn =
  | PlainSliceColumn
  | { readonly kind: "predicate"; readonly name: string; readonly values: readonly boolean[] }
  | { readonly kind: "cross"; readonly parts: readonly [PlainSliceColumn, PlainSliceColumn] };
export type PlainSliceColumn =
  | { readonly kind: "column"; readonly column: string; readonly values: readonly (string | null)[] }
  | { readonly kind: "buckets"; readonly by: BucketSlice; readonly values: readonly (number | null)[] };

export type ScoredMetric =
  | {
      readonly kind: "scored";
      readonly metric: Metric;
      /** null: the query counts for neither arm, because nothing in it is relevant. */
      readonly candidate: readonly (number | null)[];
      /** null: there is no baseline, or the metric compares the arms and its one value stands under the candidate. */
      readonly baseline: readonly (number | null)[] | null;
      /** What each query weighs in this metric's mean, beside the table's weights; absent: all the same. */
      readonly weights?: readonly number[];
      /** What was treated specially in each query, by what: labels whose inverse propensity was clipped. */
      readonly counts?: Readonly<Record<string, readonly number[]>>;
    }
  | ListedItems
  | {
      readonly kind: "unmeasurable";
      readonly metric: Metric;
      readonly reason: "labels-not-independent" | "no-baseline";
      readonly message: string;
    };

/** What a corpus metric counts: the lists themselves. */
export type ListedItems = {
  readonly kind: "lists";
  readonly metric: Metric;
  readonly candidate: ItemLists;
  readonly baseline: ItemLists | null;
  /** How many items the catalogue has, and which of them somebody took before (1), where the metric asks; null without a catalogue. */
  readonly catalogue: { readonly size: number; readonly taken: Uint8Array | null } | null;
};

/**
 * The first places of each row's list, best first: row r has `items[starts[r]]` up to before `items[starts[r + 1]]`. Items are numbered
 * from 0: those of the catalogue first, by their ids' UTF-8 bytes, then others that an arm lists.
 */
export type ItemLists = { readonly starts: Int32Array; readonly items: Int32Array; readonly itemCount: number };

/** What preflight says of the data beside the scores. */
export type DataFacts = {
  readonly cutoffs: readonly CutoffFacts[];
  /** How many of the listed items the catalogue describes; absent where no metric asks. */
  readonly items?: readonly ItemFacts[];
  /** Both arms list the same items with the same scores; null without a baseline. */
  readonly identicalScores: boolean | null;
  /** Queries of an arm that have no label at all: they cannot be scored and are left aside. */
  readonly unlabelledQueries: { readonly candidate: number; readonly baseline: number };
  readonly lists: { readonly candidate: ListFacts; readonly baseline: ListFacts | null };
  readonly labels: { readonly count: number; readonly negative: number };
  /** Labels are exact neighbours: a place without one is no unjudged item, and a perfect list is no leak. */
  readonly labelsAreNeighbours?: true;
};

/** What one arm's lists look like, over its labelled queries. */
export type ListFacts = {
  readonly queries: number;
  /** Rows of a query: the fewest, the (lower) median, the most. */
  readonly shortest: number;
  readonly median: number;
  readonly longest: number;
  /** In every list of at least two items, all scores are equal. */
  readonly tied: boolean;
  /** All scores equal their labels, or put every list into exactly the order of its labels (unjudged items as 0); null where few lists could tell. */
  readonly likeLabels: "equal" | "ordered" | null;
};

/** With fewer lists of items that differ in their labels, a perfect order may be luck. */
export const fewestTellingLists = 30;

/** Counts over the first k places of all labelled queries of an arm. */
export type CutoffFacts = {
  readonly k: number;
  readonly candidate: ArmCutoff;
  readonly baseline: ArmCutoff | null;
  /** Each arm's mean nDCG at k over judged items alone, where the judged shares differ notably. */
  readonly judgedOnly?: { readonly candidate: number | null; readonly baseline: number | null };
};
export type ArmCutoff = {
  readonly listed: number;
  readonly judged: number;
  readonly queries: number;
  /** Queries whose k-th and next item have the same score, so that the tie rule decides what is in. */
  readonly tied: number;
};

/** Of the first k places of all labelled queries: how many items have a value in a column of the catalogue, or stand in it (null). */
export type ItemFacts = {
  readonly k: number;
  readonly column: string | null;
  readonly candidate: ArmItems;
  readonly baseline: ArmItems | null;
};
export type ArmItems = { readonly listed: number; readonly described: number };

/** An engine's answer. A problem of the data is part of the answer, never an exception. */
export type ScoringAnswer = { readonly table: ScoredTable | null; readonly problems: readonly PreflightFinding[] };
