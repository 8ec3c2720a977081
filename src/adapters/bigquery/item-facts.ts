import { itemColumnsOf, needsCatalogue } from "#domain/evaluation/catalogue-needs.ts";
import type { ItemFacts } from "#domain/evaluation/scored-table.ts";
import { orderName } from "#domain/sql/aliases.ts";
import { itemColumn } from "#domain/sql/item-sql.ts";
import type { MetricPlan } from "#domain/sql/metric-plan.ts";
import { bigqueryDialect } from "./dialect.ts";
import type { ArmTable, Beside } from "./read-arm.ts";

type Asked = { readonly k: number; readonly order: string; readonly column: string | null; readonly described: string };

function askedOf({ values, candidate }: MetricPlan): readonly Asked[] {
  const asked = values
    .map(({ metric }) => metric)
    .filter((metric) => needsCatalogue(metric) && candidate.lists.has(orderName(metric.convention)))
    .flatMap((metric): readonly Asked[] => {
      const common = { k: metric.k ?? 0, order: orderName(metric.convention) };
      const columns = itemColumnsOf(metric);
      if (columns.length === 0) return [{ ...common, column: null, described: "list.i IS NOT NULL" }];
      return columns.map((column) => ({
        ...common,
        column: column.column,
        described: `items.${itemColumn(bigqueryDialect, column)} IS NOT NULL`,
      }));
    });
  return [...new Map(asked.map((one) => [`${one.k} ${one.described}`, one])).values()];
}

/** Counts for each query, for each column of the catalogue and cutoff that a metric reads, the places whose item has a value there. */
export function itemFactsBeside(plan: MetricPlan, arm: "candidate" | "baseline"): Beside {
  const asked = askedOf(plan);
  const steps = asked.map(({ k, order, described }, index) => ({
    table: `${arm}_described_${index}`,
    sql: `SELECT list.q, COUNT(*) AS places, COUNTIF(${described}) AS known FROM ${plan[arm]?.lists.get(order)} AS list LEFT JOIN items ON items.i = list.i WHERE list.k <= ${k} GROUP BY list.q`,
  }));
  const columns = steps.flatMap(({ table }, index) => [
    [`places ${index}`, `${table}.places`],
    [`known ${index}`, `${table}.known`],
  ]);
  return { tables: steps.map(({ table }) => table), columns: Object.fromEntries(columns), steps };
}

export function readItemFacts(plan: MetricPlan, candidate: ArmTable, baseline: ArmTable | null): readonly ItemFacts[] {
  return askedOf(plan).map(({ k, column }, index) => {
    const of = (arm: ArmTable): { listed: number; described: number } => ({
      listed: arm.sum(`places ${index}`),
      described: arm.sum(`known ${index}`),
    });
    return { k, column, candidate: of(candidate), baseline: baseline && of(baseline) };
  });
}
