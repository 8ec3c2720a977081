import type { Convention } from "./convention.ts";
import type { Example } from "./report.ts";
import type { ScoredTable } from "./scored-table.ts";

/** One metric's value of each query, row or unit in both arms; null where it does not count. In the order of the engine's rows. */
export type ComparedUnits = {
  readonly metric: string;
  readonly better: "higher" | "lower";
  readonly unit: string;
  readonly ids: readonly string[];
  readonly candidate: readonly (number | null)[];
  readonly baseline: readonly (number | null)[];
  /** What both arms predicted of a row. */
  readonly rowAt?: (at: number) => NonNullable<Example["row"]>;
  /** How the lists of a query are ordered, and how many places of them the metric reads; null: all. */
  readonly lists?: { readonly k: number | null; readonly convention: Convention };
};

/** Finds a metric by its name; null where it has no value a unit, compares nothing or has no direction. */
export type Compare = (metric: string) => ComparedUnits | null;

/** Queries of lists, also where several of them make a unit. */
export function compareLists({ rows, unit, metrics }: ScoredTable): Compare {
  return (name) => {
    const scored = metrics.find(({ metric }) => metric.name === name);
    if (scored?.kind !== "scored" || scored.baseline === null || scored.metric.better === "target") return null;
    const { better, k, convention } = scored.metric;
    const { candidate, baseline } = scored;
    return {
      metric: name,
      better,
      unit: unit.values === null ? unit.column : "query",
      ids: rows,
      candidate,
      baseline,
      lists: { k, convention },
    };
  };
}
