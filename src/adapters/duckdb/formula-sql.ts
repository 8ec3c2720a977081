import type { Formula, RankTerm } from "#domain/evaluation/formula.ts";
import type { Convention, Metric } from "#domain/evaluation/metric.ts";

/**
 * Compiles formulas to SQL. SQL never sums doubles: their sum depends on the order of rows, which threads change. A term is scaled
 * to a whole number (fixed point) and sums of those are exact; both sides of a ratio have the same scale, so a perfect list is exactly 1.
 */
export type FixedPoint = { readonly scale: number };

/** The largest gain that fixed point holds with digits to spare. */
const largestGain = 2 ** 50;
const bits = 60;

/** Scale for terms up to the largest gain of these labels, or null when they are too large to sum exactly. */
export function fixedPointFor(largestLabel: number, conventions: readonly Convention[]): FixedPoint | null {
  const gains = conventions.map(({ gain }) => ({ linear: largestLabel, exp2: 2 ** largestLabel - 1, binary: 1 })[gain]);
  const largest = Math.max(1, ...gains);
  return largest <= largestGain ? { scale: 2 ** (bits - Math.ceil(Math.log2(largest))) } : null;
}

/** What must be aggregated per query before a formula can be computed. */
export type Need =
  | { readonly kind: "top"; readonly alias: string; readonly k: number; readonly term: RankTerm; readonly convention: Convention }
  | { readonly kind: "ideal"; readonly alias: string; readonly k: number; readonly term: RankTerm; readonly convention: Convention }
  | { readonly kind: "relevant"; readonly alias: string; readonly convention: Convention }
  | { readonly kind: "counts"; readonly alias: string; readonly countsWith: Metric["countsWith"]; readonly convention: Convention }
  | { readonly kind: "first"; readonly alias: string; readonly k: number | null; readonly convention: Convention };

/** Each aggregate once, however many metrics share it. */
export function needsOf(metrics: readonly Metric[]): readonly Need[] {
  const all = metrics.flatMap((metric): readonly Need[] => [
    { kind: "counts", alias: countsAlias(metric), countsWith: metric.countsWith, convention: metric.convention },
    ...needs(metric.formula, metric.convention),
  ]);
  return [...new Map(all.map((need) => [need.alias, need])).values()];
}

/** The value of a metric for a query, of aggregates that stand in columns named by their aliases; NULL where the query does not count. */
export function valueSql(metric: Metric, fixed: FixedPoint): string {
  return `CASE WHEN ${countsAlias(metric)} THEN ${expression(metric.formula, metric.convention, fixed)} END`;
}

function needs(formula: Formula, convention: Convention): readonly Need[] {
  switch (formula.kind) {
    case "constant":
      return [];
    case "sum-over-top":
      return [{ kind: "top", alias: alias("top", formula, convention), k: formula.k, term: formula.term, convention }];
    case "sum-over-ideal":
      return [{ kind: "ideal", alias: alias("ideal", formula, convention), k: formula.k, term: formula.term, convention }];
    case "relevant-count":
      return [{ kind: "relevant", alias: relevantAlias(convention), convention }];
    case "reciprocal-of-first-relevant":
      return [{ kind: "first", alias: firstAlias(formula.k, convention), k: formula.k, convention }];
    case "divide":
      return [...needs(formula.numerator, convention), ...needs(formula.denominator, convention)];
  }
}

function expression(formula: Formula, convention: Convention, fixed: FixedPoint): string {
  switch (formula.kind) {
    case "constant":
      return `CAST(${formula.value} AS DOUBLE)`;
    case "sum-over-top":
      return unscaled(alias("top", formula, convention), fixed);
    case "sum-over-ideal":
      return unscaled(alias("ideal", formula, convention), fixed);
    case "relevant-count":
      return `CAST(coalesce(${relevantAlias(convention)}, 0) AS DOUBLE)`;
    case "reciprocal-of-first-relevant":
      return `coalesce(CAST(1 AS DOUBLE) / ${firstAlias(formula.k, convention)}, 0)`;
    case "divide": {
      const [over, by] = [formula.numerator, formula.denominator].map((part) => expression(part, convention, fixed));
      return `coalesce(${over} / nullif(${by}, 0), 0)`;
    }
  }
}

function unscaled(sum: string, { scale }: FixedPoint): string {
  return `(CAST(coalesce(${sum}, 0) AS DOUBLE) / CAST(${scale} AS DOUBLE))`;
}

/** The term of one row, before rank discount, of its label in column `rel` (NULL: unjudged). */
export function valueOfRow(term: RankTerm, convention: Convention): string {
  switch (term.value) {
    case "gain":
      return `coalesce(${gainSql(convention)}, 0)`;
    case "relevant":
      return `(CASE WHEN rel >= ${convention.minRel} THEN 1 ELSE 0 END)`;
    case "judged":
      return "(CASE WHEN rel IS NOT NULL THEN 1 ELSE 0 END)";
  }
}

function gainSql({ gain, minRel }: Convention): string {
  switch (gain) {
    case "linear":
      return "greatest(rel, 0)";
    case "exp2":
      return "(CASE WHEN rel > 0 THEN pow(2, rel) - 1 ELSE 0 END)";
    case "binary":
      return `(CASE WHEN rel >= ${minRel} THEN 1 ELSE 0 END)`;
  }
}

/** A value at a rank (column `k`) as a whole number. */
export function fixedTerm(value: string, { discount }: RankTerm, { scale }: FixedPoint): string {
  const discounted = discount === "log2" ? `(${value}) / log2(k + 1)` : `(${value})`;
  return `CAST(${discounted} * CAST(${scale} AS DOUBLE) AS BIGINT)`;
}

type Ranked = { readonly k: number; readonly term: RankTerm };

function alias(kind: "top" | "ideal", { k, term }: Ranked, { gain, ties, minRel }: Convention): string {
  const order = kind === "top" ? `_${ties}` : "";
  return `${kind}_${k}_${term.value}_${term.discount}_${gain}_${levelName(minRel)}${order}`;
}

function relevantAlias({ minRel }: Convention): string {
  return `relevant_${levelName(minRel)}`;
}

function firstAlias(k: number | null, { ties, minRel }: Convention): string {
  return `first_${k ?? "all"}_${levelName(minRel)}_${ties}`;
}

function countsAlias({ countsWith, convention }: Metric): string {
  return `counts_${countsWith}_${convention.gain}_${levelName(convention.minRel)}`;
}

function levelName(minRel: number): string {
  return String(minRel).replaceAll(/[^0-9]/g, "_");
}
