import { nearestNames } from "#domain/evaluation/nearest-name.ts";
import { type LabelColumn, labelColumns } from "#domain/sql/label-columns.ts";
import type { InputFile, ScoringRequest } from "#ports/evaluation-engine.ts";
import { BigQueryProblem } from "./bigquery-problem.ts";
import type { NamesOfTables } from "./check-tables.ts";
import type { BigQueryClient } from "./client.ts";
import { bigqueryDialect } from "./dialect.ts";
import { catalogueColumns, describedColumns, type Tables } from "./source-steps.ts";
import { type TableRef, tableRef } from "./table-uri.ts";

export type Opened = { readonly tables: Tables; readonly names: NamesOfTables; readonly read: readonly LabelColumn[] };

/** Looks at the tables' columns before anything is scanned. */
export async function openTables(client: BigQueryClient, request: ScoringRequest): Promise<Opened> {
  const read = labelColumns(bigqueryDialect, request);
  if (read.kind === "undeclared") throw new BigQueryProblem("propensity-undeclared", read.message);
  const { columns, task } = request;
  const { query, item, score, label } = columns;
  const described = Object.fromEntries(
    describedColumns(request).map(({ role, column }) => [role === "slice" ? `slice ${column}` : role, column]),
  );
  const ofLabels = {
    query,
    item,
    ...(task !== "retrieval" && { label }),
    ...described,
    ...Object.fromEntries(read.columns.map(({ role, column }) => [role, column])),
  };
  const ofItems = { item, ...Object.fromEntries(catalogueColumns(request).map(({ column }) => [`values of ${column}`, column])) };
  const open = (what: string, files: readonly InputFile[], needed: Readonly<Record<string, string>>): Promise<TableRef> =>
    opened(client, what, files, needed);
  const predictions = { query, item, score };
  const tables: Tables = {
    candidate: await open("the candidate's predictions", request.candidate, predictions),
    baseline: request.baseline === null ? null : await open("the baseline's predictions", request.baseline, predictions),
    labels: await open("the labels", request.labels ?? [], ofLabels),
    items: request.items === undefined ? null : await open("the catalogue", request.items, ofItems),
  };
  const name = (files: readonly InputFile[] | null | undefined): string => files?.[0]?.name ?? "";
  const names = {
    candidate: name(request.candidate),
    baseline: name(request.baseline),
    labels: name(request.labels),
    items: name(request.items),
  };
  return { tables, names, read: read.columns };
}

async function opened(
  client: BigQueryClient,
  what: string,
  files: readonly InputFile[],
  needed: Readonly<Record<string, string>>,
): Promise<TableRef> {
  const [file, ...others] = files;
  const ref = file === undefined || others.length > 0 ? null : tableRef(file.path);
  if (file === undefined || ref === null) {
    const message = `${files.map(({ name }) => name).join(", ")} (${what}) is no table of BigQuery, but other inputs are. Name all of them as bigquery://project.dataset.table, or none.`;
    throw new BigQueryProblem("sources-mixed", message);
  }
  const table = await client.table(ref);
  if (table === null) {
    const isArm = what.includes("predictions");
    const code = isArm ? "predictions-missing" : "labels-missing";
    throw new BigQueryProblem(
      code,
      `There is no table ${file.name} (${what}). Make it, or correct its name.`,
      isArm ? { verdict: "no-data" } : undefined,
    );
  }
  const missing = Object.entries(needed).find(([, column]) => !table.columns.has(column));
  if (missing === undefined) return ref;
  const known = [...table.columns.keys()];
  const [nearest] = nearestNames(missing[1], known, 1);
  const found = known.slice(0, 20).map((column) => JSON.stringify(column));
  const hint = nearest === undefined ? "" : ` Did you mean ${JSON.stringify(nearest)}?`;
  const message = `${file.name} (${what}) has no column ${JSON.stringify(missing[1])}, which should hold the ${missing[0]}. Found: ${found.join(", ")}.${hint}`;
  throw new BigQueryProblem("column-missing", message);
}
