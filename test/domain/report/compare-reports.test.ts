import { describe, expect, it } from "vitest";
import { compareReports } from "#domain/report/compare-reports.ts";
import { better, worse } from "./cases.ts";
import { digest, estimate, gate, measurement, report } from "./judgement-builder.ts";

const changeOf = (first: number | null, second: number | null, direction: "higher" | "lower" | "target") => {
  const measured = (value: number | null) =>
    report({ measurements: [measurement({ better: direction, candidate: { ...estimate(0, 0.1), value } })] });
  const [found] = compareReports(measured(first), measured(second)).measurements;
  return [found?.change, found?.better];
};

describe("two reports side by side", () => {
  it("pair what both measured, and name what one alone did", () => {
    const found = compareReports(worse, better);
    expect(found.measurements.map(({ metric, slice, change }) => [metric, slice, change])).toEqual([
      ["ndcg@10", null, 0.4391 - (worse.measurements[0]?.candidate.value ?? 0)],
    ]);
    expect(found.measuredBy).toEqual({
      first: ["recall@50", "ndcg@10 on topic=boundary-layer", "ndcg@10 on topic=heat-transfer", "ndcg@10 on topic=supersonic"],
      second: ["ndcg@10 on cold-start"],
    });
  });

  it("say which gates changed their verdict or rule, and which are new or gone", () => {
    const found = compareReports(worse, better);
    expect(found.gates.map(({ id, first, second, changed }) => [id, first?.verdict, second?.verdict, changed])).toEqual([
      ["ndcg@10", "fail", "pass", true],
      ["ndcg@10[cold-start]", undefined, "inconclusive", true],
      ["recall@50", "pass", undefined, true],
      ["ndcg@10 atLeast", "pass", undefined, true],
    ]);
    const other = report({ gates: [gate({ rule: "no worse than 1%" })] });
    expect(compareReports(report({ gates: [gate()] }), other).gates.map(({ changed }) => changed)).toEqual([true]);
    expect(compareReports(other, other).gates.map(({ changed }) => changed)).toEqual([false]);
  });

  it.each([
    [0.3, 0.4, "higher", true],
    [0.4, 0.3, "higher", false],
    [0.4, 0.3, "lower", true],
    [0.4, 0.4, "higher", null],
    [0.3, 0.4, "target", null],
    [null, 0.4, "higher", null],
  ] as const)("call a change from %s to %s of a metric where %s is better: better %s", (first, second, direction, expected) => {
    expect(changeOf(first, second, direction)[1]).toBe(expected);
  });

  it("have no change where one has no value", () => {
    expect(changeOf(null, 0.4, "higher")[0]).toBeNull();
  });

  it("answer the other way round with the other sign", () => {
    const [there] = compareReports(worse, better).measurements;
    const [back] = compareReports(better, worse).measurements;
    expect(back?.change).toBe(-(there?.change ?? 0));
    expect([there?.better, back?.better]).toEqual([true, false]);
  });

  it.each([
    ["another dataset", { dataset: { name: "cranfield", digest: digest("0") } }],
    ["another dataset", { inputs: { ...worse.inputs, labels: digest("0") } }],
    ["another baseline", { baseline: null }],
    ["another definition", { inputs: { ...worse.inputs, definition: digest("0") } }],
  ])("say what keeps them apart: %s", (said, change) => {
    expect(compareReports({ ...worse, ...change }, worse).apart).toEqual([said]);
  });

  it("name the findings that one alone has", () => {
    const tied = { code: "ties", verdict: "inconclusive", message: "41 % of scores are tied." } as const;
    expect(compareReports(report({ preflight: [tied] }), report()).foundBy).toEqual({
      first: ["ties: 41 % of scores are tied."],
      second: [],
    });
  });
});
