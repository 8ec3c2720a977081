import type { Convention } from "#domain/evaluation/convention.ts";
import { type Depth, type Formula, type ItemValue, type RankTerm, relevantTotal } from "#domain/evaluation/formula.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import {
  agreementAlias,
  clippedAlias,
  countsAlias,
  distanceAlias,
  firstAlias,
  idealAlias,
  itemsAlias,
  listedAlias,
  neighboursAlias,
  orderName,
  pairsAlias,
  topAlias,
} from "./aliases.ts";
import type { Dialect } from "./dialect.ts";
import { type LabelCount, labelCount, labelCountSql } from "./label-count.ts";
import { propensityColumn, valueSql } from "./term-sql.ts";

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

/** Each aggregate once, however many metrics share it. */
export function needsOf(dialect: Dialect, metrics: readonly Metric[]): readonly Need[] {
  const all = metrics.flatMap((metric): readonly Need[] => {
    const { convention } = metric;
    const counts = {
      kind: "label-count",
      alias: countsAlias(dialect, metric),
      sql: `${countsSql(dialect, metric)} AS ${countsAlias(dialect, metric)}`,
    } as const;
    return [counts, ...weightNeeds(dialect, metric), ...clippedNeeds(dialect, metric), ...needs(dialect, metric.formula, convention)];
  });
  return [...new Map(all.map((need) => [need.alias, need])).values()];
}

function weightNeeds(dialect: Dialect, { weight, convention }: Metric): readonly Need[] {
  if (weight === null) return [];
  return weight === "clicks" ? needs(dialect, relevantTotal(convention), convention) : [counted(dialect, weightCount(weight), convention)];
}

export function weightCount(weight: "impressions" | "relevant"): LabelCount {
  return weight === "impressions" ? "labels" : "relevant";
}

function clippedNeeds(dialect: Dialect, metric: Metric): readonly Need[] {
  const { minRel, clip } = metric.convention;
  if (clippedSql(dialect, metric) === null) return [];
  const alias = clippedAlias(dialect, metric.convention);
  return [
    {
      kind: "label-count",
      alias,
      sql: `${dialect.countIf(`rel >= ${minRel} AND CAST(1 AS ${dialect.double}) / ${propensityColumn} > ${clip}`)} AS ${alias}`,
    },
  ];
}

function needs(dialect: Dialect, formula: Formula, convention: Convention): readonly Need[] {
  switch (formula.kind) {
    case "constant":
    case "catalogue-size":
    case "sum-over-full":
      return [];
    case "sum-over-top": {
      const { depth, term } = formula;
      const counts = [
        ...(depth === "relevant-count" || term.value === "preference" ? [counted(dialect, "relevant", convention)] : []),
        ...(term.value === "preference" ? [counted(dialect, "irrelevant", convention)] : []),
      ];
      return [{ kind: "top", alias: topAlias(dialect, formula, convention), depth, term, convention }, ...counts];
    }
    case "sum-over-ideal": {
      const kind = formula.of === "judged" ? "ideal" : "retrieved-ideal";
      return [{ kind, alias: idealAlias(dialect, formula, convention), k: formula.k, term: formula.term, convention }];
    }
    case "listed-count":
      return [{ kind: "listed", alias: listedAlias(dialect, formula.k, convention), k: formula.k, convention }];
    case "relevant-count":
      return [counted(dialect, "relevant", convention)];
    case "irrelevant-count":
      return [counted(dialect, "below", convention)];
    case "reciprocal-of-first-relevant":
      return [{ kind: "first", alias: firstAlias(dialect, formula.k, convention), k: formula.k, convention }];
    case "neighbours-in-top":
      return [{ kind: "neighbours", alias: neighboursAlias(dialect, formula.k, convention), k: formula.k, convention }];
    case "agreement":
      return [{ kind: "agreement", alias: agreementAlias(dialect, formula, convention), k: formula.k, by: formula.by, convention }];
    case "ordered-pairs":
      return [{ kind: "pairs", alias: pairsAlias(dialect, convention), convention }];
    case "sum-over-items": {
      const { k, value, discount } = formula;
      return [{ kind: "item-sum", alias: itemsAlias(dialect, formula, convention), k, value, discount, convention }];
    }
    case "mean-distance": {
      const { k, column, distance } = formula;
      return [{ kind: "distance", alias: distanceAlias(dialect, formula, convention), k, column, distance, convention }];
    }
    case "listed-items":
      return [{ kind: "list", alias: dialect.name(`list ${formula.k} ${orderName(convention)}`), k: formula.k, convention }];
    case "square-root":
      return needs(dialect, formula.of, convention);
    case "divide":
      return [...needs(dialect, formula.numerator, convention), ...needs(dialect, formula.denominator, convention)];
    case "plus":
    case "minus":
    case "times":
    case "least":
      return [...needs(dialect, formula.left, convention), ...needs(dialect, formula.right, convention)];
  }
}

function counted(dialect: Dialect, which: LabelCount, convention: Convention): Need {
  return { kind: "label-count", alias: labelCount(dialect, which, convention), sql: labelCountSql(dialect, which, convention) };
}

function countsSql(dialect: Dialect, { countsWith, convention }: Metric): string {
  switch (countsWith) {
    case "labels":
      return "true";
    case "both-classes":
      return `(coalesce(${dialect.anyOf(`rel >= ${convention.minRel}`)}, false) AND coalesce(${dialect.anyOf(`rel < ${convention.minRel}`)}, false))`;
    case "gain":
    case "relevant":
    case "value":
      return `coalesce(${dialect.anyOf(`${valueSql(dialect, { value: countsWith, discount: "none" }, convention)} > 0`)}, false)`;
  }
}

/** How many of a query's labels a metric clips, or null where it clips none. */
export function clippedSql(dialect: Dialect, { convention }: Metric): string | null {
  return convention.clicks === "ips" && convention.clip !== "none"
    ? `CAST(coalesce(${clippedAlias(dialect, convention)}, 0) AS ${dialect.double})`
    : null;
}
