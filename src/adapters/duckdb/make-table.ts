import type { Step } from "#domain/sql/step.ts";

export function makeTableSql({ table, sql, keep }: Step): string {
  return `${keep ? "CREATE TEMP TABLE IF NOT EXISTS" : "CREATE OR REPLACE TEMP TABLE"} ${table} AS ${sql}`;
}
