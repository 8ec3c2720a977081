import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { ScoredTable } from "#domain/evaluation/scored-table.ts";
import { golden, rowsOf } from "#test/support/golden.ts";
import { reportOf, scoredTable } from "#test/support/report-request.ts";

const numbers = z.array(z.number());
const inputs = z.object({ cluster: numbers, weight: numbers, candidate: numbers, baseline: numbers });
const row = z.strictObject({
  weighted: z.boolean(),
  clustered: z.boolean(),
  mean: z.number(),
  standard_error: z.number(),
  df: z.number(),
  interval_95: z.tuple([z.number(), z.number()]),
  source: z.string(),
});

const [known] = golden("weighted-clusters.json");
if (known === undefined) throw new Error("weighted-clusters.json holds one case");
const made = inputs.parse(known.inputs);
const rows = rowsOf(known, row);

const table = ({ weighted, clustered }: { readonly weighted: boolean; readonly clustered: boolean }): ScoredTable =>
  scoredTable(made, {
    ...(weighted && { weights: { column: "traffic", values: made.weight } }),
    ...(clustered && { cluster: { column: "session", values: made.cluster.map(String) } }),
  });

const close = (found: number | null | undefined, value: number): void =>
  expect(Math.abs((found ?? Number.NaN) / value - 1)).toBeLessThanOrEqual(1e-9);

describe("queries weighted by their traffic", () => {
  test.each(rows)("weighted $weighted, clustered $clustered: the difference and its interval equal statsmodels", (wanted) => {
    const [measurement] = reportOf(table(wanted), []).measurements;
    const difference = measurement?.difference;
    close(difference?.value, wanted.mean);
    close(difference?.standardError, wanted.standard_error);
    expect(difference?.degreesOfFreedom).toBe(wanted.df);
    close(difference?.lower, wanted.interval_95[0]);
    close(difference?.upper, wanted.interval_95[1]);
  });

  test("all four rows of the file are compared, and clusters change the error alone", () => {
    expect([rows.length, known.expected.length]).toEqual([4, 4]);
    for (const weighted of [true, false]) {
      const [one, other] = [true, false].map((clustered) => reportOf(table({ weighted, clustered }), []).measurements[0]);
      expect([one?.candidate.value, one?.baseline?.value, one?.difference?.value]).toEqual([
        other?.candidate.value,
        other?.baseline?.value,
        other?.difference?.value,
      ]);
      expect(one?.difference?.standardError).not.toBeCloseTo(other?.difference?.standardError ?? 0, 4);
    }
  });

  test("a gate judges the weighted difference: what most of the traffic asks decides", () => {
    // Rare queries gain much, the one that everybody asks loses.
    const candidate = made.baseline.map((value, index) => value + (index % 3 === 0 ? -0.02 : 0.02) + (index % 7) * 1e-4);
    const weights = { column: "traffic", values: candidate.map((_, index) => (index % 3 === 0 ? 100 : 1)) };
    const verdict = (over: Partial<ScoredTable>) =>
      reportOf(scoredTable({ candidate, baseline: made.baseline }, over), [{ metric: "ndcg@10", noWorseThan: 0 }]).verdict;
    expect(verdict({})).toBe("pass");
    expect(verdict({ weights })).toBe("fail");
  });
});
