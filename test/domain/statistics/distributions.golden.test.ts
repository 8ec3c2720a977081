import { describe, expect, test } from "vitest";
import { z } from "zod";
import { betaCdf, betaQuantile, betaUpper } from "#domain/statistics/beta.ts";
import { binomialCdf, binomialProbability, binomialUpper } from "#domain/statistics/binomial.ts";
import { chiSquareCdf, chiSquareQuantile, chiSquareUpper, chiSquareUpperQuantile } from "#domain/statistics/chi-square.ts";
import { erf, erfc } from "#domain/statistics/error-function.ts";
import { fCdf, fQuantile, fUpper } from "#domain/statistics/f-distribution.ts";
import { gammaLower, gammaUpper } from "#domain/statistics/incomplete-gamma.ts";
import { logBeta, logGamma } from "#domain/statistics/log-gamma.ts";
import { normalCdf, normalQuantile } from "#domain/statistics/normal.ts";
import { poissonCdf, poissonProbability, poissonUpper } from "#domain/statistics/poisson.ts";
import { studentTCdf, studentTQuantile } from "#domain/statistics/student-t.ts";
import { golden, goldenNumber, rowsOf } from "#test/support/golden.ts";

type Argument = readonly [number, number, number];

const functions: Readonly<Record<string, (x: Argument) => number>> = {
  normal_cdf: ([x]) => normalCdf(x),
  normal_sf: ([x]) => normalCdf(-x),
  normal_ppf: ([p]) => normalQuantile(p),
  normal_isf: ([p]) => -normalQuantile(p),
  t_cdf: ([x, df]) => studentTCdf(x, df),
  t_sf: ([x, df]) => studentTCdf(-x, df),
  t_ppf: ([p, df]) => studentTQuantile(p, df),
  t_isf: ([p, df]) => -studentTQuantile(p, df),
  chi2_cdf: ([x, df]) => chiSquareCdf(x, df),
  chi2_sf: ([x, df]) => chiSquareUpper(x, df),
  chi2_ppf: ([p, df]) => chiSquareQuantile(p, df),
  chi2_isf: ([p, df]) => chiSquareUpperQuantile(p, df),
  f_cdf: ([x, first, second]) => fCdf(x, first, second),
  f_sf: ([x, first, second]) => fUpper(x, first, second),
  f_ppf: ([p, first, second]) => fQuantile(p, first, second),
  beta_cdf: ([x, a, b]) => betaCdf(x, a, b),
  beta_sf: ([x, a, b]) => betaUpper(x, a, b),
  beta_ppf: ([p, a, b]) => betaQuantile(p, a, b),
  gamma_p: ([shape, x]) => gammaLower(shape, x),
  gamma_q: ([shape, x]) => gammaUpper(shape, x),
  log_gamma: ([x]) => logGamma(x),
  log_beta: ([a, b]) => logBeta(a, b),
  erf: ([x]) => erf(x),
  erfc: ([x]) => erfc(x),
  poisson_cdf: ([k, mean]) => poissonCdf(k, mean),
  poisson_sf: ([k, mean]) => poissonUpper(k, mean),
  poisson_pmf: ([k, mean]) => poissonProbability(k, mean),
  binomial_cdf: ([k, n, p]) => binomialCdf(k, n, p),
  binomial_sf: ([k, n, p]) => binomialUpper(k, n, p),
  binomial_pmf: ([k, n, p]) => binomialProbability(k, n, p),
};

/** The promise is 1e-9; these two also have a zero near which only the absolute error means something. */
const nearZeros: Readonly<Record<string, number>> = { log_gamma: 1e-14, log_beta: 1e-14 };

/** Measured: the mass functions lose three digits at a million trials, their logarithms being that large. */
const relative: Readonly<Record<string, number>> = { binomial_pmf: 1e-11 };

const row = z.object({ function: z.string().optional(), x: z.array(goldenNumber).min(1), value: goldenNumber });
const cases = golden("distributions.json");
const rowsFor = (name: string): readonly z.infer<typeof row>[] =>
  cases.flatMap((known) =>
    known.id === name || known.id === "edges" ? rowsOf(known, row).filter((entry) => (entry.function ?? known.id) === name) : [],
  );

describe("distribution functions equal mpmath to 1e-12 relative, the tails to 1e-300 included", () => {
  test.each(Object.keys(functions))("%s", (name) => {
    const rows = rowsFor(name);
    expect(rows.length).toBeGreaterThan(5);
    for (const { x, value } of rows) {
      const found = functions[name]?.([x[0] ?? 0, x[1] ?? 0, x[2] ?? 0]) ?? Number.NaN;
      const allowed = Math.max((relative[name] ?? 1e-12) * Math.abs(value), nearZeros[name] ?? 0);
      const close = Object.is(found, value) || found === value || Math.abs(found - value) <= allowed;
      expect(close, `${name}(${x.join(", ")}) is ${value}, found ${found}`).toBe(true);
    }
  });

  test("no row of the file is left out", () => {
    const held = Object.keys(functions).reduce((sum, name) => sum + rowsFor(name).length, 0);
    expect(held).toBe(cases.reduce((sum, known) => sum + known.expected.length, 0));
  });
});
