import type { DuckDBConnection } from "@duckdb/node-api";
import type { Convention } from "#domain/evaluation/convention.ts";
import { readsNeighbours } from "#domain/evaluation/formula.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import { DataProblem } from "./data-problem.ts";
import { idText } from "./ids.ts";

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
export function exactPlacesSql({ metrics, columns }: ScoringRequest): string {
  if (!metrics.some(({ formula }) => readsNeighbours(formula))) return "";
  const { rank, distance } = columns;
  const order = rank !== undefined ? exactRank : distance !== undefined ? exactDistance : null;
  const first = order === null ? "1" : `row_number() OVER (PARTITION BY q ORDER BY ${order}, ${idText("d")})`;
  const within =
    distance === undefined ? "" : `, rank() OVER (PARTITION BY q ORDER BY ${exactDistance}) AS ${exactPlace({ neighbours: "within" })}`;
  return `, ${first} AS ${exactPlace({ neighbours: "first" })}${within}`;
}

/** Refuses labels that do not say which k neighbours of a query are the nearest: too few of them, or more than k in no order. */
export async function checkNeighbours(connection: DuckDBConnection, { metrics, columns }: ScoringRequest): Promise<void> {
  const ordered = columns.rank !== undefined || columns.distance !== undefined;
  for (const { name, k, formula, convention } of metrics) {
    if (!readsNeighbours(formula) || k === null) continue;
    const refuse = async (wrong: string, code: string, problem: string): Promise<void> => {
      const sql = `SELECT ${idText("q")} AS query, count(*)::DOUBLE FROM labels GROUP BY q HAVING count(*) ${wrong} ORDER BY query LIMIT 1`;
      const found = (await connection.runAndReadAll(sql)).getRowsJS()[0];
      if (found === undefined) return;
      throw new DataProblem(
        code,
        `The labels list ${String(found[1])} exact neighbours of query ${JSON.stringify(found[0])}, and ${name} compares ${k}: ${problem}`,
      );
    };
    if (convention.divisor === "k") await refuse(`< ${k}`, "neighbours-too-few", "list at least as many, or choose divisor: capped.");
    if (!ordered)
      await refuse(`> ${k}`, "neighbours-unordered", "name columns.rank or columns.distance, which say which ones are the nearest.");
  }
}
