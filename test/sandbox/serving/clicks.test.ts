import { describe, expect, test } from "vitest";
import { clickModel } from "#sandbox/serving/clicks.ts";

const grades = new Map([
  [
    "q",
    new Map([
      ["good", 4],
      ["fair", 2],
    ]),
  ],
]);
const turns = Array.from({ length: 4_000 }, (_, i) => i);

describe("the click model", () => {
  test("gives the same clicks to the same seed, and others to another", () => {
    expect(clicks(1, ["good", "x", "fair"])).toEqual(clicks(1, ["good", "x", "fair"]));
    expect(clicks(2, ["good", "x", "fair"])).not.toEqual(clicks(1, ["good", "x", "fair"]));
  });

  test("draws more clicks for relevant results, and fewer the lower they stand", () => {
    const share = (documents: readonly string[]) => clicks(1, documents).filter((rank) => rank !== null).length / turns.length;
    expect(share(["good"])).toBeCloseTo(0.7, 1);
    expect(share(["x"])).toBeCloseTo(0.02, 1);
    expect(share(["x", "x", "x", "x", "good"])).toBeLessThan(share(["good"]) - 0.2);
  });

  test("says at which rank the first click fell", () => {
    const ranks = new Set(clicks(1, ["x", "good"]));
    expect([...ranks].toSorted()).toEqual([1, 2, null]);
  });
});

function clicks(seed: number, documents: readonly string[]): readonly (number | null)[] {
  const click = clickModel(grades, seed);
  return turns.map((turn) => click("q", "u1", turn, documents));
}
