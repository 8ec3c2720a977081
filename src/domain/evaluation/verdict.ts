export const verdicts = ["pass", "fail", "inconclusive", "no-data", "error"] as const;

/** What a rule may say of the evidence. */
export type Verdict = (typeof verdicts)[number];

/** The exit code with which `slipway` ends for each verdict. */
export const verdictExitCodes = { pass: 0, fail: 1, inconclusive: 2, "no-data": 3, error: 4 } as const satisfies Record<Verdict, number>;

const bySeverity = ["fail", "error", "no-data", "inconclusive", "pass"] as const satisfies readonly Verdict[];

/** The most severe of the verdicts, in the order fail, error, no-data, inconclusive, pass. Nothing to judge is `no-data`, never `pass`. */
export function worstVerdict(given: readonly Verdict[]): Verdict {
  return bySeverity.find((verdict) => given.includes(verdict)) ?? "no-data";
}
