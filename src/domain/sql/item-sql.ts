import type { ItemColumn } from "#domain/evaluation/catalogue-needs.ts";
import type { Convention } from "#domain/evaluation/convention.ts";
import type { ItemValue } from "#domain/evaluation/formula.ts";
import { scoredSql } from "./arm-sql.ts";
import type { Dialect } from "./dialect.ts";
import type { Need } from "./need.ts";

/** What is known of the catalogue beside its table `items` (d, i: its number from 0 by the id's bytes, and the columns that metrics read). */
export type Catalogue = {
  /** How many items; 0 without a catalogue. */
  readonly size: number;
  /** The largest number of each number column, the largest possible distance of each vector column. */
  readonly largest: ReadonlyMap<string, number>;
};

type OfKind<K extends Need["kind"]> = Extract<Need, { kind: K }>;

/** The first places of an arm's lists, with each item's number in the catalogue (NULL if it has none). */
export function listSql(
  dialect: Dialect,
  run: string,
  convention: Pick<Convention, "ties" | "scores" | "unjudged">,
  depth: number,
): string {
  const { ties } = convention;
  const rows = `${scoredSql(dialect, run, convention)} AS scored`;
  const threshold = dialect.kthGreatest("s", depth);
  return `
    WITH ${threshold === null ? "" : `threshold AS (SELECT q, ${threshold} AS t FROM ${rows} GROUP BY q),`}
    ranked AS (
      SELECT scored.q, scored.d, row_number() OVER (PARTITION BY scored.q ORDER BY scored.s DESC, scored.d ${ties === "id_asc" ? "ASC" : "DESC"}) AS k
      FROM ${rows} JOIN queries ON queries.q = scored.q
      ${threshold === null ? "" : "JOIN threshold ON threshold.q = scored.q WHERE scored.s >= threshold.t"})
    SELECT ranked.q, ranked.k, ranked.d, items.i FROM ranked LEFT JOIN items ON items.d = ranked.d WHERE k <= ${depth}`;
}

/** Sums per query of what the catalogue says of the listed items; whole numbers, so that no order of adding shows. */
export function itemSumsSql(dialect: Dialect, list: string, sums: readonly OfKind<"item-sum">[], catalogue: Catalogue): string {
  const aggregates = sums.map(({ alias, k, value, discount, convention }) => {
    const discounted =
      discount === "log2"
        ? `(${itemValueSql(dialect, value, convention, catalogue)}) / ${dialect.log2("k + 1")}`
        : `(${itemValueSql(dialect, value, convention, catalogue)})`;
    const whole = dialect.whole(`${discounted} * CAST(${itemScale(value, catalogue)} AS ${dialect.double})`, false);
    return `, ${dialect.sumIf(whole, `k <= ${k}`)} AS ${alias}`;
  });
  return `
    SELECT list.q${aggregates.join("")} FROM ${list} AS list LEFT JOIN items ON items.i = list.i
    LEFT JOIN labels ON labels.q = list.q AND labels.d = list.d GROUP BY list.q`;
}

/** Mean distance of the pairs of listed items, per query. Categories need no pairs: those of one category are the pairs that do not differ. */
export function distanceSql(
  dialect: Dialect,
  list: string,
  { alias, k, column, distance }: OfKind<"distance">,
  catalogue: Catalogue,
): string {
  if (distance === "category") {
    const category = itemColumn(dialect, { column, holds: "text" });
    return `
      WITH counted AS (
        SELECT list.q, count(*) AS n FROM ${list} AS list JOIN items ON items.i = list.i
        WHERE k <= ${k} AND ${category} IS NOT NULL GROUP BY list.q, ${category})
      SELECT q, CAST(sum(n) * sum(n) - sum(n * n) AS ${dialect.double}) / nullif(CAST(sum(n) * (sum(n) - 1) AS ${dialect.double}), 0) AS ${alias} FROM counted GROUP BY q HAVING sum(n) > 1`;
  }
  const vector = itemColumn(dialect, { column, holds: "vector" });
  const apart = dialect.distance(distance, `a.${vector}`, `b.${vector}`);
  const described = distance === "cosine" ? `${vector} IS NOT NULL AND ${dialect.pointsSomewhere(vector)}` : `${vector} IS NOT NULL`;
  const scale = scaleFor(catalogue.largest.get(column) ?? 1);
  return `
    WITH placed AS (SELECT i, ${vector} FROM items WHERE ${described}),
    pairs AS (
      SELECT upper.q, upper.i AS first, lower.i AS second FROM ${list} AS upper JOIN ${list} AS lower ON upper.q = lower.q AND upper.k < lower.k
      WHERE lower.k <= ${k})
    SELECT q, CAST(sum(${dialect.whole(`${apart} * CAST(${scale} AS ${dialect.double})`, false)}) AS ${dialect.double}) / CAST(${scale} AS ${dialect.double}) / count(*) AS ${alias}
    FROM pairs JOIN placed AS a ON a.i = first JOIN placed AS b ON b.i = second GROUP BY q`;
}

/** What an item's value is multiplied by to become a whole number. */
export function itemScale(value: ItemValue, { largest }: Catalogue): number {
  switch (value.kind) {
    case "popularity": {
      const most = largest.get(value.column) ?? 0;
      return scaleFor({ count: most, log1p: Math.log1p(most), of_most_popular: 1 }[value.scale]);
    }
    case "self-information":
      return scaleFor(Math.log2(value.users + 1));
    default:
      return scaleFor(1);
  }
}

const bits = 60;

function scaleFor(largest: number): number {
  return 2 ** (bits - Math.ceil(Math.log2(Math.max(1, largest))));
}

/** Whether an item, a row of `items`, is of a group. */
export function inGroupSql(dialect: Dialect, [column, value]: readonly [column: string, value: string]): string {
  return `items.${itemColumn(dialect, { column, holds: "text" })} = ${dialect.text(value)}`;
}

/** What one listed item is worth: of its row in `items` (all NULL: not in the catalogue), its label `rel` and its place `k`. */
function itemValueSql(dialect: Dialect, value: ItemValue, { minRel }: Convention, { size, largest }: Catalogue): string {
  if (value.kind === "row") return "1";
  if (value.kind === "in-group") {
    return value.group === null ? "0" : `CASE WHEN ${inGroupSql(dialect, value.group)} THEN 1 ELSE 0 END`;
  }
  const popularity = itemColumn(dialect, { column: value.column, holds: "number" });
  switch (value.kind) {
    case "popularity": {
      const most = Math.max(largest.get(value.column) ?? 0, Number.MIN_VALUE);
      const scaled = {
        count: popularity,
        log1p: `ln(1 + ${popularity})`,
        of_most_popular: `${popularity} / CAST(${most} AS ${dialect.double})`,
      }[value.scale];
      return `coalesce(${scaled}, 0)`;
    }
    case "self-information": {
      const unseen = { rarest: Math.log2(value.users + 1), one: Math.log2(value.users), zero: 0, skip: 0 }[value.unseen];
      return `CASE WHEN ${popularity} > 0 THEN 0 - ${dialect.log2(`${popularity} / CAST(${value.users} AS ${dialect.double})`)} ELSE CAST(${unseen} AS ${dialect.double}) END`;
    }
    case "seen":
      return `CASE WHEN ${popularity} > 0 THEN 1 ELSE 0 END`;
    case "surprise": {
      const byPopularity = `coalesce(CAST(${size + 1} - ${rankColumn(dialect, value.column)} AS ${dialect.double}), 0)`;
      return `CASE WHEN rel >= ${minRel} THEN greatest(CAST(${size + 1} - k AS ${dialect.double}) - ${byPopularity}, 0) / ${size} ELSE 0 END`;
    }
  }
}

/** The column of `items` that holds a column of the catalogue. */
export function itemColumn(dialect: Dialect, { holds, column }: ItemColumn): string {
  return dialect.name(`${holds} ${column}`);
}

/** The column of `items` with an item's place by popularity, from 1, equal ones sharing a place; NULL for an item that nobody took. */
function rankColumn(dialect: Dialect, column: string): string {
  return dialect.name(`rank ${column}`);
}

/** How {@link rankColumn} is computed. */
export function popularityRank(dialect: Dialect, column: string): string {
  const popularity = itemColumn(dialect, { column, holds: "number" });
  return `CASE WHEN ${popularity} > 0 THEN dense_rank() OVER (ORDER BY ${popularity} DESC NULLS LAST) END AS ${rankColumn(dialect, column)}`;
}
