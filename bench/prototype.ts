/** The bare SQL that the engine is measured against: no checks, no report, the same three metrics of both arms. Prints their means as JSON. */
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

const [folder = "."] = process.argv.slice(2);
const instance = await DuckDBInstance.create(":memory:", { preserve_insertion_order: "false" });
const connection = await instance.connect();
await connection.run(`CREATE VIEW labels AS SELECT query_id AS q, item_id AS d, grade AS rel FROM '${join(folder, "labels.parquet")}'`);
const found: Record<string, number> = {};
for (const arm of ["candidate", "baseline"]) {
  const result = await connection.runAndReadAll(rankingSql(join(folder, "predictions", `${arm}.parquet`)));
  const [ndcg, recall, mrr] = result.getRowsJS()[0] ?? [];
  Object.assign(found, { [`${arm} ndcg@10`]: ndcg, [`${arm} recall@10`]: recall, [`${arm} mrr`]: mrr });
}
process.stdout.write(`${JSON.stringify(found)}\n`);
connection.closeSync();
instance.closeSync();

/** Rows below the tenth best score go before anything is sorted; the first relevant row is found by counting what stands above it. */
function rankingSql(file: string): string {
  const run = `(SELECT query_id AS q, item_id AS d, score AS s FROM '${file}')`;
  return `
    WITH threshold AS (SELECT q, list_last(max(s, 10)) AS t FROM ${run} GROUP BY q),
    top AS (
      SELECT run.q, run.d, row_number() OVER (PARTITION BY run.q ORDER BY run.s DESC, run.d DESC) AS k
      FROM ${run} AS run JOIN threshold USING (q) WHERE run.s >= threshold.t),
    hits AS (
      SELECT top.q, sum(rel / log2(k + 1)) AS dcg, count(*) FILTER (rel >= 1) AS hits FROM top JOIN labels USING (q, d) WHERE k <= 10 GROUP BY top.q),
    best AS (SELECT run.q, max((run.s, run.d)) AS first FROM ${run} AS run JOIN labels USING (q, d) WHERE rel >= 1 GROUP BY run.q),
    places AS (SELECT run.q, count(*) AS place FROM ${run} AS run JOIN best USING (q) WHERE (run.s, run.d) >= best.first GROUP BY run.q),
    ordered AS (SELECT q, rel, row_number() OVER (PARTITION BY q ORDER BY rel DESC) AS k FROM labels WHERE rel > 0),
    ideal AS (SELECT q, sum(rel / log2(k + 1)) FILTER (k <= 10) AS idcg, count(*) AS relevant FROM ordered GROUP BY q)
    SELECT avg(coalesce(dcg, 0) / idcg), avg(coalesce(hits, 0) / relevant), avg(coalesce(1.0 / place, 0))
    FROM ideal LEFT JOIN hits USING (q) LEFT JOIN places USING (q)`;
}
