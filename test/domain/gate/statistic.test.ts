import { describe, expect, test } from "vitest";
import { position } from "#domain/gate/statistic.ts";

describe("an interval against what is accepted", () => {
  const above = { side: "above", threshold: 1, inclusive: false } as const;
  const below = { side: "below", threshold: 1, inclusive: false } as const;
  const within = { side: "within", low: 1, high: 2 } as const;
  test.each([
    [above, 1.1, 1.2, "inside"],
    [above, 1, 1.2, "across"],
    [{ ...above, inclusive: true }, 1, 1.2, "inside"],
    [above, 0.8, 1, "across"],
    [above, 0.8, 0.9, "outside"],
    [below, 0.8, 0.9, "inside"],
    [below, 0.8, 1, "across"],
    [{ ...below, inclusive: true }, 0.8, 1, "inside"],
    [below, 1, 1.2, "across"],
    [below, 1.1, 1.2, "outside"],
    [within, 1, 2, "inside"],
    [within, 0.9, 1.5, "across"],
    [within, 1.5, 2.1, "across"],
    [within, 0.5, 2.5, "across"],
    [within, 0.5, 0.9, "outside"],
    [within, 2.1, 2.5, "outside"],
  ] as const)("%j: [%d, %d] is %s", (accepted, lower, upper, expected) => {
    expect(position(accepted, lower, upper)).toBe(expected);
  });
});
