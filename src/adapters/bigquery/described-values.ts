import type { ScoredTable } from "#domain/evaluation/scored-table.ts";
import { leafKey, sliceColumns } from "#domain/evaluation/slice-columns.ts";
import { codeWhenVarying } from "#domain/evaluation/varying-codes.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import { BigQueryProblem } from "./bigquery-problem.ts";
import type { ArmTable } from "./read-arm.ts";
import { type Described, describedColumns } from "./source-steps.ts";

/** What describes queries beside their items: unit, cluster, weight and slices, each checked. `name` is the labels' table. */
export function describedValues(
  request: ScoringRequest,
  name: string,
  table: ArmTable,
): Pick<ScoredTable, "rows" | "unit" | "cluster" | "weights" | "slices"> {
  const queries = table.texts("query").map(String);
  const described = describedColumns(request);
  for (const column of described) check(column, name, request.columns.query, queries, table);
  const find = (role: Described["role"]): Described | undefined => described.find((own) => own.role === role);
  const texts = ({ alias }: Described): readonly string[] => table.texts(alias).map(String);
  const [unit, cluster, weight] = [find("unit"), find("cluster"), find("weight")];
  const unitColumn = unit?.column ?? request.columns.query;
  return {
    rows: queries,
    unit: { column: unitColumn, values: unit === undefined ? null : texts(unit) },
    cluster: cluster === undefined ? { column: unitColumn, values: null } : { column: cluster.column, values: texts(cluster) },
    weights: weight === undefined ? null : { column: weight.column, values: table.numbers(weight.alias).map((value) => value ?? 0) },
    slices: sliceColumns(request.slices, (wanted) => {
      const found = described.find(({ leaf }) => leaf !== null && leafKey(leaf) === leafKey(wanted));
      if (found === undefined) return [];
      return wanted.kind === "number" ? table.numbers(found.alias) : table.texts(found.alias);
    }),
  };
}

function check({ alias, role, column, leaf }: Described, name: string, query: string, queries: readonly string[], table: ArmTable): void {
  const what = `Column ${JSON.stringify(column)} of ${name}`;
  const refuse = (code: string, wrong: readonly boolean[], problem: string): void => {
    const row = wrong.indexOf(true);
    if (row !== -1) throw new BigQueryProblem(code, `${what} ${problem} for ${query} = ${JSON.stringify(queries[row])}.`);
  };
  refuse(codeWhenVarying[role], table.flags(`${alias}_varies`), "has more than one value");
  if (leaf?.kind === "number") refuse("slice-not-numeric", table.flags(`${alias}_odd`), "makes buckets, but holds no number");
  if (role === "unit" || role === "cluster")
    refuse(
      "identifier-missing",
      table.texts(alias).map((value) => value === null),
      "is empty",
    );
  if (role === "weight")
    refuse(
      "weight-invalid",
      table.numbers(alias).map((value) => value === null || !(value > 0 && Number.isFinite(value))),
      "is no finite number above 0",
    );
}
