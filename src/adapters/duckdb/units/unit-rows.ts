import type { DuckDBConnection } from "@duckdb/node-api";
import { DataProblem } from "#adapters/duckdb/data-problem.ts";
import { keyText, named } from "#adapters/duckdb/pointwise/row-checks.ts";
import { quotedName } from "#adapters/duckdb/sandbox.ts";
import type { Source } from "#adapters/duckdb/source.ts";
import { nearestNames } from "#domain/evaluation/nearest-name.ts";
import type { OptionalColumn, UnitGrain } from "#domain/evaluation/units/unit-grain.ts";
import type { Columns } from "#domain/model/model-definition.ts";

/** Columns of {@link unitRows}, beside the user's own. */
export const unitColumn = "slipway unit";
export const repeatColumn = (index: number): string => `slipway repeat ${index}`;
const keyColumn = "slipway key";
const sliceColumn = "slipway slice";

export type UnitRows = {
  readonly connection: DuckDBConnection;
  readonly grain: UnitGrain;
  readonly columns: Columns;
  readonly labels: Source | null;
  /** The user's columns that expressions read. */
  readonly wanted: readonly string[];
  /** Where a row lies among the slices that units are divided by, in SQL over the file that describes rows; null where they are not. */
  readonly sliceKey: string | null;
};

/** The columns that tell rows of one unit apart and that a file has. */
export function presentIn(source: Source, columns: readonly OptionalColumn[]): readonly OptionalColumn[] {
  return columns.filter(({ column, required }) => required || source.columns.has(column));
}

/**
 * Makes the view `<arm>_unit_rows`: a row of the arm's file with what the labels say of it, its unit, and in a list its rank, which is
 * the place by score, equal ones by item id descending, as in the ranking metrics.
 */
export async function unitRows(source: Source, arm: "candidate" | "baseline", given: UnitRows): Promise<string> {
  const { connection, grain, columns, labels, wanted, sliceKey } = given;
  const { group, rows } = grain;
  const joined = rows.kind === "predictions" ? labels : null;
  const ranked = rows.kind === "predictions" && rows.ranked;
  const places = wanted.map((column) => placeOf(column, source, joined, columns, ranked));
  const unitIn = (column: string): string => (joined?.columns.has(column) === true && !source.columns.has(column) ? "labels" : "arm");
  const sliced = joined === null ? sliceKey : `labels.${quotedName(sliceColumn)}`;
  const unit = [
    ...group.map((column) => `CAST(${unitIn(column)}.${quotedName(column)} AS VARCHAR)`),
    ...(sliceKey === null || sliced === null ? [] : [sliced]),
  ];
  const repeats = presentIn(source, grain.repeats).map(
    ({ column }, index) => `, lower(CAST(arm.${quotedName(column)} AS VARCHAR)) AS ${quotedName(repeatColumn(index))}`,
  );
  const list = [
    `${unit.length === 1 ? unit[0] : `concat_ws(chr(31), ${unit.join(", ")})`} AS ${quotedName(unitColumn)}${repeats.join("")}`,
    ...places.map(({ sql, column }) => `${sql} AS ${quotedName(column)}`),
  ];
  const view = `${arm}_unit_rows`;
  const join = joined === null || rows.kind !== "predictions" ? "" : joinSql(rows.key, ranked);
  await connection.run(`CREATE TEMP VIEW ${view} AS SELECT ${list.join(", ")} FROM ${source.view} AS arm ${join}`);
  return view;
}

function joinSql(key: readonly string[], ranked: boolean): string {
  const own = key.map((column) => `CAST(arm.${quotedName(column)} AS VARCHAR)`);
  const text = own.length === 1 ? own[0] : `concat_ws(chr(31), ${own.join(", ")})`;
  return `${ranked ? "LEFT" : "INNER"} JOIN keyed_labels AS labels ON labels.${quotedName(keyColumn)} = ${text}`;
}

type Place = { readonly column: string; readonly sql: string };

function placeOf(column: string, source: Source, labels: Source | null, columns: Columns, ranked: boolean): Place {
  if (ranked && column.toLowerCase() === "rank") {
    const [query, item, score] = [columns.query, columns.item, columns.score].map(quotedName);
    const sql = `row_number() OVER (PARTITION BY arm.${query} ORDER BY TRY_CAST(arm.${score} AS DOUBLE) DESC, CAST(arm.${item} AS VARCHAR) DESC)`;
    return { column, sql };
  }
  const own = spelledIn(column, source);
  const other = labels === null ? undefined : spelledIn(column, labels);
  if (other !== undefined && (own === undefined || column === columns.label)) return { column, sql: `labels.${quotedName(other)}` };
  if (own === undefined) throw missing(column, source, labels);
  if (other !== undefined && labels !== null && ![columns.query, columns.item, columns.unit, columns.row].flat().includes(own)) {
    const message = `Both ${named(source)} and ${named(labels)} have a column ${JSON.stringify(column)}, and a metric's expression reads it: rename one.`;
    throw new DataProblem("column-ambiguous", message);
  }
  return { column, sql: `arm.${quotedName(own)}` };
}

/** A file's own spelling of a column: SQL takes no notice of capitals. */
function spelledIn(column: string, { columns }: Source): string | undefined {
  if (columns.has(column)) return column;
  return [...columns.keys()].find((name) => name.toLowerCase() === column.toLowerCase());
}

function missing(column: string, source: Source, labels: Source | null): DataProblem {
  const known = [...source.columns.keys(), ...(labels?.columns.keys() ?? [])];
  const [nearest] = nearestNames(column, known, 1);
  const hint = nearest === undefined ? "" : ` Did you mean ${JSON.stringify(nearest)}?`;
  const list = known.slice(0, 20).map((name) => JSON.stringify(name));
  const files = labels === null ? named(source) : `${named(source)} and ${named(labels)}`;
  return new DataProblem(
    "column-missing",
    `A metric's expression reads the column ${JSON.stringify(column)}, which ${files} lack. Found: ${list.join(", ")}.${hint}`,
  );
}

/** Makes `keyed_labels`: what the labels say of each key, once; the columns that are read must say one thing. */
export async function keyedLabels(labels: Source, key: readonly string[], given: Omit<UnitRows, "labels">): Promise<void> {
  const { connection, columns, wanted, grain, sliceKey } = given;
  const read = [
    ...new Set([
      ...wanted.flatMap((column) => spelledIn(column, labels) ?? []),
      ...grain.group.filter((column) => labels.columns.has(column)),
    ]),
  ];
  const parts = read.map(
    (column) =>
      `min(${quotedName(column)}) AS ${quotedName(column)}, min(${quotedName(column)}) IS DISTINCT FROM max(${quotedName(column)}) AS ${quotedName(`${column} varies`)}`,
  );
  const sliced = sliceKey === null ? [] : [`min(${sliceKey}) AS ${quotedName(sliceColumn)}`];
  const list = [...parts, ...sliced].map((part) => `, ${part}`).join("");
  const labelled = labels.columns.has(columns.label) ? `WHERE ${quotedName(columns.label)} IS NOT NULL` : "";
  await connection.run(
    `CREATE TEMP TABLE keyed_labels AS SELECT ${keyText(key)} AS ${quotedName(keyColumn)}${list} FROM ${labels.view} ${labelled} GROUP BY 1`,
  );
  for (const column of read) {
    const sql = `SELECT ${quotedName(keyColumn)} FROM keyed_labels WHERE ${quotedName(`${column} varies`)} ORDER BY 1 LIMIT 1`;
    const found = (await connection.runAndReadAll(sql)).getRowsJS()[0];
    if (found === undefined) continue;
    const where = `${key.join(", ")} = ${JSON.stringify(String(found[0]).replaceAll("\u001f", ", "))}`;
    throw new DataProblem(
      "column-varies",
      `Column ${JSON.stringify(column)} of ${named(labels)} says two things of ${where}. A metric's expression reads it, so it must be one.`,
    );
  }
}

/** Refuses a file of scores whose rows of one unit cannot be told apart, or whose scores are missing or no numbers. */
export async function checkScores(source: Source, arm: string, given: UnitRows): Promise<void> {
  const { connection, grain } = given;
  const repeats = presentIn(source, grain.repeats);
  const keys = [quotedName(unitColumn), ...repeats.map((_, index) => quotedName(repeatColumn(index)))];
  const twice = `SELECT ${keys[0]}, count(*)::DOUBLE FROM ${arm}_unit_rows GROUP BY ${keys.join(", ")} HAVING count(*) > 1 ORDER BY 1 LIMIT 1`;
  const found = (await connection.runAndReadAll(twice)).getRowsJS()[0];
  const name = grain.group.join(", ");
  if (found !== undefined) {
    const apart =
      repeats.length === 0
        ? "nothing tells them apart: name columns.repeat, or"
        : `the same ${repeats.map(({ column }) => column).join(" and ")}:`;
    const message = `${named(source)} has the unit ${name} = ${JSON.stringify(found[0])} ${found[1]} times with ${apart} keep one row each.`;
    throw new DataProblem("duplicate-rows", message);
  }
  const empty = `SELECT count(*)::DOUBLE FROM ${arm}_unit_rows WHERE ${keys.map((key) => `${key} IS NULL`).join(" OR ")}`;
  const without = (await connection.runAndReadAll(empty)).getRowsJS()[0]?.[0];
  if (without !== 0)
    throw new DataProblem(
      "identifier-missing",
      `${named(source)} has ${String(without)} rows without ${[name, ...repeats.map(({ column }) => column)].join(" or ")}: every row needs it.`,
    );
}
