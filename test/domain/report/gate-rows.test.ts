import { describe, expect, it } from "vitest";
import type { JudgedGate, Measurement } from "#domain/evaluation/report.ts";
import { gateRows } from "#domain/report/gate-rows.ts";
import { estimate, gate, measurement, report } from "./judgement-builder.ts";

const foundOf = (judged: JudgedGate, measured: Measurement): string | undefined =>
  gateRows(report({ gates: [judged], measurements: [measured] }))[0]?.found;

describe("what a gate found", () => {
  it("is the candidate's own value where the rule is about that, whatever the difference is", () => {
    const absolute = gate({ rule: "at least 0.3", statistic: "candidate", threshold: 0.3, value: 0.352, lower: 0.315, upper: 0.389 });
    expect(foundOf(absolute, measurement())).toBe("0.3520 [0.3150, 0.3890]");
  });

  it("is a census's value, which has no interval", () => {
    const why = { lower: "census", upper: "census" };
    const census = gate({
      rule: "at least 0.5",
      statistic: "candidate",
      threshold: 0.5,
      value: 1,
      lower: null,
      upper: null,
      standardError: null,
      why,
    });
    const counted = { ...estimate(1, 0), standardError: null, lower: null, upper: null, why };
    expect(foundOf(census, measurement({ baseline: counted, candidate: counted }))).toBe("1.000");
  });

  it("is the difference where the rule compares", () => {
    const compared = gate({ statistic: "candidate - baseline", threshold: -0.01, value: 0.02, lower: 0.01, upper: 0.03 });
    expect(foundOf(compared, measurement())).toBe("+0.0200 [+0.0100, +0.0300]");
  });
});
