import { describe, expect, test } from "vitest";
import { z } from "zod";
import { normalCdf, normalQuantile } from "#domain/statistics/normal.ts";
import { studentTCdf, studentTQuantile } from "#domain/statistics/student-t.ts";
import { golden, goldenNumber, rowsOf } from "#test/support/golden.ts";

type Argument = readonly [number, number];

const functions: Readonly<Record<string, (x: Argument) => number>> = {
  normal_cdf: ([x]) => normalCdf(x),
  normal_sf: ([x]) => normalCdf(-x),
  normal_ppf: ([p]) => normalQuantile(p),
  normal_isf: ([p]) => -normalQuantile(p),
  t_cdf: ([x, df]) => studentTCdf(x, df),
  t_sf: ([x, df]) => studentTCdf(-x, df),
  t_ppf: ([p, df]) => studentTQuantile(p, df),
  t_isf: ([p, df]) => -studentTQuantile(p, df),
};

const row = z.object({ function: z.string().optional(), x: z.array(goldenNumber).min(1), value: goldenNumber });
const cases = golden("distributions.json");

describe("distribution functions equal mpmath to 1e-12 relative, the tails to 1e-300 included", () => {
  test.each(Object.keys(functions))("%s", (name) => {
    const rows = cases.flatMap((known) =>
      known.id === name || known.id === "edges" ? rowsOf(known, row).filter((entry) => (entry.function ?? known.id) === name) : [],
    );
    expect(rows.length).toBeGreaterThan(15);
    for (const { x, value } of rows) {
      const found = functions[name]?.([x[0] ?? 0, x[1] ?? 0]) ?? Number.NaN;
      const close = Object.is(found, value) || found === value || Math.abs(found - value) <= 1e-12 * Math.abs(value);
      expect(close, `${name}(${x.join(", ")}) is ${value}, found ${found}`).toBe(true);
    }
  });
});
