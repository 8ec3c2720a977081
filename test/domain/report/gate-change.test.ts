import { describe, expect, it } from "vitest";
import { changeText, gateChange, limitText } from "#domain/report/gate-change.ts";
import { estimate, gate, measurement } from "./judgement-builder.ts";

describe("what a gate judged, in the terms of its rule", () => {
  it("is a share of the baseline for a relative margin, its bounds agreeing with the verdict", () => {
    const change = gateChange(gate({ value: 0.01, lower: 0, upper: 0.02 }), measurement({ baseline: estimate(0.5, 0.02) }));
    expect(change).toMatchObject({ kind: "percent", zero: 0 });
    expect(change?.value).toBeCloseTo(0, 9);
    expect(change?.upper).toBeCloseTo(2, 9);
    expect(change?.lower).toBe(change?.limits[0]);
  });

  it("turns round for a metric of which less is better", () => {
    const latency = measurement({ better: "lower", baseline: estimate(100, 1) });
    const change = gateChange(gate({ statistic: "1.02*baseline - candidate", value: -3, lower: -4, upper: -2 }), latency);
    expect(change?.value).toBeCloseTo(5, 9);
    expect(change?.lower).toBeCloseTo(4, 9);
    expect(change?.upper).toBeCloseTo(6, 9);
    expect(change?.limits[0]).toBeCloseTo(2, 9);
  });

  it("measures a share of a negative baseline by its size", () => {
    const change = gateChange(
      gate({ statistic: "candidate - 1.02*baseline", value: 0, lower: -1, upper: 1 }),
      measurement({ baseline: estimate(-100, 1) }),
    );
    expect(change?.value).toBeCloseTo(-2, 9);
    expect(change?.limits[0]).toBeCloseTo(-2, 9);
  });

  it("is a difference for an absolute margin", () => {
    const change = gateChange(
      gate({ statistic: "candidate - baseline", threshold: -0.01, value: 0.02, lower: 0.01, upper: 0.03 }),
      measurement(),
    );
    expect(change && changeText(change)).toBe("+0.0200 [+0.0100, +0.0300]");
    expect(change && limitText(change)).toBe("limit −0.01");
  });

  it("is the candidate's own value for a bound, with no mark for no change", () => {
    const change = gateChange(
      gate({ statistic: "candidate", threshold: [0.95, 1.05], value: 1, lower: 0.98, upper: 1.02, standardError: 0.01 }),
      undefined,
    );
    expect(change).toMatchObject({ kind: "value", zero: null, limits: [0.95, 1.05] });
    expect(change && changeText(change)).toBe("1.000 [0.980, 1.020]");
  });

  it.each([
    ["no interval", { lower: null }],
    ["no statistic", { statistic: null }],
    ["no threshold", { threshold: null }],
    ["no value", { value: null }],
  ])("is nothing with %s", (_, lacking) => {
    expect(gateChange(gate(lacking), measurement())).toBeNull();
  });

  it("is nothing for a share of a baseline that is 0 or unknown", () => {
    expect(gateChange(gate(), measurement({ baseline: estimate(0, 0.1) }))).toBeNull();
    expect(gateChange(gate(), undefined)).toBeNull();
  });
});
