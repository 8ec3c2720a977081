import type { Convention } from "#domain/evaluation/convention.ts";
import { optionText } from "#domain/evaluation/convention.ts";
import type { Depth, Formula, RankTerm } from "#domain/evaluation/formula.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import { type LabelCount, labelCount, labelCountSql } from "./label-count.ts";
import { quotedName } from "./sandbox.ts";
import { type FixedPoint, fixedTerm, scaleOf, valueSql } from "./term-sql.ts";

/** What must be aggregated per query before a formula can be computed; `alias` is the column that holds it. */
export type Need =
  | { readonly kind: "top"; readonly alias: string; readonly depth: Depth; readonly term: RankTerm; readonly convention: Convention }
  | { readonly kind: "listed"; readonly alias: string; readonly k: number | null; readonly convention: Convention }
  | { readonly kind: "first"; readonly alias: string; readonly k: number | null; readonly convention: Convention }
  | { readonly kind: "pairs"; readonly alias: string; readonly convention: Convention }
  | {
      readonly kind: "ideal" | "retrieved-ideal";
      readonly alias: string;
      readonly k: number | null;
      readonly term: RankTerm;
      readonly convention: Convention;
    }
  | { readonly kind: "label-count"; readonly alias: string; readonly sql: string };

/** Each aggregate once, however many metrics share it. */
export function needsOf(metrics: readonly Metric[]): readonly Need[] {
  const all = metrics.flatMap((metric): readonly Need[] => {
    const { convention } = metric;
    const counts = { kind: "label-count", alias: countsAlias(metric), sql: `${countsSql(metric)} AS ${countsAlias(metric)}` } as const;
    return [
      counts,
      ...(metric.weight === null ? [] : [counted(weightCount(metric.weight), convention)]),
      ...needs(metric.formula, convention),
    ];
  });
  return [...new Map(all.map((need) => [need.alias, need])).values()];
}

/** The value of a metric for a query, of aggregates that stand in columns named by their aliases; NULL where the query does not count. */
export function metricSql(metric: Metric, fixed: FixedPoint): string {
  const { noRelevant } = metric.convention;
  const otherwise = { skip: "", error: "", zero: " ELSE 0", one: " ELSE 1" }[noRelevant];
  return `CASE WHEN ${countsSqlOf(metric)} THEN ${expression(metric.formula, metric.convention, fixed)}${otherwise} END`;
}

/** Whether a query counts for a metric, as a boolean that is never NULL. */
export function countsSqlOf(metric: Metric): string {
  return `coalesce(${countsAlias(metric)}, false)`;
}

/** What a query weighs in a metric's mean, or null where all weigh the same. */
export function weightSql({ weight, convention }: Metric): string | null {
  return weight === null ? null : `CAST(coalesce(${labelCount(weightCount(weight), convention)}, 0) AS DOUBLE)`;
}

function weightCount(weight: NonNullable<Metric["weight"]>): LabelCount {
  return weight === "impressions" ? "labels" : "relevant";
}

function needs(formula: Formula, convention: Convention): readonly Need[] {
  switch (formula.kind) {
    case "constant":
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
    case "ordered-pairs":
      return [{ kind: "pairs", alias: pairsAlias(convention), convention }];
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

function expression(formula: Formula, convention: Convention, fixed: FixedPoint): string {
  const part = (inner: Formula): string => expression(inner, convention, fixed);
  const unscaled = (sum: string, term: RankTerm): string =>
    `(CAST(coalesce(${sum}, 0) AS DOUBLE) / CAST(${scaleOf(term, convention, fixed)} AS DOUBLE))`;
  switch (formula.kind) {
    case "constant":
      return `CAST(${formula.value} AS DOUBLE)`;
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
    case "ordered-pairs":
      return `(CAST(coalesce(${pairsAlias(convention)}, 0) AS DOUBLE) / 2)`;
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
      return `coalesce(bool_or(${valueSql({ value: countsWith, discount: "none" }, convention)} > 0), false)`;
  }
}

/** Two orders differ in how they break ties, or in what is a tie. */
export function orderName({ ties, scores }: Convention): string {
  return `${ties} ${scores}`;
}

function countsAlias({ countsWith, convention }: Metric): string {
  return quotedName(`counts ${countsWith} ${gainName(convention)}`);
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

function pairsAlias({ minRel, scores }: Convention): string {
  return quotedName(`pairs ${minRel} ${scores}`);
}

function termName({ value, discount }: RankTerm, convention: Convention): string {
  return `${value} ${discount} ${gainName(convention)} ${convention.p} ${convention.maxGrade}`;
}

function gainName({ gain, minRel, level }: Convention): string {
  return `${optionText(gain)} ${minRel} ${level}`;
}
