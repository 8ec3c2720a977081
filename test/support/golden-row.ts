import { expect } from "vitest";
import { z } from "zod";
import { type GoldenCase, goldenNumber } from "#test/support/golden.ts";

/** A part of a golden file: the inputs of a case or one of its rows. */
export type GoldenPart = Readonly<Record<string, unknown>>;

export function inputsOf(known: GoldenCase): GoldenPart {
  return z.record(z.string(), z.unknown()).parse(known.inputs);
}

export function numberAt(part: GoldenPart, key: string): number {
  return goldenNumber.parse(part[key]);
}

export function numbersAt(part: GoldenPart, key: string): readonly number[] {
  return z.array(goldenNumber).parse(part[key]);
}

export function partAt(part: GoldenPart, key: string): GoldenPart {
  return z.record(z.string(), z.unknown()).parse(part[key]);
}

/** Equal to the tolerance of `test/golden/`: 1e-9 relative plus 1e-12 absolute, unless the row names another. */
export function expectEqual(found: number | null | undefined, wanted: number, what: string, relative = 1e-9, absolute = 1e-12): void {
  const close = typeof found === "number" && (found === wanted || Math.abs(found - wanted) <= relative * Math.abs(wanted) + absolute);
  expect(close, `${what}: wanted ${wanted}, found ${found}`).toBe(true);
}

export function expectInterval(
  found: { readonly lower: number; readonly upper: number } | null,
  wanted: readonly number[],
  what: string,
  relative = 1e-9,
  absolute = 1e-12,
): void {
  expectEqual(found?.lower, wanted[0] ?? Number.NaN, `lower limit of ${what}`, relative, absolute);
  expectEqual(found?.upper, wanted[1] ?? Number.NaN, `upper limit of ${what}`, relative, absolute);
}

/** One check per method, and a row whose method has none is a failure: no row of these cases is left out. */
export function expectEveryRow(
  cases: readonly GoldenCase[],
  checks: Readonly<Record<string, (row: GoldenPart, known: GoldenCase) => void>>,
): void {
  for (const known of cases) {
    for (const row of known.expected) {
      const method = typeof row["method"] === "string" ? row["method"] : known.id;
      const check = checks[method];
      expect(check, `no check for "${method}" of ${known.id}`).toBeDefined();
      check?.(row, known);
    }
  }
}
