import { neededSteps, outdented } from "#domain/sql/needed-steps.ts";
import type { Step } from "#domain/sql/step.ts";

/** One query that makes the tables it needs as it goes: nothing is written to BigQuery, and a dry run sees all that is scanned. */
export function oneQuery(steps: readonly Step[], select: string): string {
  const needed = neededSteps(steps, select);
  const tables = needed.map(({ table, sql }) => `${table} AS (\n${indented(outdented(sql))}\n)`);
  return `${tables.length === 0 ? "" : `WITH ${tables.join(",\n")}\n`}${outdented(select)}`;
}

function indented(sql: string): string {
  return sql
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
