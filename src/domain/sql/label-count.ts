import type { Convention } from "#domain/evaluation/convention.ts";
import type { Dialect } from "./dialect.ts";

/**
 * Counts of a query's labels: relevant ones; judged irrelevant ones as bpref means them (negative grades are unjudged); all below the
 * level (negative ones too); all.
 */
export type LabelCount = "relevant" | "irrelevant" | "below" | "labels";

/** The column of `label_counts` that holds it. */
export function labelCount(dialect: Dialect, which: LabelCount, { minRel }: Convention): string {
  return dialect.name(which === "labels" ? which : `${which} ${minRel}`);
}

export function labelCountSql(dialect: Dialect, which: LabelCount, convention: Convention): string {
  const { minRel } = convention;
  const condition = {
    relevant: `rel >= ${minRel}`,
    irrelevant: `rel >= 0 AND rel < ${minRel}`,
    below: `rel < ${minRel}`,
    labels: "rel IS NOT NULL",
  }[which];
  return `${dialect.countIf(condition)} AS ${labelCount(dialect, which, convention)}`;
}
