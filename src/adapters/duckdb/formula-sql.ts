import type { Convention } from "#domain/evaluation/convention.ts";
import { optionText } from "#domain/evaluation/convention.ts";
import { type Depth, type Formula, type ItemValue, type RankTerm, relevantTotal } from "#domain/evaluation/formula.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import { itemScale } from "./item-sql.ts";
import { type LabelCount, labelCount, labelCountSql } from "./label-count.ts";
import type { Catalogue } from "./load-items.ts";
import { ownName, quotedName } from "./sandbox.ts";
import { type FixedPoint, fixedTerm, propensityColumn, scaleOf, valueSql } from "./term-sql.ts";

/** What must be aggregated per query before a formula can be computed; `alias` is the column that holds it. */
export type Need =
  | { readonly kind: "top"; readonly alias: string; readonly depth: Depth; readonly term: RankTerm; readonly convention: Convention }
  | { readonly kind: "listed"; readonly alias: string; readonly k: number | null; readonly convention: Convention }
  | { readonly kind: "first"; readonly alias: string; readonly k: number | null; readonly convention: Convention }
  | { readonly kind: "neighbours"; readonly alias: string; readonly k: number; readonly convention: Convention }
  | {
      readonly kind: "agreement";
      readonly alias: string;
      readonly k: number;
      readonly by: "overlap" | "kendall";
      readonly convention: Convention;
    }
  | { readonly kind: "pairs"; readonly alias: string; readonly convention: Convention }
  | {
      readonly kind: "ideal" | "retrieved-ideal";
      readonly alias: string;
      readonly k: number | null;
      readonly term: RankTerm;
      readonly convention: Convention;
    }
  | {
      readonly kind: "item-sum";
      readonly alias: string;
      readonly k: number;
      readonly value: ItemValue;
      readonly discount: "none" | "log2";
      readonly convention: Convention;
    }
  | {
      readonly kind: "distance";
      readonly alias: string;
      readonly k: number;
      readonly column: string;
      readonly distance: Convention["distance"];
      readonly convention: Convention;
    }
  | { readonly kind: "list"; readonly alias: string; readonly k: number; readonly convention: Convention }
  | { readonly kind: "label-count"; readonly alias: string; readonly sql: string };

/** What sums were scaled by: it follows from the largest label and the largest numbers of the catalogue. */
export type Scales = FixedPoint & Catalogue;

/** Each aggregate once, however many metrics share it. */
export function needsOf(metrics: readonly Metric[]): readonly Need[] {
  const all = metrics.flatMap((metric): readonly Need[] => {
    const { convention } = metric;
    const counts = { kind: "label-count", alias: countsAlias(metric), sql: `${countsSql(metric)} AS ${countsAlias(metric)}` } as const;
    return [counts, ...weightNeeds(metric), ...clippedNeeds(metric), ...needs(metric.formula, convention)];
  });
  return [...new Map(all.map((need) => [need.alias, need])).values()];
}

/** The value of a metric for a query, of aggregates that stand in columns named by their aliases; NULL where the query does not count. */
export function metricSql(metric: Metric, fixed: Scales): string {
  const { noRelevant } = metric.convention;
  const otherwise = { skip: "", error: "", zero: " ELSE 0", one: " ELSE 1" }[noRelevant];
  return `CASE WHEN ${countsSqlOf(metric)} THEN ${expression(metric.formula, metric.convention, fixed)}${otherwise} END`;
}

/** Whether a query counts for a metric, as a boolean that is never NULL. */
export function countsSqlOf(metric: Metric): string {
  return `coalesce(${countsAlias(metric)}, false)`;
}

/** What a query weighs in a metric's mean, or null where all weigh the same. */
export function weightSql({ weight, convention }: Metric, fixed: Scales): string | null {
  if (weight === null) return null;
  if (weight === "clicks") return expression(relevantTotal(convention), convention, fixed);
  return `CAST(coalesce(${labelCount(weightCount(weight), convention)}, 0) AS DOUBLE)`;
}

function weightNeeds({ weight, convention }: Metric): readonly Need[] {
  if (weight === null) return [];
  return weight === "clicks" ? needs(relevantTotal(convention), convention) : [counted(weightCount(weight), convention)];
}

function weightCount(weight: "impressions" | "relevant"): LabelCount {
  return weight === "impressions" ? "labels" : "relevant";
}

/** How many of a query's labels a metric clips, or null where it clips none. */
export function clippedSql({ convention }: Metric): string | null {
  return convention.clicks === "ips" && convention.clip !== "none" ? `CAST(coalesce(${clippedAlias(convention)}, 0) AS DOUBLE)` : null;
}

function clippedNeeds(metric: Metric): readonly Need[] {
  const { minRel, clip } = metric.convention;
  if (clippedSql(metric) === null) return [];
  const alias = clippedAlias(metric.convention);
  return [
    {
      kind: "label-count",
      alias,
      sql: `count(*) FILTER (rel >= ${minRel} AND CAST(1 AS DOUBLE) / ${propensityColumn} > ${clip}) AS ${alias}`,
    },
  ];
}

function clippedAlias({ minRel, clip }: Convention): string {
  return quotedName(`clipped ${minRel} ${clip}`);
}

function needs(formula: Formula, convention: Convention): readonly Need[] {
  switch (formula.kind) {
    case "constant":
    case "catalogue-size":
    case "sum-over-full":
      return [];
    case "sum-over-top": {
      const { depth, term } = formula;
      const counts = [
        ...(depth === "relevant-count" || term.value === "preference" ? [counted("relevant", convention)] : []),
        ...(term.value === "preference" ? [counted("irrelevant", convention)] : []),
      ];
      return [{ kind: "top", alias: topAlias(formula, convention), depth, term, convention }, ...counts];
    }
    case "sum-over-ideal": {
      const kind = formula.of === "judged" ? "ideal" : "retrieved-ideal";
      return [{ kind, alias: idealAlias(formula, convention), k: formula.k, term: formula.term, convention }];
    }
    case "listed-count":
      return [{ kind: "listed", alias: listedAlias(formula.k, convention), k: formula.k, convention }];
    case "relevant-count":
      return [counted("relevant", convention)];
    case "irrelevant-count":
      return [counted("below", convention)];
    case "reciprocal-of-first-relevant":
      return [{ kind: "first", alias: firstAlias(formula.k, convention), k: formula.k, convention }];
    case "neighbours-in-top":
      return [{ kind: "neighbours", alias: neighboursAlias(formula.k, convention), k: formula.k, convention }];
    case "agreement":
      return [{ kind: "agreement", alias: agreementAlias(formula, convention), k: formula.k, by: formula.by, convention }];
    case "ordered-pairs":
      return [{ kind: "pairs", alias: pairsAlias(convention), convention }];
    case "sum-over-items": {
      const { k, value, discount } = formula;
      return [{ kind: "item-sum", alias: itemsAlias(formula, convention), k, value, discount, convention }];
    }
    case "mean-distance": {
      const { k, column, distance } = formula;
      return [{ kind: "distance", alias: distanceAlias(formula, convention), k, column, distance, convention }];
    }
    case "listed-items":
      return [{ kind: "list", alias: quotedName(`list ${formula.k} ${orderName(convention)}`), k: formula.k, convention }];
    case "square-root":
      return needs(formula.of, convention);
    case "divide":
      return [...needs(formula.numerator, convention), ...needs(formula.denominator, convention)];
    case "plus":
    case "minus":
    case "times":
    case "least":
      return [...needs(formula.left, convention), ...needs(formula.right, convention)];
  }
}

function counted(which: LabelCount, convention: Convention): Need {
  return { kind: "label-count", alias: labelCount(which, convention), sql: labelCountSql(which, convention) };
}

function expression(formula: Formula, convention: Convention, fixed: Scales): string {
  const part = (inner: Formula): string => expression(inner, convention, fixed);
  const unscaled = (sum: string, term: RankTerm): string =>
    `(CAST(coalesce(${sum}, 0) AS DOUBLE) / CAST(${scaleOf(term, convention, fixed)} AS DOUBLE))`;
  switch (formula.kind) {
    case "constant":
      return `CAST(${formula.value} AS DOUBLE)`;
    case "catalogue-size":
      return `CAST(${fixed.size} AS DOUBLE)`;
    case "square-root":
      return `sqrt(greatest(${part(formula.of)}, 0))`;
    case "sum-over-top":
      return unscaled(topAlias(formula, convention), formula.term);
    case "sum-over-ideal":
      return unscaled(idealAlias(formula, convention), formula.term);
    case "sum-over-full": {
      const places = `SELECT sum(${fixedTerm("1", formula.term, convention, fixed)}) FROM range(1, ${formula.k + 1}) AS places(k)`;
      return unscaled(`(${places})`, formula.term);
    }
    case "listed-count":
      return `CAST(coalesce(${listedAlias(formula.k, convention)}, 0) AS DOUBLE)`;
    case "relevant-count":
      return `CAST(coalesce(${labelCount("relevant", convention)}, 0) AS DOUBLE)`;
    case "irrelevant-count":
      return `CAST(coalesce(${labelCount("below", convention)}, 0) AS DOUBLE)`;
    case "reciprocal-of-first-relevant":
      return `coalesce(CAST(1 AS DOUBLE) / ${firstAlias(formula.k, convention)}, 0)`;
    case "neighbours-in-top":
      return `CAST(coalesce(${neighboursAlias(formula.k, convention)}, 0) AS DOUBLE)`;
    case "agreement":
      return `coalesce(${agreementAlias(formula, convention)}, 0)`;
    case "ordered-pairs":
      return `(CAST(coalesce(${pairsAlias(convention)}, 0) AS DOUBLE) / 2)`;
    case "sum-over-items": {
      const sum = `CAST(coalesce(${itemsAlias(formula, convention)}, 0) AS DOUBLE)`;
      return `(${sum} / CAST(${itemScale(formula.value, fixed)} AS DOUBLE))`;
    }
    case "mean-distance":
      return `coalesce(${distanceAlias(formula, convention)}, 0)`;
    case "listed-items":
      throw new RangeError("A corpus metric has no value of its own for a query.");
    case "divide":
      return `coalesce(${part(formula.numerator)} / nullif(${part(formula.denominator)}, 0), 0)`;
    case "least":
      return `least(${part(formula.left)}, ${part(formula.right)})`;
    case "plus":
    case "minus":
    case "times": {
      const operator = { plus: "+", minus: "-", times: "*" }[formula.kind];
      return `(${part(formula.left)} ${operator} ${part(formula.right)})`;
    }
  }
}

function countsSql({ countsWith, convention }: Metric): string {
  switch (countsWith) {
    case "labels":
      return "true";
    case "both-classes":
      return `(coalesce(bool_or(rel >= ${convention.minRel}), false) AND coalesce(bool_or(rel < ${convention.minRel}), false))`;
    case "gain":
    case "relevant":
    case "value":
      return `coalesce(bool_or(${valueSql({ value: countsWith, discount: "none" }, convention)} > 0), false)`;
  }
}

/** Two orders differ in how they break ties, in what is a tie, or in which items they order. */
export function orderName({ ties, scores, unjudged }: Convention): string {
  return `${ties} ${scores}${unjudged === "skip" ? " judged" : ""}`;
}

function countsAlias({ countsWith, convention }: Metric): string {
  return quotedName(`counts ${countsWith} ${gainName(convention)} ${worthName(convention)}`);
}

function topAlias({ depth, term }: { readonly depth: Depth; readonly term: RankTerm }, convention: Convention): string {
  return quotedName(`top ${depth} ${termName(term, convention)} ${orderName(convention)}`);
}

function idealAlias(formula: Extract<Formula, { kind: "sum-over-ideal" }>, convention: Convention): string {
  return quotedName(`${formula.of} ideal ${formula.k ?? "all"} ${termName(formula.term, convention)}`);
}

function listedAlias(k: number | null, convention: Convention): string {
  return quotedName(`length ${k ?? "all"} ${orderName(convention)}`);
}

function firstAlias(k: number | null, convention: Convention): string {
  return quotedName(`first ${k ?? "all"} ${convention.minRel} ${orderName(convention)}`);
}

function neighboursAlias(k: number, convention: Convention): string {
  return quotedName(`neighbours ${convention.neighbours} ${k} ${orderName(convention)}`);
}

function agreementAlias({ k, by }: { readonly k: number; readonly by: string }, convention: Convention): string {
  return quotedName(`agreement ${by} ${k} ${orderName(convention)}`);
}

function pairsAlias({ minRel, scores }: Convention): string {
  return quotedName(`pairs ${minRel} ${scores}`);
}

function itemsAlias({ k, value, discount }: Extract<Formula, { kind: "sum-over-items" }>, convention: Convention): string {
  return ownName(`items ${k} ${Object.values(value).join(" ")} ${discount} ${convention.minRel} ${orderName(convention)}`);
}

function distanceAlias({ k, column, distance }: Extract<Formula, { kind: "mean-distance" }>, convention: Convention): string {
  return ownName(`distance ${k} ${distance} ${column} ${orderName(convention)}`);
}

function termName({ value, discount, among }: RankTerm, convention: Convention): string {
  const looked = among === undefined ? "" : ` ${among.irrelevant} ${among.relevant}`;
  return `${value}${looked} ${discount} ${gainName(convention)} ${worthName(convention)} ${convention.p} ${convention.maxGrade}`;
}

function worthName({ column, clicks, clip }: Convention): string {
  return `${column} ${clicks} ${clip}`;
}

function gainName({ gain, minRel, level }: Convention): string {
  return `${optionText(gain)} ${minRel} ${level}`;
}
