import type { DuckDBConnection } from "@duckdb/node-api";
import type { Columns } from "#domain/model/model-definition.ts";
import { DataProblem, detailOf } from "./data-problem.ts";
import { type IdTypes, idColumns, idText } from "./ids.ts";
import { mayRepeat } from "./may-repeat.ts";
import { quotedName } from "./sandbox.ts";
import { SeenHashes } from "./seen-hashes.ts";
import { numberOf, type Source, textOf } from "./source.ts";

type Row = Readonly<Record<string, unknown>>;

/** Refuses predictions that could not be ranked: no identifier, a score that is missing, no number or not finite. */
export async function checkPredictions(connection: DuckDBConnection, source: Source, columns: Columns): Promise<void> {
  if (await isPlain(connection, source, columns)) return;
  await checkNumber(connection, source, columns, columns.score, "score");
  await checkIdentifiers(connection, source, columns);
}

/** Whether one pass finds nothing wrong, as it mostly does; what is wrong is worth several. */
async function isPlain(connection: DuckDBConnection, source: Source, { query, item, score }: Columns): Promise<boolean> {
  if (!numeric.test(source.columns.get(score) ?? "")) return false;
  const plain = `${quotedName(query)} IS NOT NULL AND ${quotedName(item)} IS NOT NULL AND isfinite(${numberOf(score)})`;
  const found = await firstRow(
    connection,
    source,
    `SELECT coalesce(bool_and(coalesce(${plain}, false)), true) AS plain FROM ${source.view}`,
  );
  return found?.["plain"] === true;
}

/** Refuses predictions that list an item of a query twice, one file after the other. `beside`: where the sources' views are not seen. */
export async function checkRepeated(
  connection: DuckDBConnection,
  sources: readonly Source[],
  columns: Columns,
  ids: IdTypes,
  beside = false,
): Promise<void> {
  const rows = Math.max(0, ...sources.map((source) => source.rows));
  const seen = SeenHashes.canHold(rows) ? new SeenHashes(rows) : undefined;
  for (const source of sources) {
    await checkRepeatedIn(connection, source, columns, ids, beside ? (source.files ?? source.view) : source.view, seen);
    seen?.forgetAll();
  }
}

async function checkRepeatedIn(
  connection: DuckDBConnection,
  source: Source,
  columns: Columns,
  ids: IdTypes,
  from: string,
  seen: SeenHashes | undefined,
): Promise<void> {
  const run = `(SELECT ${idColumns(columns, ids)} FROM ${from})`;
  if (!(await mayRepeat(connection, "q, d", run, source.rows, seen))) return;
  const twice = await firstRow(
    connection,
    source,
    `SELECT ${idText("q")} AS query, ${idText("d")} AS item, count(*)::DOUBLE AS n, (count(*) OVER ())::DOUBLE AS pairs
     FROM ${run} GROUP BY q, d HAVING count(*) > 1 ORDER BY query, item LIMIT 1`,
  );
  if (twice === undefined) return;
  const where = `${columns.query} = ${JSON.stringify(twice["query"])}, ${columns.item} = ${JSON.stringify(twice["item"])}`;
  const message = `${named(source)} lists an item of a query more than once: ${where} has ${twice["n"]} rows (${twice["pairs"]} such items). Keep one row each.`;
  throw new DataProblem("duplicate-rows", message);
}

/** Refuses labels that are missing, no number, not finite, or that contradict each other. */
export async function checkLabels(connection: DuckDBConnection, source: Source, columns: Columns): Promise<void> {
  await checkNumber(connection, source, columns, columns.label, "label");
  await checkIdentifiers(connection, source, columns);
}

/** Two labels of one item of a query, or two values in a column beside the label: which one counts? None does. */
export async function checkConflicts(
  connection: DuckDBConnection,
  source: Source,
  columns: Columns,
  labels: string,
  read: readonly { readonly alias: string; readonly column: string }[],
): Promise<void> {
  for (const { alias, column } of [{ alias: "rel", column: columns.label }, ...read]) {
    const conflict = await firstRow(
      connection,
      source,
      `SELECT ${idText("q")} AS query, ${idText("d")} AS item, min(${alias}) AS a, max(${alias}) AS b
       FROM ${labels} GROUP BY q, d HAVING min(${alias}) <> max(${alias}) ORDER BY query, item LIMIT 1`,
    );
    if (conflict === undefined) continue;
    const where = `${columns.query} = ${JSON.stringify(conflict["query"])}, ${columns.item} = ${JSON.stringify(conflict["item"])}`;
    const what = alias === "rel" ? "labels" : `values of ${JSON.stringify(column)}`;
    const message = `${named(source)} has contradicting ${what} for one item: ${where} is ${conflict["a"]} and ${conflict["b"]}. Keep one.`;
    throw new DataProblem("labels-conflict", message);
  }
}

/** A number in every row; `optional` allows rows without one (an unjudged item in the predictions). */
export async function checkNumber(
  connection: DuckDBConnection,
  source: Source,
  columns: Columns,
  column: string,
  role: "score" | "label" | "weight" | "value" | "propensity" | "position" | "rank" | "distance" | "item-value",
  optional = false,
): Promise<void> {
  const type = source.columns.get(column) ?? "";
  if (!numeric.test(type)) {
    throw new DataProblem(`${role}-not-numeric`, `Column ${JSON.stringify(column)} of ${named(source)} is of type ${type}, not a number.`);
  }
  const raw = quotedName(column);
  const wrong = [
    {
      code: `${role}-not-numeric`,
      problem: "holds text that is no number",
      condition: `${raw} IS NOT NULL AND ${numberOf(column)} IS NULL`,
    },
    { code: `${role}-not-finite`, problem: "is NaN or infinite", condition: `NOT isfinite(${numberOf(column)})` },
    ...(optional ? [] : [{ code: `${role}-missing`, problem: "is empty", condition: `${raw} IS NULL` }]),
  ];
  const counts = wrong.map(({ condition }, index) => `(count(*) FILTER (${condition}))::DOUBLE AS wrong_${index}`);
  const found = await firstRow(connection, source, `SELECT count(*)::DOUBLE AS n, ${counts.join(", ")} FROM ${source.view}`);
  const index = wrong.findIndex((_, at) => found?.[`wrong_${at}`] !== 0);
  const first = wrong[index];
  if (first === undefined) return;
  const example = await firstRow(
    connection,
    source,
    `SELECT ${textOf(columns.query)} AS q, CAST(${raw} AS VARCHAR) AS value FROM ${source.view} WHERE ${first.condition} ORDER BY q, value LIMIT 1`,
  );
  const value = example?.["value"] ?? null;
  const place = `${value === null ? "" : `${JSON.stringify(value)} `}at ${columns.query} = ${JSON.stringify(example?.["q"] ?? null)}`;
  const what = `Column ${JSON.stringify(column)} (${role}) of ${named(source)}`;
  throw new DataProblem(first.code, `${what} ${first.problem} in ${found?.[`wrong_${index}`]} of ${found?.["n"]} rows: ${place}.`);
}

const numeric = /^(?:VARCHAR|FLOAT|DOUBLE|DECIMAL.*|U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?)$/;

/** Refuses rows without a query or an item. */
export async function checkIdentifiers(connection: DuckDBConnection, source: Source, { query, item }: Columns): Promise<void> {
  const found = await firstRow(
    connection,
    source,
    `SELECT count(*)::DOUBLE AS n, (count(*) FILTER (${quotedName(query)} IS NULL))::DOUBLE AS queries,
       (count(*) FILTER (${quotedName(item)} IS NULL))::DOUBLE AS items FROM ${source.view}`,
  );
  for (const [kind, column] of [
    ["queries", query],
    ["items", item],
  ] as const) {
    if (Number(found?.[kind] ?? 0) === 0) continue;
    const message = `Column ${JSON.stringify(column)} of ${named(source)} is empty in ${found?.[kind]} of ${found?.["n"]} rows: every row needs it.`;
    throw new DataProblem("identifier-missing", message);
  }
}

async function firstRow(connection: DuckDBConnection, source: Source, sql: string): Promise<Row | undefined> {
  const result = await connection.runAndReadAll(sql).catch((error: unknown) => {
    throw new DataProblem("file-unreadable", `${named(source)} cannot be read to its end: ${detailOf(error, source.table.files)}`, {
      cause: error,
    });
  });
  return result.getRowObjectsJS()[0];
}

function named({ table }: Source): string {
  return `${table.files.map(({ name }) => name).join(", ")} (${table.what})`;
}
