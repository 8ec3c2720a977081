import type { DuckDBConnection } from "@duckdb/node-api";
import type { InputFacts, TimeSpan } from "#domain/evaluation/input-facts.ts";
import { isPlausible } from "#domain/model/time.ts";
import type { InspectionRequest } from "#ports/evaluation-engine.ts";
import { DataProblem } from "./data-problem.ts";
import type { InputTable } from "./input-files.ts";
import type { InputTables } from "./load-tables.ts";
import { quotedName } from "./sandbox.ts";
import { openSource, type Source } from "./source.ts";

type Tables = InputTables & { readonly training: InputTable | null };
type Opened = { readonly candidate: Source; readonly baseline: Source | null; readonly labels: Source | null };

/** Reads what the files say beside scores and labels: snapshots, times, and the units that training saw too. */
export async function inspectInputs(connection: DuckDBConnection, request: InspectionRequest, tables: Tables): Promise<InputFacts> {
  const { snapshot, time } = request.columns;
  const asText = [...request.unit, ...(snapshot === undefined ? [] : [snapshot]), ...(time === undefined ? [] : [time])];
  const open = async (view: string, table: InputTable | null, required: Readonly<Record<string, string>>): Promise<Source | null> =>
    table === null ? null : openSource(connection, view, table, { required, asText, typed: false });
  const ofArm = snapshot === undefined ? {} : { snapshot };
  const candidate = await openSource(connection, "candidate_raw", tables.candidate, { required: ofArm, asText, typed: false });
  const opened: Opened = {
    candidate,
    baseline: await open("baseline_raw", tables.baseline, ofArm),
    labels: await open("labels_raw", tables.labels, {}),
  };
  const training = await open("training_raw", tables.training, unitColumns(request.unit));
  return {
    snapshots: snapshot === undefined ? null : await snapshotsIn(connection, opened, snapshot),
    times: time === undefined ? null : await timesIn(connection, opened, time),
    seen: training === null ? null : await seenIn(connection, opened.labels ?? candidate, training, request.unit),
  };
}

function unitColumns(unit: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(unit.map((column, index) => [index === 0 ? "unit" : `unit ${index + 1}`, column]));
}

async function snapshotsIn(
  connection: DuckDBConnection,
  { candidate, baseline }: Opened,
  column: string,
): Promise<InputFacts["snapshots"]> {
  const distinct = async ({ view }: Source): Promise<readonly string[]> => {
    const sql = `SELECT DISTINCT coalesce(CAST(${quotedName(column)} AS VARCHAR), '') AS s FROM ${view} ORDER BY s LIMIT 1000`;
    return (await connection.runAndReadAll(sql)).getRowsJS().map(([value]) => String(value));
  };
  return { candidate: await distinct(candidate), baseline: baseline === null ? null : await distinct(baseline) };
}

/** The labels' times, and those of arms that have the column; one of the files must. */
async function timesIn(
  connection: DuckDBConnection,
  { candidate, baseline, labels }: Opened,
  column: string,
): Promise<InputFacts["times"]> {
  const from = async (source: Source | null): Promise<TimeSpan | null> =>
    source?.columns.has(column) === true ? spanIn(connection, source, column) : null;
  const times = { candidate: await from(candidate), baseline: await from(baseline), labels: await from(labels) };
  if (times.candidate !== null || times.labels !== null) return times;
  const files = [labels, candidate].flatMap((source) => (source === null ? [] : [named(source)])).join(" nor ");
  throw new DataProblem("column-missing", `Neither ${files} has the column ${JSON.stringify(column)}, which columns.time names.`);
}

async function spanIn(connection: DuckDBConnection, source: Source, column: string): Promise<TimeSpan> {
  const type = source.columns.get(column) ?? "";
  const what = `Column ${JSON.stringify(column)} (time) of ${named(source)}`;
  if (!/^(?:VARCHAR|DATE|TIMESTAMP.*)$/.test(type)) throw new DataProblem("time-not-a-time", `${what} is of type ${type}, not a time.`);
  const raw = quotedName(column);
  const milliseconds = `epoch_ms(${type === "VARCHAR" ? `TRY_CAST(${raw} AS TIMESTAMPTZ)` : raw})::DOUBLE`;
  const sql = `SELECT count(*)::DOUBLE, (count(*) FILTER (${milliseconds} IS NULL))::DOUBLE, min(${milliseconds}), max(${milliseconds}),
      min(CAST(${raw} AS VARCHAR)) FILTER (${milliseconds} IS NULL) FROM ${source.view}`;
  const [rows, wrong, from, to, example] = (await connection.runAndReadAll(sql)).getRowsJS()[0] ?? [];
  if (wrong !== 0) {
    const value = example === null ? "nothing" : JSON.stringify(example);
    throw new DataProblem(
      "time-not-a-time",
      `${what} holds no time in ${String(wrong)} of ${String(rows)} rows, such as ${value}. Write ISO 8601.`,
    );
  }
  const span = { from: Number(from), to: Number(to) };
  const odd = [span.from, span.to].find((value) => !isPlausible(value));
  if (odd === undefined) return span;
  throw new DataProblem("time-implausible", `${what} holds ${shown(odd)}, which is no time of this century: check its unit and format.`);
}

async function seenIn(
  connection: DuckDBConnection,
  evaluated: Source,
  training: Source,
  unit: readonly string[],
): Promise<InputFacts["seen"]> {
  const missing = unit.find((column) => !evaluated.columns.has(column));
  if (missing !== undefined)
    throw new DataProblem(
      "column-missing",
      `${named(evaluated)} has no column ${JSON.stringify(missing)} to look for among evaluation.trainingUnits.`,
    );
  const id = unit.map((column) => `CAST(${quotedName(column)} AS VARCHAR)`).join(" || ', ' || ");
  await connection.run(`CREATE TEMP TABLE evaluated AS SELECT DISTINCT ${id} AS u FROM ${evaluated.view}`);
  await connection.run(
    `CREATE TEMP TABLE seen AS SELECT u FROM evaluated SEMI JOIN (SELECT ${id} AS u FROM ${training.view}) AS t USING (u)`,
  );
  const counted = await connection.runAndReadAll("SELECT (SELECT count(*) FROM evaluated)::DOUBLE, (SELECT count(*) FROM seen)::DOUBLE");
  const [units, seen] = counted.getRowsJS()[0] ?? [];
  const examples = await connection.runAndReadAll("SELECT u FROM seen ORDER BY u LIMIT 3");
  return { units: Number(units), seen: Number(seen), examples: examples.getRowsJS().map(([value]) => String(value)) };
}

function shown(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString();
}

function named({ table }: Source): string {
  return `${table.files.map(({ name }) => name).join(", ")} (${table.what})`;
}
