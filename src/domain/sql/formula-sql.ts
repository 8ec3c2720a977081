import type { Convention } from "#domain/evaluation/convention.ts";
import { type Formula, type RankTerm, relevantTotal } from "#domain/evaluation/formula.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import {
  agreementAlias,
  countsAlias,
  distanceAlias,
  firstAlias,
  idealAlias,
  itemsAlias,
  listedAlias,
  neighboursAlias,
  pairsAlias,
  topAlias,
} from "./aliases.ts";
import type { Dialect } from "./dialect.ts";
import { type Catalogue, itemScale } from "./item-sql.ts";
import { labelCount } from "./label-count.ts";
import { weightCount } from "./need.ts";
import { type FixedPoint, fixedTerm, scaleOf } from "./term-sql.ts";

/** What sums were scaled by: it follows from the largest label and the largest numbers of the catalogue. */
export type Scales = FixedPoint & Catalogue;

/** The value of a metric for a query, of aggregates that stand in columns named by their aliases; NULL where the query does not count. */
export function metricSql(dialect: Dialect, metric: Metric, fixed: Scales): string {
  const { noRelevant } = metric.convention;
  const otherwise = { skip: "", error: "", zero: " ELSE 0", one: " ELSE 1" }[noRelevant];
  return `CASE WHEN ${countsSqlOf(dialect, metric)} THEN ${expression(dialect, metric.formula, metric.convention, fixed)}${otherwise} END`;
}

/** Whether a query counts for a metric, as a boolean that is never NULL. */
export function countsSqlOf(dialect: Dialect, metric: Metric): string {
  return `coalesce(${countsAlias(dialect, metric)}, false)`;
}

/** What a query weighs in a metric's mean, or null where all weigh the same. */
export function weightSql(dialect: Dialect, { weight, convention }: Metric, fixed: Scales): string | null {
  if (weight === null) return null;
  if (weight === "clicks") return expression(dialect, relevantTotal(convention), convention, fixed);
  return `CAST(coalesce(${labelCount(dialect, weightCount(weight), convention)}, 0) AS ${dialect.double})`;
}

function expression(dialect: Dialect, formula: Formula, convention: Convention, fixed: Scales): string {
  const part = (inner: Formula): string => expression(dialect, inner, convention, fixed);
  const unscaled = (sum: string, term: RankTerm): string =>
    `(CAST(coalesce(${sum}, 0) AS ${dialect.double}) / CAST(${scaleOf(term, convention, fixed)} AS ${dialect.double}))`;
  switch (formula.kind) {
    case "constant":
      return `CAST(${formula.value} AS ${dialect.double})`;
    case "catalogue-size":
      return `CAST(${fixed.size} AS ${dialect.double})`;
    case "square-root":
      return `sqrt(greatest(${part(formula.of)}, 0))`;
    case "sum-over-top":
      return unscaled(topAlias(dialect, formula, convention), formula.term);
    case "sum-over-ideal":
      return unscaled(idealAlias(dialect, formula, convention), formula.term);
    case "sum-over-full": {
      const places = `SELECT sum(${fixedTerm(dialect, "1", formula.term, convention, fixed)}) FROM ${dialect.places(formula.k)}`;
      return unscaled(`(${places})`, formula.term);
    }
    case "listed-count":
      return `CAST(coalesce(${listedAlias(dialect, formula.k, convention)}, 0) AS ${dialect.double})`;
    case "relevant-count":
      return `CAST(coalesce(${labelCount(dialect, "relevant", convention)}, 0) AS ${dialect.double})`;
    case "irrelevant-count":
      return `CAST(coalesce(${labelCount(dialect, "below", convention)}, 0) AS ${dialect.double})`;
    case "reciprocal-of-first-relevant":
      return `coalesce(CAST(1 AS ${dialect.double}) / ${firstAlias(dialect, formula.k, convention)}, 0)`;
    case "neighbours-in-top":
      return `CAST(coalesce(${neighboursAlias(dialect, formula.k, convention)}, 0) AS ${dialect.double})`;
    case "agreement":
      return `coalesce(${agreementAlias(dialect, formula, convention)}, 0)`;
    case "ordered-pairs":
      return `(CAST(coalesce(${pairsAlias(dialect, convention)}, 0) AS ${dialect.double}) / 2)`;
    case "sum-over-items": {
      const sum = `CAST(coalesce(${itemsAlias(dialect, formula, convention)}, 0) AS ${dialect.double})`;
      return `(${sum} / CAST(${itemScale(formula.value, fixed)} AS ${dialect.double}))`;
    }
    case "mean-distance":
      return `coalesce(${distanceAlias(dialect, formula, convention)}, 0)`;
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
