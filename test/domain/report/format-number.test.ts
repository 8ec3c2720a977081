import { describe, expect, it } from "vitest";
import { decimalsFor, formatChange, formatCount, formatFixed, formatPlain } from "#domain/report/format-number.ts";

describe("a number for people", () => {
  it.each([
    [0.0582, 0.0078, 4],
    [0.41, 0.0201, 3],
    [12.3, 1.4, 1],
    [4210, 130, 0],
    [0.5, 0.1, 2],
    [0.5, 0.0999, 3],
    [0.25, null, 4],
    [0.25, 0, 4],
    [0, null, 3],
    [1e-9, 1e-30, 10],
  ])("%d with the standard error %d has %d decimals", (value, standardError, decimals) => {
    expect(decimalsFor(value, standardError)).toBe(decimals);
  });

  it.each([
    [0.0582, "+0.058"],
    [-0.0582, "−0.058"],
    [0.0001, "0.000"],
    [-0.0001, "0.000"],
    [0, "0.000"],
  ])("a change of %d is %s", (value, text) => {
    expect(formatChange(value, 3)).toBe(text);
  });

  it("has a plus only when it is a change", () => {
    expect(formatFixed(0.41, 2)).toBe("0.41");
    expect(formatFixed(-0.41, 2)).toBe("−0.41");
  });

  it.each([
    [-2.0000000000000018, "−2"],
    [0.1 + 0.2, "0.3"],
    [1e-7, "1e-7"],
  ])("%d in a rule is %s", (value, text) => {
    expect(formatPlain(value)).toBe(text);
  });

  it.each([
    [0, "0"],
    [999, "999"],
    [1000, "1,000"],
    [99974, "99,974"],
    [1234567, "1,234,567"],
  ])("a count of %d is %s", (count, text) => {
    expect(formatCount(count)).toBe(text);
  });
});
