import { scoredSql } from "./arm-sql.ts";
import { type Dialect, idText } from "./dialect.ts";
import type { Need } from "./need.ts";
import type { Step } from "./step.ts";

type Agreement = Extract<Need, { kind: "agreement" }>;

/** A table for each way in which the two arms are compared with each other; a query that either lacks agrees in nothing. */
export function agreementSteps(dialect: Dialect, needs: readonly Need[]): readonly Step[] {
  const wanted = needs.filter((need): need is Agreement => need.kind === "agreement");
  return wanted.map((need, index) => ({
    table: `agreement_${index}`,
    sql: need.by === "overlap" ? overlapSql(dialect, need) : kendallSql(dialect, need),
  }));
}

function overlapSql(dialect: Dialect, need: Agreement): string {
  return `
    WITH ${placesSql(dialect, need)}
    SELECT q, CAST(${dialect.countIf("x IS NOT NULL AND y IS NOT NULL")} AS ${dialect.double}) / greatest(count(x), count(y)) AS ${need.alias}
    FROM places GROUP BY q`;
}

/** tau-b = (pairs in the same order - pairs in opposite order) / sqrt(pairs that one arm orders * pairs that the other orders). */
function kendallSql(dialect: Dialect, need: Agreement): string {
  const last = need.k + 1;
  return `
    WITH ${placesSql(dialect, need)},
    items AS (SELECT q, d, coalesce(x, ${last}) AS x, coalesce(y, ${last}) AS y, count(x) OVER (PARTITION BY q) AS nx, count(y) OVER (PARTITION BY q) AS ny FROM places),
    pairs AS (
      SELECT a.q, sum(sign(a.x - b.x) * sign(a.y - b.y)) AS agreed, ${dialect.countIf("a.x <> b.x")} AS by_x, ${dialect.countIf("a.y <> b.y")} AS by_y
      FROM items AS a JOIN items AS b ON a.q = b.q AND a.d < b.d WHERE a.nx > 0 AND a.ny > 0 GROUP BY a.q)
    SELECT q, CAST(agreed AS ${dialect.double}) / sqrt(CAST(by_x AS ${dialect.double}) * CAST(by_y AS ${dialect.double})) AS ${need.alias} FROM pairs
    UNION ALL
    SELECT q, CAST(1 AS ${dialect.double}) FROM items WHERE nx > 0 AND ny > 0 GROUP BY q HAVING count(*) = 1`;
}

/** The places x and y of the items that the candidate, or the baseline, shows first; NULL where an arm does not. */
function placesSql(dialect: Dialect, need: Agreement): string {
  const { k, convention } = need;
  const threshold = dialect.kthGreatest("s", k);
  const top = (run: string): string => {
    const rows = `${scoredSql(dialect, run, convention)} AS scored`;
    return `
      SELECT scored.q, scored.d, row_number() OVER (PARTITION BY scored.q ORDER BY scored.s DESC, ${idText(dialect, "scored.d")} ${convention.ties === "id_asc" ? "ASC" : "DESC"}) AS k
      FROM ${rows} JOIN queries ON queries.q = scored.q
      ${threshold === null ? "" : `JOIN (SELECT q, ${threshold} AS t FROM ${rows} GROUP BY q) AS threshold ON threshold.q = scored.q`}
      WHERE ${threshold === null ? "true" : "scored.s >= threshold.t"} QUALIFY k <= ${k}`;
  };
  return `candidate_top AS (${top("candidate")}), baseline_top AS (${top("baseline")}),
    places AS (
      SELECT coalesce(c.q, b.q) AS q, coalesce(c.d, b.d) AS d, c.k AS x, b.k AS y
      FROM candidate_top AS c FULL JOIN baseline_top AS b ON c.q = b.q AND c.d = b.d)`;
}
