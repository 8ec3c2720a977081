import type { DuckDBConnection } from "@duckdb/node-api";
import type { Convention } from "#domain/evaluation/metric.ts";
import { type FixedPoint, fixedTerm, type Need, valueOfRow } from "./formula-sql.ts";

/** The tables that ranking makes for one arm: each has column `q` and some of the aggregates. */
export type ArmTables = { readonly run: string; readonly tables: readonly string[] };

type Top = Extract<Need, { kind: "top" }>;
type First = Extract<Need, { kind: "first" }>;

/**
 * Ranks one arm's lists and aggregates what the metrics need of the first places.
 *
 * Rows below a query's k-th best score cannot reach the first k, so they go before anything is sorted; rows that tie with it stay, so any
 * order among equal scores is exact. Reads `run` (q, d, s), `labels` (q, d, rel) and `queries` (q).
 */
export async function rankArm(
  connection: DuckDBConnection,
  run: string,
  needs: readonly Need[],
  cutoffs: readonly number[],
  fixed: FixedPoint,
): Promise<ArmTables> {
  const tops = needs.filter((need): need is Top => need.kind === "top");
  const firsts = needs.filter((need): need is First => need.kind === "first");
  const orders = new Set<Convention["ties"]>([
    "id_desc",
    ...tops.map((need) => need.convention.ties),
    ...firsts.map((need) => need.convention.ties),
  ]);
  const tables: string[] = [];
  for (const ties of orders) {
    const own = tops.filter(({ convention }) => convention.ties === ties);
    const within = firsts.filter(({ k, convention }) => k !== null && convention.ties === ties);
    const deepest = Math.max(0, ...cutoffs, ...own.map(({ k }) => k), ...within.map(({ k }) => k ?? 0));
    if (deepest > 0) {
      const table = `${run}_top_${ties}`;
      await connection.run(
        `CREATE TEMP TABLE ${table} AS ${topSql(run, own, within, ties === "id_desc" ? cutoffs : [], ties, deepest, fixed)}`,
      );
      tables.push(table);
    }
  }
  for (const first of firsts.filter(({ k }) => k === null)) {
    const table = `${run}_${first.alias}`;
    await connection.run(`CREATE TEMP TABLE ${table} AS ${firstSql(run, first)}`);
    tables.push(table);
  }
  await connection.run(`CREATE TEMP TABLE ${run}_listed AS SELECT DISTINCT q, true AS listed FROM ${run}`);
  return { run, tables: [...tables, `${run}_listed`] };
}

function topSql(
  run: string,
  tops: readonly Top[],
  firsts: readonly First[],
  cutoffs: readonly number[],
  ties: Convention["ties"],
  deepest: number,
  fixed: FixedPoint,
): string {
  const valued = tops.map(
    (need, index) =>
      `${ties === "average" ? meanOfTied(valueOfRow(need.term, need.convention), fixed) : valueOfRow(need.term, need.convention)} AS v${index}`,
  );
  const worstFirst = ties === "worst" ? "greatest(coalesce(rel, 0), 0) ASC, " : "";
  const aggregates = [
    ...tops.map(({ alias, k, term }, index) => `sum(${fixedTerm(`v${index}`, term, fixed)}) FILTER (k <= ${k}) AS ${alias}`),
    ...firsts.map(({ alias, k, convention }) => `min(k) FILTER (k <= ${k} AND rel >= ${convention.minRel}) AS ${alias}`),
    ...cutoffs.flatMap((k) => [
      `count(*) FILTER (k <= ${k}) AS listed_${k}`,
      `count(*) FILTER (k <= ${k} AND rel IS NOT NULL) AS judged_${k}`,
      `bool_or(k = ${k + 1} AND s = above) AS tied_${k}`,
    ]),
  ];
  return `
    WITH threshold AS (SELECT q, list_last(max(s, ${deepest})) AS t FROM ${run} GROUP BY q),
    survivors AS (
      SELECT run.q, run.d, run.s, labels.rel
      FROM ${run} AS run
      JOIN queries ON queries.q = run.q
      JOIN threshold ON threshold.q = run.q
      LEFT JOIN labels ON labels.q = run.q AND labels.d = run.d
      WHERE run.s >= threshold.t),
    valued AS (SELECT *${valued.map((value) => `, ${value}`).join("")} FROM survivors),
    ranked AS (
      SELECT *, row_number() OVER places AS k, lag(s) OVER places AS above
      FROM valued WINDOW places AS (PARTITION BY q ORDER BY s DESC, ${worstFirst}d DESC))
    SELECT q${aggregates.map((aggregate) => `, ${aggregate}`).join("")} FROM ranked GROUP BY q`;
}

/** Mean over all orders of tied rows: every place of a tie is worth the tie's mean (McSherry and Najork 2008). */
function meanOfTied(value: string, { scale }: FixedPoint): string {
  const scaled = `CAST(CAST(${scale} AS DOUBLE) * (${value}) AS BIGINT)`;
  return `CAST(sum(${scaled}) OVER (PARTITION BY q, s) AS DOUBLE) / count(*) OVER (PARTITION BY q, s) / CAST(${scale} AS DOUBLE)`;
}

/** Rank of the first relevant row at any depth, without sorting the lists: the best relevant row, then a count of what stands above it. */
function firstSql(run: string, { alias, convention }: First): string {
  const { minRel, ties } = convention;
  const above = "run.s > best.s OR (run.s = best.s AND run.d > best.d)";
  const aboveOrTiedIrrelevant = `run.s > best.s OR (run.s = best.s AND NOT coalesce(labels.rel >= ${minRel}, false))`;
  return `
    WITH best AS (
      SELECT run.q, run.s, run.d FROM ${run} AS run JOIN labels ON labels.q = run.q AND labels.d = run.d
      WHERE labels.rel >= ${minRel}
      QUALIFY row_number() OVER (PARTITION BY run.q ORDER BY run.s DESC, run.d DESC) = 1)
    SELECT best.q, 1 + count(*) FILTER (${ties === "worst" ? aboveOrTiedIrrelevant : above}) AS ${alias}
    FROM best JOIN ${run} AS run ON run.q = best.q
    ${ties === "worst" ? "LEFT JOIN labels ON labels.q = run.q AND labels.d = run.d" : ""}
    GROUP BY best.q`;
}
