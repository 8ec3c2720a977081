import { describe, expect, test } from "vitest";
import type { ScoredTable } from "#domain/evaluation/scored-table.ts";
import { around, reportOf, scoredTable } from "#test/support/report-request.ts";
import { metric } from "#test/support/scoring-request.ts";

const values = around(0.97, 0.02, 100);
const overlap = metric("overlap@10");
/** A metric that compares the arms beside one that each arm has: with a baseline, and without. */
const compared = (baseline: readonly number[] | null): ScoredTable => {
  const table = scoredTable({ candidate: values, baseline });
  const message = "there is no baseline";
  const own =
    baseline === null
      ? ({ kind: "unmeasurable", metric: overlap, reason: "no-baseline", message } as const)
      : ({ kind: "scored", metric: overlap, candidate: values, baseline: null } as const);
  return { ...table, metrics: [...table.metrics, own] };
};

describe("a metric that compares the arms itself", () => {
  test("has one value, no baseline and no difference, and the report says why", () => {
    const [, measurement] = reportOf(compared(values), []).measurements;
    expect(measurement).toMatchObject({
      baseline: null,
      difference: null,
      why: { baseline: "compares-arms", difference: "compares-arms" },
    });
    expect(measurement?.candidate.value).toBeCloseTo(0.97, 12);
  });

  test.each([
    [{ atLeast: 0.95 }, "pass", "within-bounds"],
    [{ atLeast: 0.99 }, "fail", "out-of-bounds"],
    [{ noWorseThan: "1%" }, "error", "compares-arms"],
  ])("judged by %j is %s", (rule, verdict, reason) => {
    const [gate] = reportOf(compared(values), [{ metric: "overlap@10", ...rule }]).gates;
    expect(gate).toMatchObject({ verdict, reason });
  });

  test("is left out by name for a first version, so that its gates do not block it", () => {
    const report = reportOf(compared(null), [
      { metric: "overlap@10", atLeast: 0.95 },
      { metric: "ndcg@10", atLeast: 0.9 },
    ]);
    expect(report.leftOut).toEqual(["overlap@10"]);
    expect(report.gates.map(({ id, verdict }) => [id, verdict])).toEqual([["ndcg@10", "pass"]]);
    expect(report.verdict).toBe("pass");
  });

  test("alone is no pass for a first version", () => {
    expect(reportOf(compared(null), [{ metric: "overlap@10", atLeast: 0.95 }]).verdict).toBe("no-data");
  });
});
