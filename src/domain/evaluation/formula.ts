/**
 * What a metric computes for one unit, as data: an engine compiles it (DuckDB to SQL, another to its dialect), so a metric is
 * defined once for all engines. A *ranked row* is an item of the list with its rank from 1; a *judged* item has a label.
 */
export type Formula =
  | { readonly kind: "constant"; readonly value: number }
  /** Sum of the term over the first k rows of the list; a short list adds nothing more. */
  | { readonly kind: "sum-over-top"; readonly k: number; readonly term: RankTerm }
  /** The same sum over the best possible list: all judged items, best gain first, cut at k. */
  | { readonly kind: "sum-over-ideal"; readonly k: number; readonly term: RankTerm }
  /** How many judged items of the unit are relevant, listed or not. */
  | { readonly kind: "relevant-count" }
  /** 1 / rank of the first relevant row, 0 when there is none (within k, when k is given). */
  | { readonly kind: "reciprocal-of-first-relevant"; readonly k: number | null }
  /** 0 where the denominator is 0: a unit that must not count is excluded by the metric, not by its arithmetic. */
  | { readonly kind: "divide"; readonly numerator: Formula; readonly denominator: Formula };

export type RankTerm = {
  readonly value: "gain" | "relevant" | "judged";
  /** log2: divided by log2(rank + 1). */
  readonly discount: "none" | "log2";
};

/** The deepest rank a formula looks at, or null when it reads the whole list. */
export function depthOf(formula: Formula): number | null {
  switch (formula.kind) {
    case "constant":
    case "relevant-count":
    case "sum-over-ideal":
      return 0;
    case "sum-over-top":
    case "reciprocal-of-first-relevant":
      return formula.k;
    case "divide": {
      const depths = [depthOf(formula.numerator), depthOf(formula.denominator)];
      return depths.reduce((deepest, depth) => (deepest === null || depth === null ? null : Math.max(deepest, depth)), 0);
    }
  }
}

/** Whether a formula needs every judged item of the unit, and not only those that were listed. */
export function needsAllLabels(formula: Formula): boolean {
  switch (formula.kind) {
    case "sum-over-ideal":
    case "relevant-count":
      return true;
    case "divide":
      return needsAllLabels(formula.numerator) || needsAllLabels(formula.denominator);
    default:
      return false;
  }
}
