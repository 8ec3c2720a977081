import type { Verdict } from "#domain/evaluation/verdict.ts";

/** How people read a verdict. The mark is never the only signal. */
export const verdictWords = {
  pass: { mark: "✅", word: "Pass" },
  fail: { mark: "❌", word: "Fail" },
  inconclusive: { mark: "❔", word: "Inconclusive" },
  "no-data": { mark: "⬜", word: "No data" },
  error: { mark: "⚠️", word: "Error" },
} as const satisfies Record<Verdict, { readonly mark: string; readonly word: string }>;
