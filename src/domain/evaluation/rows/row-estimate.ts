import { delongStandardError } from "#domain/evaluation/rows/delong-error.ts";
import { percentileInterval } from "#domain/statistics/bootstrap-interval.ts";
import { clusteredMean } from "#domain/statistics/clustered-mean.ts";
import { exactSum } from "#domain/statistics/exact-sum.ts";
import type { Numbers } from "#domain/statistics/numbers.ts";
import { poissonBootstrap } from "#domain/statistics/poisson-bootstrap.ts";
import { tInterval } from "#domain/statistics/t-interval.ts";
import { varianceOf } from "#domain/statistics/variance.ts";
import { zeroDifferenceHalfWidth } from "#domain/statistics/zero-difference.ts";
import type { Linearised, RowMetric } from "./row-metric.ts";
import type { RowSample } from "./row-sample.ts";

/** A value with its interval; what is undefined is null, and `why` says why, field by field. */
export type RowEstimated = {
  readonly value: number | null;
  readonly standardError: number | null;
  readonly degreesOfFreedom: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly method: string;
  readonly why?: Readonly<Record<string, string>> | undefined;
};

/** `sum of factor x arm's value`: one arm, their difference, or a relative margin. */
export type Combination = { readonly candidate: number; readonly baseline: number };

/** What one metric found on one sample, ready to be asked for any combination of its arms. */
export type RowFinding = {
  readonly estimate: (of: Combination, confidence: number) => RowEstimated;
  /** Each arm's value of every row, times its weight, where the metric is their mean and both arms have one. */
  readonly values?: { readonly candidate: Numbers; readonly baseline: Numbers };
};

/** The error of a bootstrap's error is 1/sqrt(2 B): 2 %. */
const replicates = 1000;

/** Computes both arms once; bootstrap replicates use the same weights in both. `seed` names dataset, metric and slice. */
export function findingOf(metric: RowMetric, sample: RowSample, seed: string): RowFinding {
  const { estimator } = metric;
  const { candidate, baseline } = sample;
  switch (estimator.kind) {
    case "linearised": {
      const [own, other] = [estimator.of(candidate), baseline === null ? null : estimator.of(baseline)];
      const isMean = estimator.method === "mean" && own.kind === "value" && other?.kind === "value";
      return {
        ...(isMean && { values: { candidate: rowValues(own, candidate.weights), baseline: rowValues(other, candidate.weights) } }),
        estimate: (of, confidence) => {
          const absent = reasonOf(own, other, of);
          if (absent !== null) return undefinedValue(absent, estimator.method);
          // An arm that is undefined here has no part in the combination.
          const [c, b] = [own, other].map((arm) => (arm?.kind === "value" ? arm : null));
          const value = of.candidate * (c?.value ?? 0) + of.baseline * (b?.value ?? 0);
          const influences = new Float64Array(candidate.truth.length);
          for (let row = 0; row < influences.length; row += 1)
            influences[row] = of.candidate * (c?.influences[row] ?? 0) + of.baseline * (b?.influences[row] ?? 0);
          return fromInfluences(metric, sample, of, value, influences, confidence);
        },
      };
    }
    case "census": {
      const [own, other] = [estimator.of(candidate), baseline === null ? null : estimator.of(baseline)];
      return {
        estimate: (of) => {
          const absent = reasonOf(own, other, of);
          if (absent !== null || own.kind === "undefined" || other?.kind === "undefined")
            return undefinedValue(absent ?? "no-units", "census");
          const value = of.candidate * own.value + (other === null ? 0 : of.baseline * other.value);
          return withoutInterval(value, "census", "census");
        },
      };
    }
    case "bootstrap": {
      const [own, other] = [estimator.of(candidate), baseline === null ? null : estimator.of(baseline)];
      let drawn: readonly (readonly [number, number])[] | null = null;
      return {
        estimate: (of, confidence) => {
          if (typeof own !== "function") return undefinedValue(own.reason, "poisson-bootstrap");
          if (other !== null && typeof other !== "function") return undefinedValue(other.reason, "poisson-bootstrap");
          const { weights } = candidate;
          const value = of.candidate * own(weights) + (other === null ? 0 : of.baseline * other(weights));
          if (!Number.isFinite(value)) return undefinedValue("one-class", "poisson-bootstrap");
          if (sample.clusterCount < 2) return withoutInterval(value, "poisson-bootstrap", "one-cluster");
          drawn ??= drawPairs(sample, seed, own, other);
          const values = drawn.map(([c, b]) => of.candidate * c + (of.baseline === 0 ? 0 : of.baseline * b));
          const finite = values.filter(Number.isFinite);
          const interval = percentileInterval(values, confidence);
          if (interval === null) return withoutInterval(value, "poisson-bootstrap", "no-variance");
          const standardError = Math.sqrt(varianceOf(finite));
          if (standardError === 0) return withoutVariance(metric, sample, of, value, confidence);
          const why = { degreesOfFreedom: "bootstrap" };
          return { value, standardError, degreesOfFreedom: null, ...interval, method: "poisson-bootstrap", why };
        },
      };
    }
  }
}

/** What each row adds to a mean, of which its influence is the part beyond the mean. */
function rowValues({ value, influences }: Linearised, weights: Numbers | null): Numbers {
  const scale = weights === null ? 1 : weights.length / exactSum(weights);
  return influences.map((influence, row) => {
    const added = influence + value * (weights === null ? 1 : (weights[row] ?? 1) * scale);
    // Subtracting the mean and adding it again leaves the last digits: 0 and 1 stay what they were.
    return Math.abs(added - Math.round(added)) < 1e-9 ? Math.round(added) : added;
  });
}

type Computed = { readonly kind: "value" } | { readonly kind: "undefined"; readonly reason: string };

/** A combination has a value when each arm in it has one. */
function reasonOf(own: Computed, other: Computed | null, of: Combination): string | null {
  if (of.candidate !== 0 && own.kind === "undefined") return own.reason;
  if (of.baseline !== 0 && other?.kind === "undefined") return other.reason;
  return null;
}

type ByWeights = (weights: ArrayLike<number> | null) => number;

function drawPairs(sample: RowSample, seed: string, own: ByWeights, other: ByWeights | null): readonly (readonly [number, number])[] {
  const { weights, truth } = sample.candidate;
  const fixed = weights === null ? null : Float64Array.from(weights);
  const weighed = new Float64Array(truth.length);
  const pairs: (readonly [number, number])[] = [];
  poissonBootstrap(sample.clusters ?? truth.length, replicates, seed, (drawn) => {
    if (fixed !== null) for (let row = 0; row < weighed.length; row += 1) weighed[row] = (drawn[row] ?? 0) * (fixed[row] ?? 0);
    const used = fixed === null ? drawn : weighed;
    const candidate = own(used);
    pairs.push([candidate, other === null ? 0 : other(used)]);
    return candidate;
  });
  return pairs;
}

function fromInfluences(
  metric: RowMetric,
  sample: RowSample,
  of: Combination,
  value: number,
  influences: Numbers,
  confidence: number,
): RowEstimated {
  const name = methodName(metric, sample);
  if (sample.clusterCount < 2) return withoutInterval(value, name, "one-cluster");
  const own = name === "delong" ? delongStandardError(sample.candidate.truth, influences) : null;
  if (own !== null) {
    if (isNothing(own, value)) return withoutVariance(metric, sample, of, value, confidence);
    const interval = tInterval(value, own, Number.POSITIVE_INFINITY, confidence);
    return { value, standardError: own, degreesOfFreedom: null, ...interval, method: name, why: { degreesOfFreedom: "normal" } };
  }
  const { standardError, degreesOfFreedom } = clusteredMean(influences, sample.clusters);
  if (standardError === null) return withoutInterval(value, name, "one-cluster");
  if (isNothing(standardError, value)) return withoutVariance(metric, sample, of, value, confidence);
  if (name === "delong") return withoutInterval(value, name, "one-row-of-a-class");
  return { value, standardError, degreesOfFreedom, ...tInterval(value, standardError, degreesOfFreedom, confidence), method: name };
}

/** Rows of independent classes get DeLong's own variance; clusters, units and weights get Obuchowski's. */
function methodName({ estimator }: RowMetric, { clusters, candidate }: RowSample): string {
  if (estimator.kind !== "linearised") return estimator.kind;
  const plain = clusters === null && candidate.weights === null;
  const means = plain ? "paired-t" : "clustered-paired-t";
  const names = {
    mean: means,
    ratio: "linearised-ratio",
    delong: plain ? "delong" : "clustered-delong",
    linearised: "linearised",
    quantile: "quantile",
  };
  return names[estimator.method];
}

/** Beside rounding, nothing varies. */
function isNothing(standardError: number, value: number): boolean {
  return standardError <= 1e-13 * Math.max(1, Math.abs(value));
}

/**
 * Not one row moves the value. Both arms being equal, or one arm being perfect, is a matter of few rows: the interval is the exact one of
 * "none of n differs", within the metric's range. A difference that is the same on every row is no sampling variation.
 */
function withoutVariance(metric: RowMetric, sample: RowSample, of: Combination, value: number, confidence: number): RowEstimated {
  const { range, estimator } = metric;
  const compares = of.baseline !== 0;
  const isMean = estimator.kind === "linearised" && estimator.method === "mean";
  if (compares && isMean && value !== 0 && of.candidate + of.baseline === 0)
    return withoutInterval(value, "no-variance", "constant-difference");
  const equal = compares && sameArms(sample);
  if (range.min === null || range.max === null || (compares && !equal))
    return withoutInterval(value, "no-variance", compares && equal ? "no-unit-differs" : "no-variance");
  const half = zeroDifferenceHalfWidth(Math.max(1, rarest(metric, sample)), range.max - range.min, confidence);
  const reason = compares ? "no-unit-differs" : "no-variance";
  const bound = (end: number): number => (compares ? end : Math.min(range.max ?? end, Math.max(range.min ?? end, end)));
  const why = { standardError: reason, degreesOfFreedom: reason };
  return {
    value,
    standardError: null,
    degreesOfFreedom: null,
    lower: bound(value - half),
    upper: bound(value + half),
    method: "no-variance",
    why,
  };
}

/** How many independent units speak: where classes are compared with each other, those of the rarer class. */
function rarest({ decomposable }: RowMetric, { clusterCount, candidate: { truth } }: RowSample): number {
  if (decomposable === "per-row-mean") return clusterCount;
  const positives = truth.filter((label) => label === 1).length;
  const other = truth.length - positives;
  return Math.min(clusterCount, positives === 0 || other === 0 ? clusterCount : Math.min(positives, other));
}

function sameArms({ candidate, baseline }: RowSample): boolean {
  if (baseline === null) return false;
  const same = (a: Numbers | null, b: Numbers | null): boolean =>
    a === null || b === null ? a === b : a.every((value, row) => value === b[row]);
  return (
    same(candidate.score, baseline.score) &&
    same(candidate.predicted, baseline.predicted) &&
    same(candidate.lower, baseline.lower) &&
    same(candidate.upper, baseline.upper) &&
    same(candidate.denominator ?? null, baseline.denominator ?? null) &&
    (candidate.probabilities ?? []).every((own, index) => same(own, baseline.probabilities?.[index] ?? null))
  );
}

function undefinedValue(reason: string, method: string): RowEstimated {
  const why = { value: reason, standardError: reason, degreesOfFreedom: reason, lower: reason, upper: reason };
  return { value: null, standardError: null, degreesOfFreedom: null, lower: null, upper: null, method, why };
}

function withoutInterval(value: number, method: string, reason: string): RowEstimated {
  const why = { standardError: reason, degreesOfFreedom: reason, lower: reason, upper: reason };
  return { value, standardError: null, degreesOfFreedom: null, lower: null, upper: null, method, why };
}
