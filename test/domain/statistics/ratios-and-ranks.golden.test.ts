import { expect, test } from "vitest";
import { basicInterval, bcaCorrection, bcaInterval, percentileInterval } from "#domain/statistics/bootstrap-interval.ts";
import { clusteredMean } from "#domain/statistics/clustered-mean.ts";
import { aucDifference, aucInfluence, aucPlacements, delong } from "#domain/statistics/delong.ts";
import { normalCdf, normalQuantile } from "#domain/statistics/normal.ts";
import { poissonBootstrap } from "#domain/statistics/poisson-bootstrap.ts";
import { approximateQuantileRanks, quantileInterval, quantileOf, quantileRanks } from "#domain/statistics/quantile.ts";
import { fiellerInterval, ratioOfSums } from "#domain/statistics/ratio.ts";
import { fiellerLift, relativeLift } from "#domain/statistics/relative-lift.ts";
import { studentTCdf } from "#domain/statistics/student-t.ts";
import { tInterval } from "#domain/statistics/t-interval.ts";
import { meanOf, varianceOf } from "#domain/statistics/variance.ts";
import type { GoldenCase } from "#test/support/golden.ts";
import { heldCases } from "#test/support/golden-holders.ts";
import { expectEqual, expectEveryRow, expectInterval, type GoldenPart, inputsOf, numberAt, numbersAt } from "#test/support/golden-row.ts";

const cases = heldCases("statistics.json", "ratios-and-ranks.golden.test.ts");

function weightedMean(values: readonly number[], weights: Uint8Array): number {
  let [sum, total] = [0, 0];
  values.forEach((value, index) => {
    sum += value * (weights[index] ?? 0);
    total += weights[index] ?? 0;
  });
  return sum / total;
}

function checkDelta(row: GoldenPart, known: GoldenCase): void {
  const inputs = inputsOf(known);
  const lift = known.id === "relative-lift";
  const found = lift
    ? relativeLift(numbersAt(inputs, "candidate"), numbersAt(inputs, "baseline"))
    : ratioOfSums(numbersAt(inputs, "numerator"), numbersAt(inputs, "denominator"));
  expectEqual(found?.mean, numberAt(row, lift ? "lift" : "ratio"), `${known.id} estimate`);
  expectEqual(found?.standardError, numberAt(row, "standard_error"), "standard error");
  expect(found?.degreesOfFreedom).toBe(numberAt(row, "df"));
  expectInterval(
    tInterval(found?.mean ?? 0, found?.standardError ?? 0, numberAt(row, "df"), 0.95),
    numbersAt(row, "interval_95_t"),
    known.id,
  );
}

function armsOf(known: GoldenCase): { positive: boolean[]; baseline: readonly number[]; candidate: readonly number[]; clusters: string[] } {
  const inputs = inputsOf(known);
  return {
    positive: numbersAt(inputs, "y").map((label) => label === 1),
    baseline: numbersAt(inputs, "score_a"),
    candidate: numbersAt(inputs, "score_b"),
    clusters: numbersAt(inputs, "cluster").map(String),
  };
}

function covariancesAt(row: GoldenPart): readonly [number, number, number] {
  const matrix = row["covariance"];
  const lines = Array.isArray(matrix) ? matrix.map((line: unknown) => numbersAt({ line }, "line")) : [];
  return [lines[0]?.[0] ?? Number.NaN, lines[0]?.[1] ?? Number.NaN, lines[1]?.[1] ?? Number.NaN];
}

function checkDelong(row: GoldenPart, known: GoldenCase): void {
  const { positive, baseline, candidate } = armsOf(known);
  const [b, c] = [aucPlacements(positive, baseline), aucPlacements(positive, candidate)];
  const found = c === null || b === null ? null : delong(positive, c, b);
  const [aucOfBaseline = 0, aucOfCandidate = 0] = numbersAt(row, "auc");
  expectEqual(b?.auc, aucOfBaseline, `${known.id} AUC of the baseline`);
  expectEqual(c?.auc, aucOfCandidate, "AUC of the candidate");
  const [first, both, second] = covariancesAt(row);
  expectEqual(found?.baseline, first, "variance of the baseline");
  expectEqual(found?.covariance, both, "covariance");
  expectEqual(found?.candidate, second, "variance of the candidate");
  const [difference, error] = [(c?.auc ?? 0) - (b?.auc ?? 0), found?.difference ?? Number.NaN];
  expectEqual(difference, numberAt(row, "difference"), "difference");
  expectEqual(error, numberAt(row, "standard_error"), "standard error");
  expectEqual(difference / error, numberAt(row, "z"), "z");
  expectEqual(2 * normalCdf(-Math.abs(difference / error)), numberAt(row, "p_two_sided"), "p");
  const half = normalQuantile(0.975) * error;
  expectInterval({ lower: difference - half, upper: difference + half }, numbersAt(row, "interval_95"), known.id);
}

function checkClusteredDelong(row: GoldenPart, known: GoldenCase): void {
  const { positive, baseline, candidate, clusters } = armsOf(known);
  const found = aucDifference(positive, candidate, baseline, clusters);
  expectEqual(found?.standardError, numberAt(row, "standard_error_difference"), `${known.id} clustered standard error`);
  expectEqual((found?.mean ?? 0) / (found?.standardError ?? 0), numberAt(row, "z"), "z");
  expect(found?.clusters).toBe(numberAt(row, "clusters"));
  const [first, , second] = covariancesAt(row);
  for (const [scores, variance] of [
    [baseline, first],
    [candidate, second],
  ] as const) {
    const arm = aucPlacements(positive, scores);
    const error = arm === null ? null : clusteredMean(aucInfluence(positive, arm), clusters).standardError;
    expectEqual((error ?? Number.NaN) ** 2, variance, "clustered variance of one arm");
  }
}

function checkReplicates(row: GoldenPart, known: GoldenCase): void {
  const [x, replicates] = [numbersAt(inputsOf(known), "x"), numbersAt(inputsOf(known), "replicates")];
  const leftOut = x.map((_, left) => meanOf(x.filter((__, index) => index !== left)));
  const [estimate, confidence] = [meanOf(x), numberAt(row, "confidence")];
  const correction = bcaCorrection(replicates, estimate, leftOut, confidence);
  expectInterval(percentileInterval(replicates, confidence), numbersAt(row, "percentile"), "percentile");
  expectInterval(basicInterval(replicates, estimate, confidence), numbersAt(row, "basic"), "basic");
  expectInterval(bcaInterval(replicates, estimate, leftOut, confidence), numbersAt(row, "bca"), "BCa");
  expectInterval({ lower: correction.levels[0], upper: correction.levels[1] }, numbersAt(row, "bca_levels"), "BCa's levels");
  expectEqual(correction.bias, numberAt(row, "z0"), "bias");
  expectEqual(correction.acceleration, numberAt(row, "acceleration"), "acceleration");
  expectEqual(Math.sqrt(varianceOf(replicates)), numberAt(row, "standard_error"), "standard error");
}

/** Our own replicates, 10,000 of them, come as close to the limits as the row allows. */
function checkLargeBootstrap(row: GoldenPart, known: GoldenCase): void {
  const x = numbersAt(inputsOf(known), "x");
  const replicates = poissonBootstrap(x.length, 10_000, known.id, (weights) => weightedMean(x, weights));
  const leftOut = x.map((_, left) => meanOf(x.filter((__, index) => index !== left)));
  const tolerance = numberAt(row, "tolerance");
  expectInterval(percentileInterval(replicates, 0.95), numbersAt(row, "percentile"), "percentile", 0, tolerance);
  expectInterval(bcaInterval(replicates, meanOf(x), leftOut, 0.95), numbersAt(row, "bca"), "BCa", 0, tolerance);
  expectEqual(Math.sqrt(varianceOf(replicates)), numberAt(row, "standard_error_limit"), "standard error", 1 / x.length + 0.03);
}

function checkQuantile(row: GoldenPart): void {
  const [n, q] = [numberAt(row, "n"), numberAt(row, "q")];
  const { lower, upper } = quantileRanks(n, q, 0.95);
  expect([lower ?? "none", upper ?? "none"]).toEqual(row["exact_ranks"]);
  expect([lower ?? "none", upper ?? "none"]).toEqual(row["scipy_ranks"]);
  expectInterval(approximateQuantileRanks(n, q, 0.95), numbersAt(row, "normal_ranks"), `ranks of ${q} of ${n}`);
  if (!("x" in row)) return;
  const x = numbersAt(row, "x");
  const interval = quantileInterval(x, q, 0.95);
  const wanted = numbersAt(row, "interval");
  expectEqual(interval.lower, Number.isNaN(wanted[0]) ? Number.NEGATIVE_INFINITY : (wanted[0] ?? 0), "lower");
  expectEqual(interval.upper, Number.isNaN(wanted[1]) ? Number.POSITIVE_INFINITY : (wanted[1] ?? 0), "upper");
  expectEqual(quantileOf(x, q, "interpolated"), numberAt(row, "quantile_type_7"), "interpolated");
  expectEqual(quantileOf(x, q), numberAt(row, "quantile_inverted_cdf"), "observed");
}

test("every row about clusters, ratios, AUC, bootstrap and quantiles equals the libraries' or the definition", () => {
  expectEveryRow(cases, {
    "clustered mean": (row, known) => {
      const inputs = inputsOf(known);
      const differences = numbersAt(inputs, "difference");
      const found = clusteredMean(differences, numbersAt(inputs, "cluster").map(String));
      const error = found.standardError ?? Number.NaN;
      expectEqual(found.mean / error, numberAt(row, "t"), `${known.id} t`);
      expectEqual(2 * studentTCdf(-Math.abs(found.mean / error), found.degreesOfFreedom), numberAt(row, "p_two_sided"), "p");
      expectEqual((error / (clusteredMean(differences).standardError ?? 0)) ** 2, numberAt(row, "design_effect"), "design effect");
    },
    "row-wise (wrong here)": (row, known) =>
      expectEqual(clusteredMean(numbersAt(inputsOf(known), "difference")).standardError, numberAt(row, "standard_error"), "row-wise error"),
    delta: checkDelta,
    Fieller: (row, known) => {
      const inputs = inputsOf(known);
      const found =
        known.id === "relative-lift"
          ? fiellerLift(numbersAt(inputs, "candidate"), numbersAt(inputs, "baseline"), 0.95)
          : fiellerInterval(numbersAt(inputs, "numerator"), numbersAt(inputs, "denominator"), 0.95);
      expectInterval(found, numbersAt(row, "interval_95_t"), `${known.id} Fieller`);
    },
    DeLong: checkDelong,
    "DeLong, clustered (Obuchowski)": checkClusteredDelong,
    "stratified bootstrap of the difference, B=20000": (row, known) => {
      const { positive, baseline, candidate } = armsOf(known);
      const [b, c] = [aucPlacements(positive, baseline), aucPlacements(positive, candidate)];
      const found = c === null || b === null ? null : delong(positive, c, b);
      expectEqual(found?.difference, numberAt(row, "standard_error"), "bootstrap", numberAt(row, "tolerance"));
    },
    bootstrap: checkReplicates,
    "bootstrap-skewed": checkReplicates,
    "large B": checkLargeBootstrap,
    "quantile-intervals": checkQuantile,
  });
});
