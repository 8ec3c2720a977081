import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { editDistance, nearest } from "#domain/text/nearest.ts";

describe("nearest", () => {
  const keys = ["predictions", "predict", "dataset", "metrics", "noWorseThan", "noise"];

  test.each([
    ["predictons", "predictions"],
    ["perdict", "predict"],
    ["DataSet", "dataset"],
    ["metrisc", "metrics"],
    ["no_worse_than", "noWorseThan"],
    ["noWorse", "noWorseThan"],
  ])("suggests for %s the key %s", (word, expected) => {
    expect(nearest(word, keys)).toBe(expected);
  });

  test.each(["", "x", "weights", "no", "q".repeat(5000)])("suggests nothing for %s, which is far from every key", (word) => {
    expect(nearest(word, keys)).toBeUndefined();
  });

  it("keeps the first of two equally near candidates, so that a message does not depend on chance", () => {
    expect(nearest("abcx", ["abcy", "abcz"])).toBe("abcy");
  });

  it("finds any key again after one letter was lost", () => {
    const words = fc.stringMatching(/^[a-z]{5,12}$/);
    fc.assert(
      fc.property(words, fc.nat(), (word, position) => {
        const cut = position % word.length;
        expect(nearest(word.slice(0, cut) + word.slice(cut + 1), [word])).toBe(word);
      }),
    );
  });
});

describe("editDistance", () => {
  test.each([
    ["", "", 0],
    ["", "abc", 3],
    ["kitten", "sitting", 3],
    ["ab", "ba", 1],
    ["ca", "abc", 3],
    ["flaw", "lawn", 2],
  ])("from %j to %j is %i", (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
  });

  it("is the same in both directions and zero only between equal words", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (from, to) => {
        expect(editDistance(from, to)).toBe(editDistance(to, from));
        expect(editDistance(from, to) === 0).toBe(from === to);
      }),
    );
  });
});
