import type { DuckDBConnection } from "@duckdb/node-api";
import { type DataFacts, fewestTellingLists, type ListFacts } from "#domain/evaluation/scored-table.ts";
import { type ArmPlan, listsTable } from "#domain/sql/arm-plan.ts";
import { duckdbDialect } from "./dialect.ts";
import { idText } from "./ids.ts";

/** Scores that copy the labels show in any thousand lists; only then are all of them looked at. */
const firstLook = 1000;

/** What one arm's lists look like, over its labelled queries. Reads `run` (q, d, s), its lists and first places, `labels` (q, d, rel) and `queries` (q). */
export async function listFacts(
  connection: DuckDBConnection,
  { run, cutoffTable }: Pick<ArmPlan, "run" | "cutoffTable">,
): Promise<ListFacts> {
  const [queries, shortest, median, longest, tied] = await oneRow(
    connection,
    `SELECT count(*)::DOUBLE, min(n)::DOUBLE, quantile_disc(n, 0.5)::DOUBLE, max(n)::DOUBLE, coalesce(bool_and(lo = hi) FILTER (n > 1), false)
     FROM ${listsTable(duckdbDialect, run)} AS lists JOIN queries ON queries.q = lists.q`,
  );
  return {
    queries: number(queries),
    shortest: number(shortest),
    median: number(median),
    longest: number(longest),
    tied: tied === true,
    likeLabels: cutoffTable !== null && (await unlikeLabels(connection, cutoffTable)) ? null : await likeLabels(connection, run),
  };
}

export async function labelSigns(connection: DuckDBConnection): Promise<DataFacts["labels"]> {
  const [count, negative] = await oneRow(connection, "SELECT count(*)::DOUBLE, (count(*) FILTER (rel < 0))::DOUBLE FROM labels");
  return { count: number(count), negative: number(negative) };
}

/** Whether the first places say already that scores neither equal the labels nor follow their order, as they mostly do. */
async function unlikeLabels(connection: DuckDBConnection, cutoffTable: string): Promise<boolean> {
  const [unequal, unordered] = await oneRow(connection, `SELECT bool_or(unequal), bool_or(unordered) FROM ${cutoffTable}`);
  return unequal === true && unordered === true;
}

async function likeLabels(connection: DuckDBConnection, run: string): Promise<ListFacts["likeLabels"]> {
  const first = await likeLabelsAmong(connection, run, `(SELECT q FROM queries ORDER BY ${idText("q")} LIMIT ${firstLook})`);
  return first === null ? null : likeLabelsAmong(connection, run, "queries");
}

/** A list tells something where its items differ in their labels: then each level's lowest score is compared with the one below's highest. */
async function likeLabelsAmong(connection: DuckDBConnection, run: string, among: string): Promise<ListFacts["likeLabels"]> {
  const [telling, equal, ordered] = await oneRow(
    connection,
    `WITH levels AS (
       SELECT run.q, coalesce(labels.rel, 0) AS level, min(s) AS lo, max(s) AS hi, bool_and(labels.rel IS NULL OR s = labels.rel) AS equal
       FROM ${run} AS run JOIN ${among} AS looked ON looked.q = run.q LEFT JOIN labels ON labels.q = run.q AND labels.d = run.d
       GROUP BY run.q, level),
     stepped AS (
       SELECT q, equal, lo > lag(hi) OVER (PARTITION BY q ORDER BY level) AS above, count(*) OVER (PARTITION BY q) AS n FROM levels)
     SELECT (count(DISTINCT q) FILTER (n > 1))::DOUBLE, bool_and(equal), bool_and(coalesce(above, true)) FROM stepped`,
  );
  if (number(telling) < fewestTellingLists) return null;
  if (equal === true) return "equal";
  return ordered === true ? "ordered" : null;
}

async function oneRow(connection: DuckDBConnection, sql: string): Promise<readonly unknown[]> {
  return (await connection.runAndReadAll(sql)).getRowsJS()[0] ?? [];
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
