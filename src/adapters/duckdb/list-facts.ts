import type { DuckDBConnection } from "@duckdb/node-api";
import type { DataFacts, ListFacts } from "#domain/evaluation/scored-table.ts";
import { type ArmPlan, listsTable } from "#domain/sql/arm-plan.ts";
import { likeLabelsOf, likeLabelsSql } from "#domain/sql/like-labels.ts";
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
  const [telling, equal, ordered] = await oneRow(connection, likeLabelsSql(duckdbDialect, run, among));
  return likeLabelsOf(number(telling), equal === true, ordered === true);
}

async function oneRow(connection: DuckDBConnection, sql: string): Promise<readonly unknown[]> {
  return (await connection.runAndReadAll(sql)).getRowsJS()[0] ?? [];
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
