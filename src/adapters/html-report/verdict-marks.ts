import type { Verdict } from "#domain/evaluation/verdict.ts";

/** Marks that every text font has, beside the word that says the same. */
export const verdictMarks = { pass: "✓", fail: "✗", inconclusive: "?", "no-data": "–", error: "!" } as const satisfies Record<
  Verdict,
  string
>;
