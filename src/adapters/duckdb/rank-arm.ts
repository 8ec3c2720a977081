import type { DuckDBConnection } from "@duckdb/node-api";
import { type Convention, defaultConvention } from "#domain/evaluation/convention.ts";
import { firstSql, pairsSql, scoredSql, seenAlias } from "./arm-sql.ts";
import { exactPlace } from "./exact-neighbours.ts";
import { type Need, orderName } from "./formula-sql.ts";
import { idText } from "./ids.ts";
import { labelCount } from "./label-count.ts";
import { idealTables } from "./label-facts.ts";
import { listsTable, loadLists } from "./load-lists.ts";
import { quotedName } from "./sandbox.ts";
import { type FixedPoint, fixedTerm, runningSql, scaleOf, valueSql, wholeSql } from "./term-sql.ts";

/** The tables that ranking makes for one arm: each has column `q` and some of the aggregates. */
export type ArmTables = {
  readonly run: string;
  readonly tables: readonly string[];
  /** Holds the counts of preflight at each cutoff; null without a cutoff. */
  readonly cutoffTable: string | null;
};

type OfKind<K extends Need["kind"]> = Extract<Need, { kind: K }>;

/** Everything that one pass over one order of an arm's lists answers. */
type Pass = {
  readonly order: Pick<Convention, "ties" | "scores" | "unjudged">;
  readonly tops: readonly OfKind<"top">[];
  readonly lengths: readonly OfKind<"listed">[];
  readonly firsts: readonly OfKind<"first">[];
  readonly neighbours: readonly OfKind<"neighbours">[];
  /** Searched at every depth: the first relevant row mostly stands among the rows that this pass reads anyway. */
  readonly seen: readonly OfKind<"first">[];
  readonly cutoffs: readonly number[];
};

/** The order in which all metrics are that say nothing else; the facts of preflight are about it. */
function isUsual({ order }: Pick<Pass, "order">): boolean {
  return orderName({ ...defaultConvention, ...order }) === orderName(defaultConvention);
}

/** Ranks one arm's lists and aggregates what the metrics need of them. Reads `run` (q, d, s), `labels` (q, d, rel), `queries` (q) and `label_counts`. */
export async function rankArm(
  connection: DuckDBConnection,
  run: string,
  needs: readonly Need[],
  cutoffs: readonly number[],
  fixed: FixedPoint,
): Promise<ArmTables> {
  const tables: string[] = [];
  const make = async (name: string, sql: string): Promise<string> => {
    const table = quotedName(`${run} ${name}`);
    await connection.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${sql}`);
    tables.push(table);
    return table;
  };
  const ofKind = <K extends Need["kind"]>(kind: K): readonly OfKind<K>[] => needs.filter((need): need is OfKind<K> => need.kind === kind);

  let cutoffTable: string | null = null;
  const passes = passesOf(ofKind("top"), ofKind("listed"), ofKind("first"), ofKind("neighbours"), cutoffs);
  const usual = passes.find(isUsual);
  await loadLists(connection, run, (usual && depthOf(usual)) || null);
  const seen = new Map<string, string>();
  for (const pass of passes) {
    const depth = depthOf(pass);
    if (depth === 0) continue;
    const table = await make(`top ${orderName({ ...defaultConvention, ...pass.order })}`, topSql(run, pass, depth, fixed));
    if (pass.cutoffs.length > 0) cutoffTable = table;
    for (const { alias } of pass.seen) seen.set(alias, table);
  }
  for (const [index, first] of ofKind("first").entries())
    if (first.k === null) await make(`first ${index}`, firstSql(run, first, seen.get(first.alias)));
  for (const [index, pairs] of ofKind("pairs").entries()) await make(`pairs ${index}`, pairsSql(run, pairs));
  const listed = `(SELECT labels.* FROM labels JOIN ${run} AS run ON run.q = labels.q AND run.d = labels.d)`;
  for (const [index, sql] of idealTables(listed, ofKind("retrieved-ideal"), fixed).entries()) await make(`retrieved ${index}`, sql);
  await make("listed", `SELECT q, true AS listed FROM ${listsTable(run)}`);
  return { run, tables, cutoffTable };
}

/** One pass for each order; the counts of preflight ride on the default one. */
function passesOf(
  tops: Pass["tops"],
  lengths: Pass["lengths"],
  firsts: Pass["firsts"],
  neighbours: Pass["neighbours"],
  cutoffs: readonly number[],
): readonly Pass[] {
  const usual = orderName(defaultConvention);
  const orders = new Map(
    [defaultConvention, ...[...tops, ...lengths, ...firsts, ...neighbours].map(({ convention }) => convention)].map((own) => [
      orderName(own),
      own,
    ]),
  );
  return [...orders].map(([name, { ties, scores, unjudged }]) => {
    const inOrder = (need: { readonly convention: Convention }): boolean => orderName(need.convention) === name;
    return {
      order: { ties, scores, unjudged },
      tops: tops.filter(inOrder),
      lengths: lengths.filter(inOrder),
      firsts: firsts.filter((first) => first.k !== null && inOrder(first)),
      neighbours: neighbours.filter(inOrder),
      // Equal scores in order of ids: else a row's place says too little of how many stand above it.
      seen: firsts.filter((first) => first.k === null && inOrder(first) && (ties === "id_desc" || ties === "id_asc")),
      cutoffs: name === usual ? cutoffs : [],
    };
  });
}

/** How many places a pass reads; null: all of them. */
function depthOf({ tops, lengths, firsts, neighbours, cutoffs }: Pass): number | null {
  const depths = [
    ...tops.map(({ depth }) => (typeof depth === "number" ? depth : null)),
    ...[...lengths, ...firsts, ...neighbours].map(({ k }) => k),
    ...cutoffs,
  ];
  return depths.reduce<number | null>((deepest, depth) => (deepest === null || depth === null ? null : Math.max(deepest, depth)), 0);
}

/**
 * Where a depth is known, rows below a query's k-th best score cannot reach the first k, so they go before anything is sorted; rows that
 * tie with it stay, so any order among equal scores is exact.
 */
function topSql(run: string, pass: Pass, depth: number | null, fixed: FixedPoint): string {
  const { order, tops, lengths, firsts, neighbours, seen, cutoffs } = pass;
  const threshold = isUsual(pass)
    ? `SELECT q, t FROM ${listsTable(run)}`
    : `SELECT q, list_last(max(s, ${depth})) AS t FROM ${scoredSql(run, order)} GROUP BY q`;
  const rows = `${scoredSql(run, order)} AS scored`;
  const counted = tops.some(({ depth: deep, term }) => deep === "relevant-count" || term.value === "preference");
  const average = order.ties === "average";
  const averaged = average
    ? tops.map(
        ({ term, convention }, index) =>
          `, ${meanOfTied(wholeSql(valueSql(term, convention), term, convention, fixed), scaleOf(term, convention, fixed))} AS v${index}`,
      )
    : [];
  const above = [...new Set(tops.flatMap(({ term, convention }) => runningSql(term, convention)))].map((column) => `, ${column}`);
  const aggregates = [
    ...tops.map(({ alias, depth: deep, term, convention }, index) => {
      const value = average ? `v${index}` : valueSql(term, convention);
      return `sum(${fixedTerm(value, term, convention, fixed)})${within(deep, convention)} AS ${alias}`;
    }),
    ...lengths.map(({ alias, k }) => `count(*)${k === null ? "" : ` FILTER (k <= ${k})`} AS ${alias}`),
    ...firsts.map(({ alias, k, convention }) => `min(k) FILTER (k <= ${k} AND rel >= ${convention.minRel}) AS ${alias}`),
    ...seen.map((first) => `min(k) FILTER (rel >= ${first.convention.minRel}) AS ${seenAlias(first)}`),
    ...neighbours.map(({ alias, k, convention }) => `count(*) FILTER (k <= ${k} AND ${exactPlace(convention)} <= ${k}) AS ${alias}`),
    ...cutoffs.flatMap((k) => [
      `count(*) FILTER (k <= ${k}) AS listed_${k}`,
      `count(*) FILTER (k <= ${k} AND rel IS NOT NULL) AS judged_${k}`,
      `bool_or(k = ${k + 1} AND s = above) AS tied_${k}`,
    ]),
    "bool_or(rel <> s) AS unequal",
    "bool_or(coalesce(rel, 0) > level_above) AS unordered",
  ];
  return `
    WITH ${depth === null ? "" : `threshold AS (${threshold}),`}
    survivors AS (
      SELECT scored.q, scored.d, scored.s, labels.* EXCLUDE (q, d)
      FROM ${rows}
      JOIN queries ON queries.q = scored.q
      LEFT JOIN labels ON labels.q = scored.q AND labels.d = scored.d
      ${depth === null ? "" : "JOIN threshold ON threshold.q = scored.q WHERE scored.s >= threshold.t"}),
    valued AS (SELECT *${averaged.join("")} FROM survivors),
    ranked AS (
      SELECT *, row_number() OVER places AS k, lag(s) OVER places AS above, lag(coalesce(rel, 0)) OVER places AS level_above${above.join("")}
      FROM valued WINDOW places AS (PARTITION BY q ORDER BY s DESC, ${orders[order.ties]}))
    SELECT ranked.q${aggregates.map((aggregate) => `, ${aggregate}`).join("")}
    FROM ranked ${counted ? "LEFT JOIN label_counts ON label_counts.q = ranked.q" : ""} GROUP BY ranked.q`;
}

const orders = {
  id_desc: `${idText("d")} DESC`,
  id_asc: `${idText("d")} ASC`,
  average: `${idText("d")} DESC`,
  worst: `greatest(coalesce(rel, 0), 0) ASC, ${idText("d")} DESC`,
} as const satisfies Record<Convention["ties"], string>;

function within(depth: OfKind<"top">["depth"], convention: Convention): string {
  if (depth === "all") return "";
  return ` FILTER (k <= ${depth === "relevant-count" ? labelCount("relevant", convention) : depth})`;
}

/** Mean over all orders of tied rows: every place of a tie is worth the tie's mean (McSherry and Najork 2008). */
function meanOfTied(scaled: string, scale: number): string {
  return `CAST(sum(${scaled}) OVER (PARTITION BY q, s) AS DOUBLE) / count(*) OVER (PARTITION BY q, s) / CAST(${scale} AS DOUBLE)`;
}
