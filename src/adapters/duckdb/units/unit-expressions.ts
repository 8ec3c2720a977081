import type { DuckDBConnection } from "@duckdb/node-api";
import { quotedName } from "#adapters/duckdb/sandbox.ts";
import type { UnitMetric } from "#domain/evaluation/units/unit-metric.ts";
import { aggregateColumn, checkedExpression, type Expression } from "./expression.ts";

/** What is computed of each arm for one metric. */
export type UnitExpressions = { readonly metric: UnitMetric; readonly value: Expression; readonly denominator: Expression | null };

export async function unitExpressions(connection: DuckDBConnection, metric: UnitMetric): Promise<UnitExpressions> {
  const { name, value } = metric;
  switch (value.kind) {
    case "expression":
      return { metric, value: await checkedExpression(connection, name, value.sql), denominator: null };
    case "ratio": {
      const [numerator, denominator] = [value.numerator, value.denominator];
      return {
        metric,
        value: await checkedExpression(connection, name, numerator),
        denominator: await checkedExpression(connection, name, denominator),
      };
    }
    case "score":
      return { metric, value: ofColumn(name, value.column, scoreSql(value.column)), denominator: null };
    case "preference":
      return { metric, value: ofColumn(name, value.column, preferenceSql(value.column)), denominator: null };
  }
}

/** One number a row of a judge's column. */
function ofColumn(metric: string, column: string, argument: string): Expression {
  const aggregates = [{ name: "avg", argument, filter: null, distinct: false }] as const;
  return { metric, written: column, columns: [column], aggregates, outcome: quotedName(aggregateColumn(0)) };
}

/** A number; pass and true are 1, fail and false are 0. NULL for other text. */
export function scoreSql(column: string): string {
  const text = `lower(trim(CAST(${quotedName(column)} AS VARCHAR)))`;
  return `CASE ${text} WHEN 'pass' THEN 1.0 WHEN 'true' THEN 1.0 WHEN 'fail' THEN 0.0 WHEN 'false' THEN 0.0 ELSE TRY_CAST(${text} AS DOUBLE) END`;
}

/** 1 where the candidate was preferred, 0 where the baseline was, 0.5 where neither. NULL for other text. */
export function preferenceSql(column: string): string {
  const text = `lower(trim(CAST(${quotedName(column)} AS VARCHAR)))`;
  return `CASE WHEN ${text} IN ('win', 'candidate') THEN 1.0 WHEN ${text} = 'tie' THEN 0.5 WHEN ${text} IN ('loss', 'baseline') THEN 0.0
    WHEN TRY_CAST(${text} AS DOUBLE) IN (0, 0.5, 1) THEN TRY_CAST(${text} AS DOUBLE) END`;
}
