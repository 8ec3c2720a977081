import { describe, expect, it } from "vitest";
import { powerText } from "#domain/report/power-text.ts";
import { gate, measurement } from "./judgement-builder.ts";

describe("what a gate could have shown", () => {
  it("is what it detects, how often equal quality passes, and how many units would settle it", () => {
    const open = gate({ verdict: "inconclusive", unitsToSettle: 15_800 });
    expect(powerText(open, measurement())).toEqual({
      detectable: "0.022 (5.3 % of the baseline)",
      ifUnchanged: "18 %",
      toSettle: "15,800",
    });
  });

  it("asks for whole units, for a part of one settles nothing", () => {
    expect(powerText(gate({ verdict: "inconclusive", unitsToSettle: 15_240.884 }), measurement()).toSettle).toBe("15,241");
  });

  it("says of a settled gate that it is", () => {
    expect(powerText(gate({ why: { unitsToSettle: "settled" } }), measurement()).toSettle).toBe("settled");
  });

  it("says why there is none, as of a census", () => {
    const why = { detectable: "census", passIfUnchanged: "census", unitsToSettle: "census" };
    const census = gate({ detectable: null, passIfUnchanged: null, unitsToSettle: null, why });
    expect(powerText(census, measurement())).toEqual({
      detectable: "none (census)",
      ifUnchanged: "none (census)",
      toSettle: "none (census)",
    });
  });
});
