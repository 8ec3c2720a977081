import { type GoldenCase, golden } from "#test/support/golden.ts";
import type { GoldenPart } from "#test/support/golden-row.ts";

/** A test that compares every row of these cases (all, or those whose id starts so), and how many rows these are. */
export type GoldenHolder = {
  readonly test: string;
  readonly cases?: readonly string[];
  /** Only the rows of these metrics or methods; absent: all rows. */
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly rows: number;
};

const statistics = "test/domain/statistics";
const engine = "test/adapters/duckdb";

/** Who compares the rows of which golden file. A row that no holder names makes `test/golden/every-row.test.ts` fail. */
export const goldenHolders: Readonly<Record<string, readonly GoldenHolder[]>> = {
  "statistics.json": [
    { test: `${statistics}/paired.golden.test.ts`, cases: ["paired-"], rows: 68 },
    { test: `${statistics}/two-samples.golden.test.ts`, cases: ["two-samples"], rows: 26 },
    {
      test: `${statistics}/proportions.golden.test.ts`,
      cases: ["one-proportion", "two-proportions", "mcnemar", "multiplicity"],
      rows: 36,
    },
    { test: `${statistics}/power.golden.test.ts`, cases: ["power", "slice-shrinkage", "moments"], rows: 19 },
    {
      test: `${statistics}/ratios-and-ranks.golden.test.ts`,
      cases: ["clusters", "ratio", "relative-lift", "delong", "bootstrap", "quantile-intervals"],
      rows: 31,
    },
  ],
  "distributions.json": [{ test: `${statistics}/distributions.golden.test.ts`, rows: 905 }],
  "off-policy.json": [
    {
      test: `${statistics}/off-policy.golden.test.ts`,
      only: ["ips", "snips", "direct method", "ips, clipped", "diagnostics", "replay"],
      rows: 21,
    },
  ],
  "classification-binary.json": [
    { test: `${engine}/rows.golden.test.ts`, except: ["calibration_curve"], rows: 283 },
    { test: `${engine}/calibration-curve.golden.test.ts`, only: ["calibration_curve"], rows: 16 },
  ],
  "classification-labels.json": [{ test: `${engine}/rows.golden.test.ts`, rows: 104 }],
  "regression.json": [{ test: `${engine}/rows.golden.test.ts`, rows: 131 }],
  "ranking-small.json": [{ test: `${engine}/ranking.golden.test.ts`, rows: 620 }],
  "ranking-conventions.json": [
    { test: `${engine}/ranking.golden.test.ts`, cases: ["rbp-err-gdeval", "bpref-conventions", "duplicates"], rows: 11 },
    { test: `${engine}/intents.golden.test.ts`, only: ["P-IA@5", "strec@5", "ERR-IA@5"], rows: 3 },
  ],
  "ranking-cranfield.json": [{ test: `${engine}/ranking.golden.test.ts`, rows: 37 }],
  "ranking-judged.json": [{ test: `${engine}/ranking-judged.golden.test.ts`, rows: 4 }],
  "ranking-value.json": [{ test: `${engine}/ranking-value.golden.test.ts`, rows: 54 }],
  "ranking-recpack.json": [{ test: `${engine}/ranking-recpack.golden.test.ts`, rows: 45 }],
  "recommender.json": [{ test: `${engine}/recommender.golden.test.ts`, rows: 32 }],
  "recommender-popularity.json": [{ test: `${engine}/recommender.golden.test.ts`, rows: 10 }],
  "retrieval.json": [{ test: `${engine}/retrieval.golden.test.ts`, rows: 17 }],
  "latency.json": [{ test: "test/domain/evaluation/operational/latency.golden.test.ts", rows: 4 }],
  "weighted-clusters.json": [{ test: "test/domain/evaluation/query-weights.test.ts", rows: 4 }],
};

/** The cases that a test answers for; it compares every row of them. */
export function heldCases(file: string, test: string): readonly GoldenCase[] {
  const holders = (goldenHolders[file] ?? []).filter((holder) => holder.test.endsWith(`/${test}`));
  if (holders.length === 0) throw new Error(`${test} holds nothing of ${file}: name it in golden-holders.ts`);
  return golden(file).flatMap((known) => {
    const expected = known.expected.filter((row) => holders.some((holder) => holds(holder, known, row)));
    return expected.length === 0 ? [] : [{ ...known, expected }];
  });
}

export function holds({ cases, only, except }: GoldenHolder, { id }: GoldenCase, row: GoldenPart): boolean {
  const name = String(row["metric"] ?? row["method"]);
  return (cases?.some((start) => id.startsWith(start)) ?? true) && (only?.includes(name) ?? true) && !(except?.includes(name) ?? false);
}
