import type { Convention } from "#domain/evaluation/convention.ts";
import { quotedName } from "./sandbox.ts";

/**
 * Counts of a query's labels: relevant ones; judged irrelevant ones as bpref means them (negative grades are unjudged); all below the
 * level (negative ones too); all.
 */
export type LabelCount = "relevant" | "irrelevant" | "below" | "labels";

/** The column of `label_counts` that holds it. */
export function labelCount(which: LabelCount, { minRel }: Convention): string {
  return quotedName(which === "labels" ? which : `${which} ${minRel}`);
}

export function labelCountSql(which: LabelCount, convention: Convention): string {
  const { minRel } = convention;
  const condition = {
    relevant: `rel >= ${minRel}`,
    irrelevant: `rel >= 0 AND rel < ${minRel}`,
    below: `rel < ${minRel}`,
    labels: "rel IS NOT NULL",
  }[which];
  return `count(*) FILTER (${condition}) AS ${labelCount(which, convention)}`;
}
