import type { DuckDBConnection } from "@duckdb/node-api";
import { readsNeighbours } from "#domain/evaluation/formula.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import { DataProblem } from "./data-problem.ts";
import { idText } from "./ids.ts";

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
