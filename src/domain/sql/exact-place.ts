import type { Convention } from "#domain/evaluation/convention.ts";
import { readsNeighbours } from "#domain/evaluation/formula.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import type { Columns } from "#domain/model/model-definition.ts";
import { type Dialect, idText } from "./dialect.ts";

type Ordered = { readonly metrics: readonly Metric[]; readonly columns: Columns };

/** Columns of the table `labels`: the order of the exact neighbours as the file gives it. */
export const exactRank = "exact_rank";
export const exactDistance = "exact_distance";

/** The column of `labels` that is at most k for the k exact neighbours. */
export function exactPlace({ neighbours }: Pick<Convention, "neighbours">): string {
  return `exact_${neighbours}`;
}

/**
 * The places of exact neighbours, computed from their order: `first` counts them by rank, else by distance, equal ones by id; `within` gives
 * equal distances the same place, so that all that are no farther than the k-th have a place of at most k.
 */
export function exactPlacesSql(dialect: Dialect, { metrics, columns }: Ordered): string {
  if (!metrics.some(({ formula }) => readsNeighbours(formula))) return "";
  const { rank, distance } = columns;
  const order = rank !== undefined ? exactRank : distance !== undefined ? exactDistance : null;
  const first = order === null ? "1" : `row_number() OVER (PARTITION BY q ORDER BY ${order}, ${idText(dialect, "d")})`;
  const within =
    distance === undefined ? "" : `, rank() OVER (PARTITION BY q ORDER BY ${exactDistance}) AS ${exactPlace({ neighbours: "within" })}`;
  return `, ${first} AS ${exactPlace({ neighbours: "first" })}${within}`;
}
