import type { DuckDBConnection } from "@duckdb/node-api";
import { scoredSql } from "./arm-sql.ts";
import type { Need } from "./formula-sql.ts";
import { idText } from "./ids.ts";

type Agreement = Extract<Need, { kind: "agreement" }>;

/** Makes a table for each way in which the two arms are compared with each other; a query that either lacks agrees in nothing. */
export async function agreementTables(connection: DuckDBConnection, needs: readonly Need[]): Promise<readonly string[]> {
  const wanted = needs.filter((need): need is Agreement => need.kind === "agreement");
  for (const [index, need] of wanted.entries())
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE agreement_${index} AS ${need.by === "overlap" ? overlapSql(need) : kendallSql(need)}`,
    );
  return wanted.map((_, index) => `agreement_${index}`);
}

function overlapSql(need: Agreement): string {
  return `
    WITH ${placesSql(need)}
    SELECT q, CAST(count(*) FILTER (x IS NOT NULL AND y IS NOT NULL) AS DOUBLE) / greatest(count(x), count(y)) AS ${need.alias}
    FROM places GROUP BY q`;
}

/** tau-b = (pairs in the same order - pairs in opposite order) / sqrt(pairs that one arm orders * pairs that the other orders). */
function kendallSql(need: Agreement): string {
  const last = need.k + 1;
  return `
    WITH ${placesSql(need)},
    items AS (SELECT q, d, coalesce(x, ${last}) AS x, coalesce(y, ${last}) AS y, count(x) OVER (PARTITION BY q) AS nx, count(y) OVER (PARTITION BY q) AS ny FROM places),
    pairs AS (
      SELECT a.q, sum(sign(a.x - b.x) * sign(a.y - b.y)) AS agreed, count(*) FILTER (a.x <> b.x) AS by_x, count(*) FILTER (a.y <> b.y) AS by_y
      FROM items AS a JOIN items AS b ON a.q = b.q AND a.d < b.d WHERE a.nx > 0 AND a.ny > 0 GROUP BY a.q)
    SELECT q, CAST(agreed AS DOUBLE) / sqrt(CAST(by_x AS DOUBLE) * CAST(by_y AS DOUBLE)) AS ${need.alias} FROM pairs
    UNION ALL
    SELECT q, CAST(1 AS DOUBLE) FROM items WHERE nx > 0 AND ny > 0 GROUP BY q HAVING count(*) = 1`;
}

/** The places x and y of the items that the candidate, or the baseline, shows first; NULL where an arm does not. */
function placesSql(need: Agreement): string {
  const { k, convention } = need;
  const top = (run: string): string => {
    const rows = `${scoredSql(run, convention)} AS scored`;
    return `
      SELECT scored.q, scored.d, row_number() OVER (PARTITION BY scored.q ORDER BY scored.s DESC, ${idText("scored.d")} ${convention.ties === "id_asc" ? "ASC" : "DESC"}) AS k
      FROM ${rows} JOIN queries ON queries.q = scored.q
      JOIN (SELECT q, list_last(max(s, ${k})) AS t FROM ${rows} GROUP BY q) AS threshold ON threshold.q = scored.q
      WHERE scored.s >= threshold.t QUALIFY k <= ${k}`;
  };
  return `candidate_top AS (${top("candidate")}), baseline_top AS (${top("baseline")}),
    places AS (
      SELECT coalesce(c.q, b.q) AS q, coalesce(c.d, b.d) AS d, c.k AS x, b.k AS y
      FROM candidate_top AS c FULL JOIN baseline_top AS b ON c.q = b.q AND c.d = b.d)`;
}
