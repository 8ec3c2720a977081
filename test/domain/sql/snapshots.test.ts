import { describe, expect, test } from "vitest";
import { bigqueryDialect } from "#adapters/bigquery/dialect.ts";
import { oneQuery } from "#adapters/bigquery/one-query.ts";
import { duckdbDialect } from "#adapters/duckdb/dialect.ts";
import { makeTableSql } from "#adapters/duckdb/make-table.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import { metricFamilies } from "#domain/evaluation/metrics.ts";
import type { Dialect } from "#domain/sql/dialect.ts";
import { metricPlan, queriesSql } from "#domain/sql/metric-plan.ts";
import { neededSteps, outdented } from "#domain/sql/needed-steps.ts";
import type { Step } from "#domain/sql/step.ts";
import { compiledMetrics } from "#test/support/compiled-metrics.ts";

/** As if of data with grades to 3, propensities from 0.1 and a catalogue of 1,000 items. */
const scales = {
  largestLabel: 3,
  largestWeight: 10,
  largestValues: new Map([["value", 500]]),
  size: 1000,
  largest: new Map([
    ["popularity", 800],
    ["vector", 2],
  ]),
};

const dialects: Readonly<
  Record<string, { readonly dialect: Dialect; readonly written: (steps: readonly Step[], select: string) => string }>
> = {
  duckdb: {
    dialect: duckdbDialect,
    written: (steps, select) =>
      [...neededSteps(steps, select).map((step) => outdented(makeTableSql(step))), select].map((sql) => `${sql};\n`).join("\n"),
  },
  bigquery: { dialect: bigqueryDialect, written: (steps, select) => `${oneQuery(steps, select)};\n` },
};

/** What is read of one arm for one metric: its value for each query, or the lists that a corpus metric counts. */
function readOf(dialect: Dialect, metric: Metric): { readonly steps: readonly Step[]; readonly select: string } {
  const { steps, candidate, labelTables, values } = metricPlan(dialect, [metric], [], true, scales);
  const [list] = candidate.lists.values();
  if (metric.corpus !== undefined) return { steps, select: `SELECT q, k, d, i FROM ${list}` };
  const expressions = values.flatMap(({ sql, weight }) => (weight === null ? [sql] : [sql, weight]));
  return { steps, select: queriesSql(dialect, [...labelTables, ...candidate.tables], expressions) };
}

describe.each(Object.entries(dialects))("the SQL of metrics: %s", (name, { dialect, written }) => {
  test.each(Object.entries(compiledMetrics))("%s is as it was read and agreed", async (title, metric) => {
    const { steps, select } = readOf(dialect, metric);
    const file = title.replaceAll(/[, ]+/g, "-");
    await expect(written(steps, select)).toMatchFileSnapshot(`snapshots/${file}.${name}.sql`);
  });
});

test("every family of metrics has its SQL looked at", () => {
  const seen = new Set(Object.values(compiledMetrics).map(({ family }) => family));
  expect(metricFamilies.map(({ family }) => family).filter((family) => !seen.has(family))).toEqual([]);
});
