import { orderName } from "./aliases.ts";
import type { Dialect } from "./dialect.ts";
import { type Catalogue, distanceSql, itemSumsSql, listSql } from "./item-sql.ts";
import type { Need } from "./need.ts";
import type { Step } from "./step.ts";

/** How the first places of one arm's lists are cut, and what the metrics need of the catalogue is aggregated. */
export type ListPlan = {
  readonly steps: readonly Step[];
  /** Tables with column `q` and aggregates of what the catalogue says of the listed items. */
  readonly tables: readonly string[];
  /** The lists themselves (q, k, d, i), by the order of equal scores. */
  readonly lists: ReadonlyMap<string, string>;
};

type ListNeed = Extract<Need, { kind: "item-sum" | "distance" | "list" }>;

/** Reads `run`, `labels`, `queries` and `items`. */
export function listPlan(dialect: Dialect, run: string, needs: readonly Need[], catalogue: Catalogue): ListPlan {
  const own = needs.filter((need): need is ListNeed => need.kind === "item-sum" || need.kind === "distance" || need.kind === "list");
  const steps: Step[] = [];
  const tables: string[] = [];
  const lists = new Map<string, string>();
  const make = (name: string, sql: string): string => {
    const table = dialect.name(`${run} ${name}`);
    steps.push({ table, sql });
    return table;
  };
  for (const [order, convention] of new Map(own.map((need) => [orderName(need.convention), need.convention]))) {
    const inOrder = own.filter((need) => orderName(need.convention) === order);
    const list = make(`list ${order}`, listSql(dialect, run, convention, Math.max(...inOrder.map(({ k }) => k))));
    lists.set(order, list);
    const sums = inOrder.filter((need) => need.kind === "item-sum");
    if (sums.length > 0) tables.push(make(`items ${order}`, itemSumsSql(dialect, list, sums, catalogue)));
    const distances = inOrder.filter((need) => need.kind === "distance");
    for (const [index, need] of distances.entries())
      tables.push(make(`distances ${order} ${index}`, distanceSql(dialect, list, need, catalogue)));
  }
  return { steps, tables, lists };
}
