import type { Convention } from "#domain/evaluation/convention.ts";
import type { Need } from "./formula-sql.ts";
import { idText } from "./ids.ts";

/**
 * What to read an arm's rows from: all of them or the judged ones, with scores in the precision in which they are compared; what float32
 * cannot hold is its greatest number.
 * Not a common table expression: DuckDB would keep a copy of all rows.
 */
export function scoredSql(run: string, { scores, unjudged }: Pick<Convention, "scores" | "unjudged">): string {
  const judged = `(SELECT run.* FROM ${run} AS run JOIN labels ON labels.q = run.q AND labels.d = run.d)`;
  const rows = unjudged === "skip" ? judged : run;
  if (scores === "float64") return rows;
  const greatest = 3.4028234663852886e38;
  return `(SELECT q, d, CAST(greatest(least(CAST(s AS DOUBLE), ${greatest}), -${greatest}) AS FLOAT) AS s FROM ${rows})`;
}

/**
 * Rank of the first relevant row at any depth. A table `seen` holds it where it stands among the first places; the other lists need not be
 * sorted either: the best relevant row, then a count of what stands above it.
 */
export function firstSql(run: string, need: Extract<Need, { kind: "first" }>, seen: string | undefined): string {
  if (seen === undefined) return searchedSql(run, need, "queries");
  const { alias } = need;
  return `
    SELECT q, ${seenAlias(need)} AS ${alias} FROM ${seen} WHERE ${seenAlias(need)} IS NOT NULL
    UNION ALL
    SELECT * FROM (${searchedSql(run, need, `(SELECT q FROM ${seen} WHERE ${seenAlias(need)} IS NULL)`)})`;
}

/** The column of a table of first places with the rank of the first relevant one among them. */
export function seenAlias({ alias }: { readonly alias: string }): string {
  return `"seen ${alias.slice(1)}`;
}

/** `among` holds the queries that are searched. */
function searchedSql(run: string, { alias, convention }: Extract<Need, { kind: "first" }>, among: string): string {
  const { minRel, ties } = convention;
  const tied = {
    id_desc: `${idText("scored.d")} > ${idText("best.d")}`,
    id_asc: `${idText("scored.d")} < ${idText("best.d")}`,
    average: "false",
    worst: `NOT coalesce(labels.rel >= ${minRel}, false)`,
  }[ties];
  const rows = `${scoredSql(run, convention)} AS scored`;
  return `
    WITH best AS (
      SELECT scored.q, scored.s, scored.d FROM ${rows} JOIN ${among} AS searched ON searched.q = scored.q JOIN labels ON labels.q = scored.q AND labels.d = scored.d
      WHERE labels.rel >= ${minRel}
      QUALIFY row_number() OVER (PARTITION BY scored.q ORDER BY scored.s DESC, ${idText("scored.d")} ${ties === "id_asc" ? "ASC" : "DESC"}) = 1)
    SELECT best.q, 1 + count(*) FILTER (scored.s > best.s OR (scored.s = best.s AND ${tied})) AS ${alias}
    FROM best JOIN ${rows} ON scored.q = best.q
    ${ties === "worst" ? "LEFT JOIN labels ON labels.q = scored.q AND labels.d = scored.d" : ""}
    GROUP BY best.q`;
}

/**
 * Twice the pairs of a relevant and a less relevant judged item that the scores order rightly, a tie counting half. Items that the arm does
 * not list stand together below all others; a query that it does not list at all has no pair.
 */
export function pairsSql(run: string, { alias, convention }: Extract<Need, { kind: "pairs" }>): string {
  const { minRel } = convention;
  return `
    WITH judged AS (
      SELECT labels.q, labels.rel >= ${minRel} AS relevant, scored.s
      FROM labels LEFT JOIN ${scoredSql(run, convention)} AS scored ON scored.q = labels.q AND scored.d = labels.d
      WHERE labels.q IN (SELECT q FROM ${run})),
    levels AS (SELECT q, s, count(*) FILTER (relevant) AS p, count(*) FILTER (NOT relevant) AS n FROM judged GROUP BY q, s),
    counted AS (
      SELECT *, coalesce(sum(n) OVER (PARTITION BY q ORDER BY s ASC NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS lower
      FROM levels)
    SELECT q, sum(p * (2 * lower + n)) AS ${alias} FROM counted GROUP BY q`;
}
