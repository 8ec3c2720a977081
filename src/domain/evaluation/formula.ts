import type { Convention } from "./convention.ts";

/**
 * What a metric computes for one unit, as data: an engine compiles it (DuckDB to SQL, another to its dialect), so a metric is
 * defined once for all engines. A *ranked row* is an item of the list with its rank from 1; a *judged* item has a label.
 */
export type Formula =
  | { readonly kind: "constant"; readonly value: number }
  /** Sum of the term over the first rows of the list; a short list adds nothing more. */
  | { readonly kind: "sum-over-top"; readonly depth: Depth; readonly term: RankTerm }
  /**
   * The same sum over the best possible list, cut at k: of all judged items, of the listed ones only, or k places that gain 1 each.
   * Same term, same scale: a perfect list is worth exactly its ideal.
   */
  | { readonly kind: "sum-over-ideal"; readonly k: number | null; readonly of: "judged" | "retrieved"; readonly term: RankTerm }
  | { readonly kind: "sum-over-full"; readonly k: number; readonly term: RankTerm }
  /** Sum over the first k rows of what the catalogue says of their items. */
  | { readonly kind: "sum-over-items"; readonly k: number; readonly value: ItemValue; readonly discount: "none" | "log2" }
  /** Mean distance of the pairs of described items among the first k rows; 0 where there is no pair. */
  | { readonly kind: "mean-distance"; readonly k: number; readonly column: string; readonly distance: Convention["distance"] }
  /** Which items stand in the first k rows. A whole formula, never a part of one: a corpus metric counts them over all units. */
  | { readonly kind: "listed-items"; readonly k: number; readonly over: Convention["over"]; readonly column: string }
  /** How many rows the list has, at most k. */
  | { readonly kind: "listed-count"; readonly k: number | null }
  /** How many judged items of the unit are relevant, or below the level (negative grades too), listed or not. */
  | { readonly kind: "relevant-count" }
  | { readonly kind: "irrelevant-count" }
  /** How many items the catalogue has. */
  | { readonly kind: "catalogue-size" }
  /** 1 / rank of the first relevant row, 0 when there is none (within k, when k is given). */
  | { readonly kind: "reciprocal-of-first-relevant"; readonly k: number | null }
  /** Pairs of a relevant and a less relevant judged item that the scores put in order; a tie counts half, an unlisted item is last. */
  | { readonly kind: "ordered-pairs" }
  /** How many of the first k rows are among the k exact neighbours, as the convention draws that line. */
  | { readonly kind: "neighbours-in-top"; readonly k: number }
  /** How alike the first k rows of the two arms are: in what they hold, or in how they order it. The same for both arms. */
  | { readonly kind: "agreement"; readonly k: number; readonly by: "overlap" | "kendall" }
  | { readonly kind: "plus" | "minus" | "times" | "least"; readonly left: Formula; readonly right: Formula }
  | { readonly kind: "square-root"; readonly of: Formula }
  /** 0 where the denominator is 0: a unit that must not count is excluded by the metric, not by its arithmetic. */
  | { readonly kind: "divide"; readonly numerator: Formula; readonly denominator: Formula };

/** How many rows from the top: a number, all of them, or as many as the unit has relevant items. */
export type Depth = number | "all" | "relevant-count";

/**
 * What an item is worth by a column of the catalogue; an item without a value there is unseen, as is one of popularity 0. popularity: how
 * many took it. self-information: -log2 of the share of users who took it. surprise: at a relevant row, how much higher it stands than by
 * popularity alone. seen: 1. in-group: 1 if the column holds the group's value; null: no group is named. row: 1 for any item.
 */
export type ItemValue =
  | { readonly kind: "popularity"; readonly column: string; readonly scale: Convention["scale"] }
  | { readonly kind: "self-information"; readonly column: string; readonly users: number; readonly unseen: Convention["unseen"] }
  | { readonly kind: "surprise" | "seen"; readonly column: string }
  | { readonly kind: "in-group"; readonly group: readonly [column: string, value: string] | null }
  | { readonly kind: "row" };

export type RankTerm = {
  readonly value: RankValue;
  /** Of `lead`: how many irrelevant rows from the top are looked at, and how many relevant ones. */
  readonly among?: { readonly irrelevant: number; readonly relevant: number | "all" };
  /** log2: divided by log2(rank + 1). rank: divided by the rank. geometric: times p^(rank - 1), p of the convention. */
  readonly discount: "none" | "log2" | "rank" | "geometric";
};

/**
 * gain, relevant, judged: of the row alone; value: of a relevant row, what its value column says. Where clicks count by their propensity,
 * gain, relevant and value are divided by it. precision: at a relevant row the share of relevant rows down to it. preference: at a relevant
 * row, 1 - the share of judged irrelevant items above it (bpref). stop: how likely a reader who goes down the list is content here (ERR).
 * lead: at a relevant row, the share of the first irrelevant rows, unjudged ones too, that stand below it.
 */
export type RankValue = "gain" | "relevant" | "value" | "judged" | "precision" | "preference" | "stop" | "lead";

/** The formula and all that it is made of. */
export function withParts(formula: Formula): readonly Formula[] {
  return [formula, ...parts(formula).flatMap(withParts)];
}

const parts = (formula: Formula): readonly Formula[] => {
  switch (formula.kind) {
    case "divide":
      return [formula.numerator, formula.denominator];
    case "plus":
    case "minus":
    case "times":
    case "least":
      return [formula.left, formula.right];
    case "square-root":
      return [formula.of];
    default:
      return [];
  }
};

/** The deepest rank a formula looks at, or null when it reads the whole list. */
export function depthOf(formula: Formula): number | null {
  switch (formula.kind) {
    case "sum-over-top":
      return typeof formula.depth === "number" ? formula.depth : null;
    case "listed-count":
    case "reciprocal-of-first-relevant":
    case "sum-over-items":
    case "mean-distance":
    case "listed-items":
    case "neighbours-in-top":
      return formula.k;
    case "ordered-pairs":
      return null;
    case "sum-over-ideal":
      return formula.of === "retrieved" ? null : 0;
    default: {
      const depths = parts(formula).map(depthOf);
      return depths.reduce((deepest, depth) => (deepest === null || depth === null ? null : Math.max(deepest, depth)), 0);
    }
  }
}

/** Whether a formula needs every judged item of the unit, and not only those that were listed. */
export function needsAllLabels(formula: Formula): boolean {
  switch (formula.kind) {
    case "sum-over-ideal":
      return formula.of === "judged";
    case "relevant-count":
    case "irrelevant-count":
    case "ordered-pairs":
    case "neighbours-in-top":
      return true;
    case "sum-over-top":
      return formula.depth === "relevant-count" || formula.term.value === "preference";
    default:
      return parts(formula).some(needsAllLabels);
  }
}

/** Whether a metric can be computed only by labels that do not depend on what the arms listed. */
export function needsIndependentLabels({ formula, weight }: { readonly formula: Formula; readonly weight: string | null }): boolean {
  return weight !== null || needsAllLabels(formula);
}

/** Whether a formula compares the two arms, so that neither has a value of its own. */
export function comparesArms(formula: Formula): boolean {
  return formula.kind === "agreement" || parts(formula).some(comparesArms);
}

/** Whether a formula reads the order of the exact neighbours. */
export function readsNeighbours(formula: Formula): boolean {
  return formula.kind === "neighbours-in-top" || parts(formula).some(readsNeighbours);
}

/** Whether any sum in a formula is over this value. */
export function readsValue(formula: Formula, value: RankValue): boolean {
  return "term" in formula ? formula.term.value === value : parts(formula).some((part) => readsValue(part, value));
}

export function constant(value: number): Formula {
  return { kind: "constant", value };
}

export function squareRoot(of: Formula): Formula {
  return { kind: "square-root", of };
}

/** Sum over relevant rows of the share of the first irrelevant ones that stand below. */
export function sumOfLeads(irrelevant: number, relevant: number | "all"): Formula {
  return { kind: "sum-over-top", depth: "all", term: { value: "lead", among: { irrelevant, relevant }, discount: "none" } };
}

export function sumOverTop(depth: Depth, value: RankValue, discount: RankTerm["discount"] = "none"): Formula {
  return { kind: "sum-over-top", depth, term: { value, discount } };
}

export function sumOverItems(k: number, value: ItemValue, discount: "none" | "log2" = "none"): Formula {
  return { kind: "sum-over-items", k, value, discount };
}

export function combine(kind: "plus" | "minus" | "times" | "least", left: Formula, right: Formula): Formula {
  return { kind, left, right };
}

export function divide(numerator: Formula, denominator: Formula): Formula {
  return { kind: "divide", numerator, denominator };
}

/** How many relevant items a unit has, or, where clicks count by their propensity, the sum of what each counts. */
export function relevantTotal({ clicks }: Pick<Convention, "clicks">): Formula {
  const term: RankTerm = { value: "relevant", discount: "none" };
  return clicks === "ips" ? { kind: "sum-over-ideal", k: null, of: "judged", term } : { kind: "relevant-count" };
}
