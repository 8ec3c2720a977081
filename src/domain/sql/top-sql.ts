import type { Convention } from "#domain/evaluation/convention.ts";
import { seenAlias } from "./aliases.ts";
import type { Pass } from "./arm-plan.ts";
import { scoredSql } from "./arm-sql.ts";
import { type Dialect, idText } from "./dialect.ts";
import { exactPlace } from "./exact-place.ts";
import { labelCount } from "./label-count.ts";
import type { Need } from "./need.ts";
import { type FixedPoint, fixedTerm, runningSql, scaleOf, valueSql, wholeSql } from "./term-sql.ts";

/**
 * Where a depth is known, rows below a query's k-th best score cannot reach the first k, so they go before anything is sorted; rows that
 * tie with it stay, so any order among equal scores is exact.
 */
export function topSql(dialect: Dialect, run: string, pass: Pass, depth: number | null, fixed: FixedPoint, lists: string | null): string {
  const { order, tops, lengths, firsts, neighbours, seen, cutoffs } = pass;
  const rows = `${scoredSql(dialect, run, order)} AS scored`;
  const least = depth === null ? null : dialect.kthGreatest("s", depth);
  const threshold =
    least === null ? null : lists === null ? `SELECT q, ${least} AS t FROM ${rows} GROUP BY q` : `SELECT q, t FROM ${lists}`;
  const counted = tops.some(({ depth: deep, term }) => deep === "relevant-count" || term.value === "preference");
  const average = order.ties === "average";
  const averaged = average
    ? tops.map(
        ({ term, convention }, index) =>
          `, ${meanOfTied(dialect, wholeSql(dialect, valueSql(dialect, term, convention), term, convention, fixed), scaleOf(term, convention, fixed))} AS v${index}`,
      )
    : [];
  const above = [...new Set(tops.flatMap(({ term, convention }) => runningSql(dialect, term, convention)))].map((column) => `, ${column}`);
  const aggregates = [
    ...tops.map(({ alias, depth: deep, term, convention }, index) => {
      const value = fixedTerm(dialect, average ? `v${index}` : valueSql(dialect, term, convention), term, convention, fixed);
      return `${deep === "all" ? `sum(${value})` : dialect.sumIf(value, `k <= ${lastPlace(dialect, deep, convention)}`)} AS ${alias}`;
    }),
    ...lengths.map(({ alias, k }) => `${k === null ? "count(*)" : dialect.countIf(`k <= ${k}`)} AS ${alias}`),
    ...firsts.map(({ alias, k, convention }) => `${dialect.minIf("k", `k <= ${k} AND rel >= ${convention.minRel}`)} AS ${alias}`),
    ...seen.map(({ convention }) => `${dialect.minIf("k", `rel >= ${convention.minRel}`)} AS ${seenAlias(dialect, convention)}`),
    ...neighbours.map(({ alias, k, convention }) => `${dialect.countIf(`k <= ${k} AND ${exactPlace(convention)} <= ${k}`)} AS ${alias}`),
    ...cutoffs.flatMap((k) => [
      `${dialect.countIf(`k <= ${k}`)} AS listed_${k}`,
      `${dialect.countIf(`k <= ${k} AND rel IS NOT NULL`)} AS judged_${k}`,
      `${dialect.anyOf(`k = ${k + 1} AND s = above`)} AS tied_${k}`,
    ]),
    `${dialect.anyOf("rel <> s")} AS unequal`,
    `${dialect.anyOf("coalesce(rel, 0) > level_above")} AS unordered`,
  ];
  return `
    WITH ${threshold === null ? "" : `threshold AS (${threshold}),`}
    survivors AS (
      SELECT scored.q, scored.d, scored.s, ${dialect.allBut("labels", ["q", "d"])}
      FROM ${rows}
      JOIN queries ON queries.q = scored.q
      LEFT JOIN labels ON labels.q = scored.q AND labels.d = scored.d
      ${threshold === null ? "" : "JOIN threshold ON threshold.q = scored.q WHERE scored.s >= threshold.t"}),
    valued AS (SELECT *${averaged.join("")} FROM survivors),
    ranked AS (
      SELECT *, row_number() OVER places AS k, lag(s) OVER places AS above, lag(coalesce(rel, 0)) OVER places AS level_above${above.join("")}
      FROM valued WINDOW places AS (PARTITION BY q ORDER BY s DESC, ${tieOrder(dialect, order.ties)}))
    SELECT ranked.q${aggregates.map((aggregate) => `,\n      ${aggregate}`).join("")}
    FROM ranked ${counted ? "LEFT JOIN label_counts ON label_counts.q = ranked.q" : ""} GROUP BY ranked.q`;
}

function tieOrder(dialect: Dialect, ties: Convention["ties"]): string {
  const id = idText(dialect, "d");
  return {
    id_desc: `${id} DESC`,
    id_asc: `${id} ASC`,
    average: `${id} DESC`,
    worst: `greatest(coalesce(rel, 0), 0) ASC, ${id} DESC`,
  }[ties];
}

function lastPlace(
  dialect: Dialect,
  depth: Exclude<Extract<Need, { kind: "top" }>["depth"], "all">,
  convention: Convention,
): string | number {
  return depth === "relevant-count" ? labelCount(dialect, "relevant", convention) : depth;
}

/** Mean over all orders of tied rows: every place of a tie is worth the tie's mean (McSherry and Najork 2008). */
function meanOfTied(dialect: Dialect, scaled: string, scale: number): string {
  const tied = `OVER (PARTITION BY q, ${dialect.partitionKey("s")})`;
  return `CAST(sum(${scaled}) ${tied} AS ${dialect.double}) / count(*) ${tied} / CAST(${scale} AS ${dialect.double})`;
}
