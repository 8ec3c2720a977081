import { type Convention, defaultConvention } from "#domain/evaluation/convention.ts";
import { orderName } from "./aliases.ts";
import { firstSql, pairsSql } from "./arm-sql.ts";
import type { Dialect } from "./dialect.ts";
import { idealSql } from "./ideal-sql.ts";
import type { Need } from "./need.ts";
import type { Step } from "./step.ts";
import type { FixedPoint } from "./term-sql.ts";
import { topSql } from "./top-sql.ts";

/** How one arm's lists are ranked: the steps, and which of their tables have column `q` and some of the aggregates. */
export type ArmPlan = {
  readonly run: string;
  readonly steps: readonly Step[];
  readonly tables: readonly string[];
  /** Holds the counts of preflight at each cutoff; null without a cutoff. */
  readonly cutoffTable: string | null;
};

type OfKind<K extends Need["kind"]> = Extract<Need, { kind: K }>;

/** Everything that one pass over one order of an arm's lists answers. */
export type Pass = {
  readonly order: Pick<Convention, "ties" | "scores" | "unjudged">;
  readonly tops: readonly OfKind<"top">[];
  readonly lengths: readonly OfKind<"listed">[];
  readonly firsts: readonly OfKind<"first">[];
  readonly neighbours: readonly OfKind<"neighbours">[];
  /** Searched at every depth: the first relevant row mostly stands among the rows that this pass reads anyway. */
  readonly seen: readonly OfKind<"first">[];
  readonly cutoffs: readonly number[];
};

/** The order in which all metrics are that say nothing else; the facts of preflight are about it. */
function isUsual({ order }: Pick<Pass, "order">): boolean {
  return orderName({ ...defaultConvention, ...order }) === orderName(defaultConvention);
}

/** The table with one row a list of an arm. */
export function listsTable(dialect: Dialect, run: string): string {
  return dialect.name(`${run} lists`);
}

/** How one arm's lists are ranked and aggregated. Reads `run` (q, d, s), `labels` (q, d, rel), `queries` (q) and `label_counts`. */
export function armPlan(dialect: Dialect, run: string, needs: readonly Need[], cutoffs: readonly number[], fixed: FixedPoint): ArmPlan {
  const steps: Step[] = [];
  const tables: string[] = [];
  const make = (name: string, sql: string): string => {
    const table = dialect.name(`${run} ${name}`);
    steps.push({ table, sql });
    tables.push(table);
    return table;
  };
  const ofKind = <K extends Need["kind"]>(kind: K): readonly OfKind<K>[] => needs.filter((need): need is OfKind<K> => need.kind === kind);

  let cutoffTable: string | null = null;
  const passes = passesOf(ofKind("top"), ofKind("listed"), ofKind("first"), ofKind("neighbours"), cutoffs);
  const usual = passes.find(isUsual);
  steps.push(listsStep(dialect, run, (usual && depthOf(usual)) || null));
  const seen = new Map<string, string>();
  for (const pass of passes) {
    const depth = depthOf(pass);
    if (depth === 0) continue;
    const lists = isUsual(pass) ? listsTable(dialect, run) : null;
    const table = make(`top ${orderName({ ...defaultConvention, ...pass.order })}`, topSql(dialect, run, pass, depth, fixed, lists));
    if (pass.cutoffs.length > 0) cutoffTable = table;
    for (const { alias } of pass.seen) seen.set(alias, table);
  }
  for (const [index, first] of ofKind("first").entries())
    if (first.k === null) make(`first ${index}`, firstSql(dialect, run, first, seen.get(first.alias)));
  for (const [index, pairs] of ofKind("pairs").entries()) make(`pairs ${index}`, pairsSql(dialect, run, pairs));
  const listed = `(SELECT labels.* FROM labels JOIN ${run} AS run ON run.q = labels.q AND run.d = labels.d)`;
  for (const [index, sql] of idealSql(dialect, listed, ofKind("retrieved-ideal"), fixed).entries()) make(`retrieved ${index}`, sql);
  make("listed", `SELECT q, true AS listed FROM ${listsTable(dialect, run)}`);
  return { run, steps, tables, cutoffTable };
}

/**
 * {@link listsTable} in one pass over an arm's rows: `q`, how many rows, their lowest and highest score, and `t`, the score of place
 * `depth`, below which no row stands in the first `depth` places; without a depth the table may be there already.
 */
function listsStep(dialect: Dialect, run: string, depth: number | null): Step {
  const threshold = depth === null ? null : dialect.kthGreatest("s", depth);
  const least = threshold === null ? "" : `, ${threshold} AS t`;
  const sql = `SELECT q, count(*) AS n, min(s) AS lo, max(s) AS hi${least} FROM ${run} GROUP BY q`;
  return { table: listsTable(dialect, run), sql, ...(depth === null && { keep: true }) };
}

/** One pass for each order; the counts of preflight ride on the default one. */
function passesOf(
  tops: Pass["tops"],
  lengths: Pass["lengths"],
  firsts: Pass["firsts"],
  neighbours: Pass["neighbours"],
  cutoffs: readonly number[],
): readonly Pass[] {
  const usual = orderName(defaultConvention);
  const orders = new Map(
    [defaultConvention, ...[...tops, ...lengths, ...firsts, ...neighbours].map(({ convention }) => convention)].map((own) => [
      orderName(own),
      own,
    ]),
  );
  return [...orders].map(([name, { ties, scores, unjudged }]) => {
    const inOrder = (need: { readonly convention: Convention }): boolean => orderName(need.convention) === name;
    return {
      order: { ties, scores, unjudged },
      tops: tops.filter(inOrder),
      lengths: lengths.filter(inOrder),
      firsts: firsts.filter((first) => first.k !== null && inOrder(first)),
      neighbours: neighbours.filter(inOrder),
      // Equal scores in order of ids: else a row's place says too little of how many stand above it.
      seen: firsts.filter((first) => first.k === null && inOrder(first) && (ties === "id_desc" || ties === "id_asc")),
      cutoffs: name === usual ? cutoffs : [],
    };
  });
}

/** How many places a pass reads; null: all of them. */
function depthOf({ tops, lengths, firsts, neighbours, cutoffs }: Pass): number | null {
  const depths = [
    ...tops.map(({ depth }) => (typeof depth === "number" ? depth : null)),
    ...[...lengths, ...firsts, ...neighbours].map(({ k }) => k),
    ...cutoffs,
  ];
  return depths.reduce<number | null>((deepest, depth) => (deepest === null || depth === null ? null : Math.max(deepest, depth)), 0);
}
