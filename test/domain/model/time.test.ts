import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addMilliseconds,
  durationSchema,
  instantOf,
  instantSchema,
  millisecondsBetween,
  millisecondsOf,
  printDuration,
} from "#domain/model/time.ts";

const anyMilliseconds = fc.integer({ min: 0, max: 4_000_000_000_000 });

describe("a duration", () => {
  test.each([
    ["0ms", 0],
    ["500ms", 500],
    ["30s", 30_000],
    ["10m", 600_000],
    ["24h", 86_400_000],
    ["7d", 604_800_000],
  ])("%s is %i ms", (text, milliseconds) => {
    expect(durationSchema.parse(text)).toBe(milliseconds);
  });

  test.each(["", "10", "10 m", "1.5h", "-1s", "10M", "1w", "1h30m", "1234567890s", 10])("%j is none", (text) => {
    expect(durationSchema.safeParse(text).success).toBe(false);
  });

  test.each([
    [1_000, "1s"],
    [60_000, "1m"],
    [90_000, "90s"],
    [86_400_000, "1d"],
    [90_000_000, "25h"],
    [1_500, "1500ms"],
    [0, "0ms"],
  ])("%i ms is written %s, the shortest exact way", (milliseconds, text) => {
    expect(printDuration(milliseconds)).toBe(text);
  });

  test("is read back from what is written", () => {
    fc.assert(
      fc.property(fc.nat(999_999_999), (milliseconds) => {
        expect(durationSchema.parse(printDuration(milliseconds))).toBe(milliseconds);
      }),
    );
  });
});

describe("an instant", () => {
  test("is UTC, and nothing else", () => {
    expect(instantSchema.safeParse("2026-11-20T08:00:00.000Z").success).toBe(true);
    for (const text of ["2026-11-20", "2026-11-20T08:00:00", "2026-11-20T08:00:00+01:00", "2026-13-20T08:00:00Z"])
      expect(instantSchema.safeParse(text).success).toBe(false);
  });

  test("sorts as text as it sorts in time", () => {
    fc.assert(
      fc.property(anyMilliseconds, anyMilliseconds, (a, b) => {
        expect(Math.sign(instantOf(a) < instantOf(b) ? -1 : instantOf(a) > instantOf(b) ? 1 : 0)).toBe(Math.sign(a - b));
      }),
    );
  });

  test("moved by what lies between two is the other", () => {
    fc.assert(
      fc.property(anyMilliseconds, anyMilliseconds, (a, b) => {
        expect(addMilliseconds(instantOf(a), millisecondsBetween(instantOf(a), instantOf(b)))).toBe(instantOf(b));
        expect(millisecondsOf(instantOf(a))).toBe(a);
      }),
    );
  });
});
