import { describe, expect, it } from "vitest";
import type { JudgedGate } from "#domain/evaluation/report.ts";
import { sliceSummary } from "#domain/report/slice-rows.ts";
import { difference, gate, measurement, report } from "./judgement-builder.ts";

const slice = (name: string, value: number, standardError: number) =>
  measurement({ slice: { locale: name }, difference: difference(value, standardError) });

describe("the slices that deserve a look", () => {
  it.each([
    ["higher", -0.1, "regressed, stands out among all (BH, q 0.1)"],
    ["higher", 0.1, undefined],
    ["lower", 0.1, "regressed, stands out among all (BH, q 0.1)"],
    ["lower", -0.1, undefined],
    ["target", -0.1, undefined],
  ] as const)("where %s is better and all of the difference is around %d: %s", (better, value, finding) => {
    const measured = measurement({ slice: { locale: "de" }, better, difference: difference(value, 0.01) });
    expect(sliceSummary(report({ measurements: [measured], gates: [] })).rows[0]?.finding).toBe(finding);
  });

  it("are none of those whose interval holds 0", () => {
    const summary = sliceSummary(report({ measurements: [slice("de", -0.01, 0.01), slice("fr", 0.01, 0.01)], gates: [] }));
    expect(summary).toEqual({ sentence: "0 of 2 slices regressed", rows: [] });
  });

  it("say how many would regress by chance", () => {
    const measurements = [slice("de", -0.1, 0.01), ...Array.from({ length: 99 }, (_, index) => slice(`l${index}`, 0.1, 0.01))];
    expect(sliceSummary(report({ measurements, gates: [] })).sentence).toBe(
      "1 of 100 slices regressed (of 100 comparisons, about 2 would by chance alone)",
    );
  });

  it("put what regressed before what a gate could not settle", () => {
    const measurements = [slice("de", -0.01, 0.01), slice("fr", -0.1, 0.01)];
    const gates = [gate({ slice: { locale: "de" }, verdict: "inconclusive" })];
    const { rows } = sliceSummary(report({ measurements, gates }));
    expect(rows.map(({ slice: name, finding }) => [name, finding])).toEqual([
      ["locale=fr", "regressed, stands out among all (BH, q 0.1)"],
      ["locale=de", "inconclusive"],
    ]);
  });

  it("are said to be perhaps by chance when there are so many that some must look like it, unless a gate judges them", () => {
    const measurements = [slice("de", -0.021, 0.01), ...Array.from({ length: 99 }, (_, index) => slice(`l${index}`, 0.1, 0.01))];
    const finding = (gates: readonly JudgedGate[]) => sliceSummary(report({ measurements, gates: [...gates] })).rows[0]?.finding;
    expect(finding([])).toBe("regressed, perhaps by chance (BH, q 0.1)");
    expect(finding([gate({ slice: { locale: "de" } })])).toBe("regressed");
  });

  it("are not spoken of when none was measured", () => {
    expect(sliceSummary(report({ measurements: [measurement()] }))).toEqual({ sentence: null, rows: [] });
  });
});
