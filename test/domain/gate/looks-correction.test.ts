import { describe, expect, it } from "vitest";
import { judgeReport } from "#domain/gate/judge-gates.ts";
import { judgeForLooks, widened } from "#domain/gate/looks-correction.ts";
import { tInterval } from "#domain/statistics/t-interval.ts";
import { zeroDifferenceHalfWidth } from "#domain/statistics/zero-difference.ts";
import { around, gates, reportOf, scoredTable } from "#test/support/report-request.ts";

const rule = { metric: "ndcg@10", noWorseThan: 0.01 } as const;
const slightlyWorse = scoredTable({
  candidate: around(0.5, 0.02, 100).map((value, index) => value + (index % 3) * 0.02),
  baseline: around(0.5, 0.02, 100).map((value, index) => value + (index % 7) * 0.008),
});

describe("a report judged for several looks", () => {
  const report = reportOf(slightlyWorse, [rule]);

  it("is judged as ever for one", () => {
    expect(judgeForLooks(report, gates(rule), 1)).toEqual(judgeReport(report, gates(rule)));
  });

  it("has the intervals that the units themselves give at the corrected confidence", () => {
    const [corrected] = judgeForLooks(report, gates(rule), 5).gates;
    const [measured] = reportOf(slightlyWorse, [{ ...rule, confidence: 0.99 }]).gates;
    expect(corrected?.confidence).toBeCloseTo(0.99, 12);
    expect(corrected?.lower).toBeCloseTo(measured?.lower ?? 0, 12);
    expect(corrected?.upper).toBeCloseTo(measured?.upper ?? 0, 12);
    expect(corrected?.detectable).toBeCloseTo(measured?.detectable ?? 0, 12);
  });

  it("never passes more with more looks", () => {
    const order = ["pass", "inconclusive"];
    const verdicts = [1, 2, 4, 16, 256, 100_000].map((looks) => order.indexOf(judgeForLooks(report, gates(rule), looks).verdict));
    expect(verdicts).toEqual(verdicts.toSorted((a, b) => a - b));
    expect(new Set(verdicts)).toEqual(new Set([0, 1]));
  });

  it("still wants what the report does not hold evaluated again", () => {
    const [gate] = judgeForLooks(report, gates({ ...rule, confidence: 0.9 }), 3).gates;
    expect(gate).toMatchObject({ verdict: "no-data", reason: "evaluate-again" });
  });
});

describe("an interval at a higher confidence", () => {
  it("is Student's again where it was Student's", () => {
    const held = { value: 0.2, standardError: 0.05, degreesOfFreedom: 40, ...tInterval(0.2, 0.05, 40, 0.95) };
    expect(widened(held, 0.95, 0.99)).toEqual({ ...held, ...tInterval(0.2, 0.05, 40, 0.99) });
  });

  it("keeps the shape of percentiles, each side growing as a normal interval does", () => {
    const held = { value: 0, standardError: 0.05, degreesOfFreedom: null, lower: -0.08, upper: 0.12 };
    const { lower, upper } = widened(held, 0.95, 0.99);
    expect(lower).toBeCloseTo(-0.08 * (2.5758293 / 1.959964), 6);
    expect(upper).toBeCloseTo(0.12 * (2.5758293 / 1.959964), 6);
  });

  it.each([30, 225, 10_000])("is at least the exact one where not one of %d units differs", (units) => {
    const at = (confidence: number) => zeroDifferenceHalfWidth(units, 1, confidence);
    const held = { value: 0, standardError: null, degreesOfFreedom: null, lower: -at(0.95), upper: at(0.95) };
    const { upper } = widened(held, 0.95, 0.995);
    expect(upper).toBeGreaterThanOrEqual(at(0.995));
    expect(upper).toBeLessThan(at(0.995) * 1.06);
  });

  it("is none for a census, which has no interval at any confidence", () => {
    const census = { value: 0.3, standardError: null, degreesOfFreedom: null, lower: null, upper: null, why: { lower: "census" } };
    expect(widened(census, 0.95, 0.99)).toEqual(census);
  });
});
