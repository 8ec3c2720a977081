import { describe, expect, test } from "vitest";
import { gateRuleSchema, normalGates, ruleText } from "#domain/gate/gate.ts";
import { sameSlice, sliceText } from "#domain/gate/slice.ts";

describe("a written gate", () => {
  test.each([
    [{ metric: "ndcg@10", noWorseThan: "2%" }, "no worse than 2%"],
    [{ metric: "ndcg@10", noWorseThan: "0.5 %" }, "no worse than 0.5%"],
    [{ metric: "ndcg@10", noWorseThan: 0.01 }, "no worse than 0.01"],
    [{ metric: "recall@50", betterThan: 0 }, "better than 0"],
    [{ metric: "mrr", atLeast: 0.3 }, "at least 0.3"],
    [{ metric: "latency_p99_ms", atMost: 40 }, "at most 40"],
    [{ metric: "calibration_ratio", between: [0.95, 1.05] }, "between 0.95 and 1.05"],
  ])("%j reads %j", (written, text) => {
    const [gate] = normalGates([gateRuleSchema.parse(written)], { dataset: "made" });
    expect(gate === undefined ? "" : ruleText(gate.comparison)).toBe(text);
  });

  test.each([
    ["no rule", { metric: "mrr" }],
    ["two rules", { metric: "mrr", atLeast: 1, atMost: 2 }],
    ["an unknown key", { metric: "mrr", atLeast: 1, maximum: 2 }],
    ["a negative margin", { metric: "mrr", noWorseThan: -0.1 }],
    ["a negative share", { metric: "mrr", noWorseThan: "-2%" }],
    ["a margin in words", { metric: "mrr", noWorseThan: "two percent" }],
    ["NaN", { metric: "mrr", atLeast: Number.NaN }],
    ["a range upside down", { metric: "mrr", between: [2, 1] }],
    ["an empty slice", { metric: "mrr", atLeast: 1, slice: {} }],
    ["a confidence in percent", { metric: "mrr", atLeast: 1, confidence: 95 }],
    ["every slice having to pass", { metric: "mrr", noWorseThan: "2%", slice: "*", blocks: "unless-pass" }],
  ])("with %s is refused", (_, written) => {
    expect(gateRuleSchema.safeParse(written).success).toBe(false);
  });
});

describe("the normal form", () => {
  const normal = (...written: readonly unknown[]) =>
    normalGates(
      written.map((rule) => gateRuleSchema.parse(rule)),
      { dataset: "made" },
    );

  test("fills in what was not written", () => {
    expect(normal({ metric: "ndcg@10", noWorseThan: "2%" })).toEqual([
      {
        id: "ndcg@10",
        metric: "ndcg@10",
        slice: null,
        dataset: "made",
        comparison: { kind: "no-worse-than", margin: { kind: "relative", fraction: 0.02 } },
        confidence: 0.95,
        blocks: "unless-pass",
      },
    ]);
  });

  test('a gate on slice "*" blocks on-fail', () => {
    expect(normal({ metric: "mrr", noWorseThan: "5%", slice: "*" })[0]?.blocks).toBe("on-fail");
    expect(normal({ metric: "mrr", noWorseThan: "5%", slice: "*", blocks: "never" })[0]?.blocks).toBe("never");
  });

  test("ids are unique and say what the gate is about", () => {
    const slice = { locale: "de" };
    const rules = [
      { metric: "mrr", noWorseThan: "2%" },
      { metric: "mrr", atLeast: 0.3 },
      { metric: "mrr", atLeast: 0.2 },
      { metric: "mrr", slice, noWorseThan: 0 },
      { metric: "mrr", slice: "*", noWorseThan: 0 },
      { id: "mine", metric: "mrr", atMost: 1 },
    ];
    expect(normal(...rules).map(({ id }) => id)).toEqual(["mrr", "mrr at-least", "mrr at-least 2", "mrr[locale=de]", "mrr[*]", "mine"]);
    const floors = normalGates([gateRuleSchema.parse({ metric: "mrr", atLeast: 0.1 })], { dataset: "made", idPrefix: "floor:" });
    expect(floors[0]?.id).toBe("floor:mrr");
  });

  test("slice values compare as text, whatever order the columns have", () => {
    const [gate] = normal({ metric: "mrr", atLeast: 0, slice: { adult: true, price: 3 } });
    expect(gate?.slice).toEqual({ adult: "true", price: "3" });
    expect(sameSlice({ a: "1", b: "2" }, { b: "2", a: "1" })).toBe(true);
    expect(sameSlice({ a: "1" }, { a: "1", b: "2" })).toBe(false);
    expect(sameSlice(null, { a: "1" })).toBe(false);
    expect(sliceText({ b: "2", a: "1" })).toBe("a=1,b=2");
    expect(sliceText({ name: "cold-start" })).toBe("cold-start");
  });
});
