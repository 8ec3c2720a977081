import { describe, expect, test } from "vitest";
import { atPoint, unitHash } from "#sandbox/serving/unit-hash.ts";

const weighted = (candidate: number) => [
  { name: "baseline", weight: 100 - candidate },
  { name: "candidate", weight: candidate },
];
const units = Array.from({ length: 20_000 }, (_, i) => `u${i}`);
const meeting = (weight: number) => new Set(units.filter((unit) => atPoint(weighted(weight), unitHash(unit))?.name === "candidate"));

describe("the split of units by weight", () => {
  test.each([1, 5, 25, 50])("gives a candidate of weight %i its share", (weight) => {
    expect(Math.abs(meeting(weight).size / units.length - weight / 100)).toBeLessThan(0.01);
  });

  test("keeps whoever met the candidate at 5 % with it at 25 %", () => {
    const at25 = meeting(25);
    expect([...meeting(5)].filter((unit) => !at25.has(unit))).toEqual([]);
  });

  test("gives a backend of weight 0 nobody, and nobody anything when all weights are 0", () => {
    expect(meeting(0).size).toBe(0);
    expect(atPoint([{ weight: 0 }, { weight: 0 }], 0.3)).toBeUndefined();
  });
});
