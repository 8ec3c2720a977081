import fc from "fast-check";
import { expect, test } from "vitest";
import { isPattern, nameFits } from "#domain/evaluation/path-pattern.ts";

test.each([
  ["*.csv", "a.csv", true],
  ["*.csv", ".csv", false],
  ["a*b*c", "abc", true],
  ["a*b*c", "a-b-c", true],
  ["a*b*c", "ac", false],
  ["ab*ba", "aba", false],
  ["day=*", "day=2026-11-18", true],
  ["a.csv", "aXcsv", false],
  [".g*", ".git", false],
  [".git", ".git", true],
])("%s fits %s: %s", (pattern, name, fits) => {
  expect(nameFits(pattern, name)).toBe(fits);
});

test("a star stands for any part of a name, as it does in a regular expression", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ab*]{0,8}$/), fc.stringMatching(/^[ab]{0,10}$/), (pattern, name) => {
      expect(nameFits(pattern, name)).toBe(new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(name));
      expect(isPattern(pattern)).toBe(pattern.includes("*"));
    }),
  );
});
