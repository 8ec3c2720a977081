import type { Convention } from "#domain/evaluation/convention.ts";
import { seenAlias } from "./aliases.ts";
import { type Dialect, idText } from "./dialect.ts";
import type { Need } from "./need.ts";

/**
 * What to read an arm's rows from: all of them or the judged ones, with scores in the precision in which they are compared; what float32
 * cannot hold is its greatest number.
 * Not a common table expression: DuckDB would keep a copy of all rows.
 */
export function scoredSql(dialect: Dialect, run: string, { scores, unjudged }: Pick<Convention, "scores" | "unjudged">): string {
  const judged = `(SELECT run.* FROM ${run} AS run JOIN labels ON labels.q = run.q AND labels.d = run.d)`;
  const rows = unjudged === "skip" ? judged : run;
  if (scores === "float64") return rows;
  const greatest = 3.4028234663852886e38;
  const single = dialect.float32(`greatest(least(CAST(s AS ${dialect.double}), ${greatest}), -${greatest})`);
  if (single === null) throw new RangeError("This dialect compares no scores in float32.");
  return `(SELECT q, d, ${single} AS s FROM ${rows})`;
}

/**
 * Rank of the first relevant row at any depth. A table `seen` holds it where it stands among the first places; the other lists need not be
 * sorted either: the best relevant row, then a count of what stands above it.
 */
export function firstSql(dialect: Dialect, run: string, need: Extract<Need, { kind: "first" }>, seen: string | undefined): string {
  if (seen === undefined) return searchedSql(dialect, run, need, "queries");
  const { alias } = need;
  const rank = seenAlias(dialect, need.convention);
  return `
    SELECT q, ${rank} AS ${alias} FROM ${seen} WHERE ${rank} IS NOT NULL
    UNION ALL
    SELECT * FROM (${searchedSql(dialect, run, need, `(SELECT q FROM ${seen} WHERE ${rank} IS NULL)`)})`;
}

/** `among` holds the queries that are searched. */
function searchedSql(dialect: Dialect, run: string, { alias, convention }: Extract<Need, { kind: "first" }>, among: string): string {
  const { minRel, ties } = convention;
  const tied = {
    id_desc: `${idText(dialect, "scored.d")} > ${idText(dialect, "best.d")}`,
    id_asc: `${idText(dialect, "scored.d")} < ${idText(dialect, "best.d")}`,
    average: "false",
    worst: `NOT coalesce(labels.rel >= ${minRel}, false)`,
  }[ties];
  const rows = `${scoredSql(dialect, run, convention)} AS scored`;
  return `
    WITH best AS (
      SELECT scored.q, scored.s, scored.d FROM ${rows} JOIN ${among} AS searched ON searched.q = scored.q JOIN labels ON labels.q = scored.q AND labels.d = scored.d
      WHERE labels.rel >= ${minRel}
      QUALIFY row_number() OVER (PARTITION BY scored.q ORDER BY scored.s DESC, ${idText(dialect, "scored.d")} ${ties === "id_asc" ? "ASC" : "DESC"}) = 1)
    SELECT best.q, 1 + ${dialect.countIf(`scored.s > best.s OR (scored.s = best.s AND ${tied})`)} AS ${alias}
    FROM best JOIN ${rows} ON scored.q = best.q
    ${ties === "worst" ? "LEFT JOIN labels ON labels.q = scored.q AND labels.d = scored.d" : ""}
    GROUP BY best.q`;
}

/**
 * Twice the pairs of a relevant and a less relevant judged item that the scores order rightly, a tie counting half. Items that the arm does
 * not list stand together below all others; a query that it does not list at all has no pair.
 */
export function pairsSql(dialect: Dialect, run: string, { alias, convention }: Extract<Need, { kind: "pairs" }>): string {
  const { minRel } = convention;
  return `
    WITH judged AS (
      SELECT labels.q, labels.rel >= ${minRel} AS relevant, scored.s
      FROM labels LEFT JOIN ${scoredSql(dialect, run, convention)} AS scored ON scored.q = labels.q AND scored.d = labels.d
      WHERE labels.q IN (SELECT q FROM ${run})),
    levels AS (SELECT q, s, ${dialect.countIf("relevant")} AS p, ${dialect.countIf("NOT relevant")} AS n FROM judged GROUP BY q, s),
    counted AS (
      SELECT *, coalesce(sum(n) OVER (PARTITION BY q ORDER BY s ASC NULLS FIRST ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS lower
      FROM levels)
    SELECT q, sum(p * (2 * lower + n)) AS ${alias} FROM counted GROUP BY q`;
}
