import type { Scales } from "#domain/sql/formula-sql.ts";
import { itemColumn } from "#domain/sql/item-sql.ts";
import { type LabelColumn, readsColumn } from "#domain/sql/label-columns.ts";
import { scaleProblem } from "#domain/sql/scale-problem.ts";
import { propensityColumn } from "#domain/sql/term-sql.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import { BigQueryProblem } from "./bigquery-problem.ts";
import type { Row } from "./client.ts";
import { bigqueryDialect } from "./dialect.ts";
import { catalogueColumns, type Tables } from "./source-steps.ts";

/** What is looked at before scoring: a number each, and what it means when it is not 0. */
export type Fact = { readonly sql: string; readonly problem?: { readonly code: string; readonly message: (count: number) => string } };

/** Values that are held for one query each; beyond this many a sample says as much. */
const mostQueries = 2_000_000;

/** All facts by name, for one query with one row. */
export function factsOf(
  request: ScoringRequest,
  tables: Tables,
  read: readonly LabelColumn[],
  names: NamesOfTables,
): Readonly<Record<string, Fact>> {
  const facts: Record<string, Fact> = {};
  const check = (name: string, sql: string, code: string, message: (count: number) => string): void => {
    facts[name] = { sql, problem: { code, message } };
  };
  const { columns } = request;
  for (const arm of tables.baseline === null ? (["candidate"] as const) : (["candidate", "baseline"] as const)) {
    const rows = (condition: string): string => `(SELECT COUNTIF(${condition}) FROM ${arm})`;
    const where = `of ${names[arm]}`;
    facts[`${arm} rows`] = { sql: `(SELECT COUNT(*) FROM ${arm})` };
    check(
      `${arm} ids`,
      rows("q IS NULL OR d IS NULL"),
      "identifier-missing",
      (n) => `Column ${columns.query} or ${columns.item} ${where} is empty in ${n} rows: every row needs both.`,
    );
    check(`${arm} empty`, rows("raw IS NULL"), "score-missing", (n) => `Column ${columns.score} (score) ${where} is empty in ${n} rows.`);
    check(
      `${arm} words`,
      rows("raw IS NOT NULL AND s IS NULL"),
      "score-not-numeric",
      (n) => `Column ${columns.score} (score) ${where} holds text that is no number in ${n} rows.`,
    );
    check(
      `${arm} wild`,
      rows(wild("s")),
      "score-not-finite",
      (n) => `Column ${columns.score} (score) ${where} is NaN or infinite in ${n} rows.`,
    );
    const twice = `(SELECT COUNT(*) FROM (SELECT 1 AS one FROM ${arm} GROUP BY q, d HAVING COUNT(*) > 1))`;
    check(
      `${arm} twice`,
      twice,
      "duplicate-rows",
      (n) => `${names[arm]} lists an item of a query more than once (${n} such items). Keep one row each.`,
    );
    facts[`${arm} unlabelled`] = { sql: `(SELECT COUNT(DISTINCT q) FROM ${arm} WHERE q NOT IN (SELECT q FROM queries))` };
  }
  const ofLabels = (condition: string): string => `(SELECT COUNTIF(${condition}) FROM labels_raw)`;
  const inLabels = `of ${names.labels}`;
  check(
    "label ids",
    ofLabels("q IS NULL OR d IS NULL"),
    "identifier-missing",
    (n) => `Column ${columns.query} or ${columns.item} ${inLabels} is empty in ${n} rows: every row needs both.`,
  );
  check(
    "label empty",
    ofLabels("raw IS NULL"),
    "label-missing",
    (n) => `Column ${columns.label} (label) ${inLabels} is empty in ${n} rows.`,
  );
  check(
    "label words",
    ofLabels("raw IS NOT NULL AND rel IS NULL"),
    "label-not-numeric",
    (n) => `Column ${columns.label} (label) ${inLabels} holds text that is no number in ${n} rows.`,
  );
  check(
    "label wild",
    ofLabels(wild("rel")),
    "label-not-finite",
    (n) => `Column ${columns.label} (label) ${inLabels} is NaN or infinite in ${n} rows.`,
  );
  for (const { alias, column } of [{ alias: "rel", column: columns.label }, ...read]) {
    const conflicts = `(SELECT COUNT(*) FROM (SELECT 1 AS one FROM labels_raw GROUP BY q, d HAVING MIN(${alias}) <> MAX(${alias})))`;
    check(
      `conflict ${alias}`,
      conflicts,
      "labels-conflict",
      (n) => `${names.labels} has contradicting values of ${JSON.stringify(column)} for ${n} items. Keep one.`,
    );
  }
  for (const { alias, role, column } of read) {
    const readers = request.metrics.filter((metric) => readsColumn(metric, role, column));
    for (const { name, convention } of readers)
      check(
        `${name} ${alias}`,
        `(SELECT COUNTIF(rel >= ${convention.minRel} AND ${alias} IS NULL) FROM labels)`,
        `${role}-missing`,
        (n) =>
          `Column ${JSON.stringify(column)} (${role}), which ${name} reads, is empty for ${n} relevant labels. Fill it in for every relevant item.`,
      );
    check(
      `wild ${alias}`,
      ofLabels(wild(alias)),
      `${role}-not-finite`,
      (n) => `Column ${column} (${role}) ${inLabels} is NaN or infinite in ${n} rows.`,
    );
    if (role === "propensity" || role === "position")
      check(
        `odd ${alias}`,
        ofLabels(`NOT (${alias} > 0 AND ${alias} <= 1)`),
        `${role}-invalid`,
        (n) => `Column ${column} (${role}) ${inLabels} makes no probability above 0 and at most 1 in ${n} rows.`,
      );
    if (role === "value") facts[`largest ${alias}`] = { sql: `(SELECT MAX(ABS(${alias})) FROM labels)` };
    if (alias === propensityColumn) facts[`largest ${alias}`] = { sql: `(SELECT 1 / NULLIF(MIN(${alias}), 0) FROM labels)` };
  }
  for (const { name, convention } of request.metrics)
    if (typeof convention.gain === "object")
      check(
        `gain ${name}`,
        `(SELECT COUNTIF(rel > 0 AND rel NOT IN (${Object.keys(convention.gain).map(Number).join(", ")})) FROM labels)`,
        "gain-not-mapped",
        (n) => `${n} labels have no gain in ${name}. Add them to gain, or correct the labels.`,
      );
  facts["labels"] = { sql: "(SELECT COUNT(*) FROM labels)" };
  facts["negative"] = { sql: "(SELECT COUNTIF(rel < 0) FROM labels)" };
  facts["largest label"] = { sql: "(SELECT MAX(rel) FROM labels)" };
  facts["queries"] = { sql: "(SELECT COUNT(*) FROM queries)" };
  return { ...facts, ...itemFactsOf(request, tables, names) };
}

export type NamesOfTables = Readonly<Record<keyof Tables, string>>;

function itemFactsOf(request: ScoringRequest, tables: Tables, names: NamesOfTables): Readonly<Record<string, Fact>> {
  if (tables.items === null) return {};
  const facts: Record<string, Fact> = {
    items: { sql: "(SELECT COUNT(*) FROM items)" },
    "items empty": {
      sql: "(SELECT COUNTIF(d IS NULL) FROM items)",
      problem: { code: "identifier-missing", message: (n) => `Column ${request.columns.item} of ${names.items} is empty in ${n} rows.` },
    },
    "items twice": {
      sql: "(SELECT COUNT(*) FROM (SELECT 1 AS one FROM items GROUP BY d HAVING COUNT(*) > 1))",
      problem: { code: "duplicate-items", message: (n) => `${names.items} has more than one row for ${n} items. Keep one row an item.` },
    },
  };
  for (const column of catalogueColumns(request)) {
    const alias = itemColumn(bigqueryDialect, column);
    if (column.holds === "number") {
      facts[`bad ${alias}`] = {
        sql: `(SELECT COUNTIF(${wild(alias)} OR ${alias} < 0) FROM items)`,
        problem: {
          code: "item-value-negative",
          message: (n) => `Column ${column.column} of ${names.items} is negative or no finite number in ${n} rows: it counts something.`,
        },
      };
      facts[`most ${column.column}`] = { sql: `(SELECT MAX(${alias}) FROM items)` };
    }
    if (column.holds === "vector")
      // Hamming counts coordinates; no two vectors are farther apart than the sum of their lengths; cosines differ by 2 at most.
      facts[`most ${column.column}`] = {
        sql: `(SELECT GREATEST(2, MAX(ARRAY_LENGTH(${alias})), 2 * SQRT(MAX((SELECT SUM(x * x) FROM UNNEST(${alias}) AS x)))) FROM items)`,
      };
  }
  return facts;
}

/** Throws what is wrong; else what sums are scaled by, and the counts. */
export function judgeFacts(
  request: ScoringRequest,
  facts: Readonly<Record<string, Fact>>,
  row: Row,
  read: readonly LabelColumn[],
): { readonly scales: Scales; readonly count: (name: string) => number } {
  const values = new Map(Object.keys(facts).map((name, index) => [name, Number(row[index] ?? 0)]));
  const count = (name: string): number => values.get(name) ?? 0;
  for (const [name, { problem }] of Object.entries(facts))
    if (problem !== undefined && count(name) > 0) throw new BigQueryProblem(problem.code, problem.message(count(name)));
  for (const arm of ["candidate", "baseline"])
    if (values.get(`${arm} rows`) === 0) throw new BigQueryProblem("file-empty", `The ${arm}'s table has not one row.`);
  if (count("labels") === 0) throw new BigQueryProblem("label-missing", "The table of labels has not one label.");
  if (count("queries") > mostQueries)
    throw new BigQueryProblem(
      "too-many-queries",
      `The labels have ${count("queries")} queries, more than the ${mostQueries} that are compared at once. Evaluate on a sample of them, as a view.`,
    );
  const fixed = {
    largestLabel: count("largest label"),
    largestWeight: read.some(({ alias }) => alias === propensityColumn) ? Math.max(1, count(`largest ${propensityColumn}`)) : 1,
    largestValues: new Map(
      read.flatMap(({ role, column, alias }) => (role === "value" ? [[column, count(`largest ${alias}`)] as const] : [])),
    ),
  };
  const tooLarge = scaleProblem(request.metrics, fixed);
  if (tooLarge !== null) throw new BigQueryProblem(tooLarge.code, tooLarge.message);
  const largest = new Map(catalogueColumns(request).map(({ column }) => [column, count(`most ${column}`)]));
  return { scales: { ...fixed, size: count("items"), largest }, count };
}

function wild(value: string): string {
  return `IS_NAN(${value}) OR IS_INF(${value})`;
}
