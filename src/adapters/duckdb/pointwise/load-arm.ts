import type { DuckDBConnection } from "@duckdb/node-api";
import type { InputTable } from "#adapters/duckdb/input-files.ts";
import { quotedName, quotedText } from "#adapters/duckdb/sandbox.ts";
import { numberOf, openSource, type Source, type SourceNeeds, textOf } from "#adapters/duckdb/source.ts";
import { type ArmNeeds, rowKey } from "#domain/evaluation/rows/row-columns.ts";
import type { Columns } from "#domain/model/model-definition.ts";
import { checkKeys, checkNumbers, checkRows, mostRows } from "./row-checks.ts";

/** Probabilities of a row may leave 1 by what float32 loses. */
const sumTolerance = 1e-3;

/** Opens one arm's predictions with the columns that the metrics read. */
export async function openArm(
  connection: DuckDBConnection,
  arm: "candidate" | "baseline",
  table: InputTable,
  columns: Columns,
  needs: ArmNeeds,
  described: Readonly<Record<string, string>>,
  { asText, typed }: Pick<SourceNeeds, "asText" | "typed">,
): Promise<Source> {
  const key = rowKey(columns);
  const { score, class: predicted, lower, upper, probabilities = {} } = columns;
  const required = {
    ...Object.fromEntries(key.map((column, index) => [index === 0 ? "row" : `row ${index + 1}`, column])),
    ...(needs.score && { score }),
    ...(needs.class && predicted !== undefined && { class: predicted }),
    ...(needs.probabilities &&
      Object.fromEntries(Object.entries(probabilities).map(([name, column]) => [`probabilities.${name}`, column]))),
    ...(needs.interval && lower !== undefined && upper !== undefined && { lower, upper }),
    ...described,
  };
  return openSource(connection, `${arm}_raw`, table, { required, asText: [...Object.values(required), ...asText], typed, mostRows });
}

/** Checks one arm's predictions and loads them as a table: `r` the key, then what the metrics read. */
export async function loadArm(
  connection: DuckDBConnection,
  arm: "candidate" | "baseline",
  source: Source,
  columns: Columns,
  needs: ArmNeeds,
  rowSql: string,
): Promise<void> {
  const key = rowKey(columns);
  const { score, class: predicted, lower, upper, probabilities = {} } = columns;
  await checkKeys(connection, source, key, true);
  if (needs.score) await checkNumbers(connection, source, key, score, "score", needs.withinUnit ? [outside(score)] : []);
  if (needs.class && predicted !== undefined) {
    const empty = { code: "class-missing", problem: "is empty", condition: `${quotedName(predicted)} IS NULL` };
    await checkRows(connection, source, key, predicted, "class", [empty]);
  }
  if (needs.probabilities) await checkProbabilities(connection, source, key, Object.values(probabilities));
  if (needs.interval && lower !== undefined && upper !== undefined) {
    await checkNumbers(connection, source, key, lower, "lower");
    const crossed = {
      code: "interval-inverted",
      problem: `lies below ${JSON.stringify(lower)}`,
      condition: `${numberOf(upper)} < ${numberOf(lower)}`,
    };
    await checkNumbers(connection, source, key, upper, "upper", [crossed]);
  }
  const read = [
    `${rowSql} AS r`,
    ...(needs.score ? [`${numberOf(score)} AS s`] : []),
    ...(needs.class && predicted !== undefined ? [`${textOf(predicted)} AS c`] : []),
    ...(needs.probabilities ? Object.values(probabilities).map((column, index) => `${numberOf(column)} AS p${index}`) : []),
    ...(needs.interval && lower !== undefined && upper !== undefined ? [`${numberOf(lower)} AS lo`, `${numberOf(upper)} AS hi`] : []),
  ];
  await connection.run(`CREATE TEMP TABLE ${arm} AS SELECT ${read.join(", ")} FROM ${source.view}`);
}

async function checkProbabilities(
  connection: DuckDBConnection,
  source: Source,
  key: readonly string[],
  columns: readonly string[],
): Promise<void> {
  for (const column of columns) await checkNumbers(connection, source, key, column, "probability", [outside(column)]);
  const [first = ""] = columns;
  const sum = columns.map(numberOf).join(" + ");
  const off = {
    code: "probabilities-do-not-sum",
    problem: `and the other classes' columns (${columns.map((column) => quotedText(column)).join(", ")}) do not sum to 1`,
    condition: `abs(${sum} - 1) > ${sumTolerance}`,
  };
  await checkRows(connection, source, key, first, "probabilities", [off]);
}

function outside(column: string): { code: string; problem: string; condition: string; advice: string } {
  return {
    code: "probability-out-of-range",
    problem: "is not between 0 and 1",
    condition: `NOT (${numberOf(column)} BETWEEN 0 AND 1)`,
    advice: "Write probabilities, or use metrics of the order alone (auc, average_precision).",
  };
}
