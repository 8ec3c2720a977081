import { averagePrecisionDifference } from "#domain/statistics/average-precision.ts";
import { percentileInterval } from "#domain/statistics/bootstrap-interval.ts";
import { clusteredMean, type MeanEstimate } from "#domain/statistics/clustered-mean.ts";
import { aucPlacements, delong } from "#domain/statistics/delong.ts";
import { normalQuantile } from "#domain/statistics/normal.ts";
import { poissonBootstrap } from "#domain/statistics/poisson-bootstrap.ts";
import { pairedQuantileDifference, quantileInterval } from "#domain/statistics/quantile.ts";
import { type Random, randomFrom } from "#domain/statistics/random.ts";
import { ratioOfSums } from "#domain/statistics/ratio.ts";
import { relativeLift } from "#domain/statistics/relative-lift.ts";
import { studentTQuantile } from "#domain/statistics/student-t.ts";
import { wilsonInterval } from "#domain/statistics/wilson.ts";
import { drawn, ninetyPercentOf, type Shape, shapes } from "#test/statistics/draws.ts";

/** Three draws per cluster, from which every method makes its own evaluation. */
type Sample = { readonly x: number[]; readonly y: number[]; readonly w: number[] };
/** Whether a method's 95 % interval holds the truth of such an evaluation. */
type Method = (sample: Sample) => boolean;

/** Of how many evaluations how many held the truth. */
export type Held = { readonly held: number; readonly total: number };

/** Evaluations in one draw of bootstrap weights: weights do not depend on data, and drawing them is most of the work. */
const perWeights = 100;
export const bootstrapReplicates = 200;

/** Evaluations of one size and every shape, as counts by method and shape, `bootstrap` among the methods. */
export function simulate(size: number, evaluations: number): ReadonlyMap<string, Held> {
  const found = new Map<string, Held>();
  const bootstrap = shapes.map(() => 0);
  const methods = shapes.map((shape) => methodsFor(shape, size));
  const streams = shapes.map((shape) => randomFrom(`${shape}/${size}`));
  for (let start = 0; start < evaluations; start += perWeights) {
    const samples = shapes.map((shape, at) => Array.from({ length: perWeights }, () => sampleOf(streams[at], shape, size)));
    samples.forEach((ofShape, at) => {
      for (const [name, { every, holds }] of Object.entries(methods[at] ?? {})) {
        const taken = ofShape.filter((_, index) => (start + index) % every === 0);
        const key = keyOf(name, shapes[at]);
        const known = found.get(key) ?? { held: 0, total: 0 };
        found.set(key, { held: known.held + taken.filter(holds).length, total: known.total + taken.length });
      }
    });
    const means = bootstrapMeans(samples.flat(), size, `bootstrap/${size}/${start}`);
    means.forEach((replicates, index) => {
      const interval = percentileInterval(replicates, 0.95);
      const at = Math.floor(index / perWeights);
      if (interval !== null && interval.lower <= 1 && 1 <= interval.upper) bootstrap[at] = (bootstrap[at] ?? 0) + 1;
    });
  }
  shapes.forEach((shape, at) => found.set(keyOf("bootstrap", shape), { held: bootstrap[at] ?? 0, total: evaluations }));
  return found;
}

export function keyOf(method: string, shape: Shape | undefined): string {
  return `${method}, ${shape}`;
}

/** How often Wilson's interval holds a share. */
export function simulateWilson(share: number, size: number, evaluations: number): Held {
  const random = randomFrom(`Wilson/${share}/${size}`);
  let held = 0;
  for (let evaluation = 0; evaluation < evaluations; evaluation += 1) {
    let successes = 0;
    for (let event = 0; event < size; event += 1) if (random.share() < share) successes += 1;
    if (wilsonHolds(successes, size, share)) held += 1;
  }
  return { held, total: evaluations };
}

export function wilsonHolds(successes: number, total: number, share: number): boolean {
  const interval = wilsonInterval(successes, total);
  return interval !== null && interval.lower <= share && share <= interval.upper;
}

function sampleOf(random: Random | undefined, shape: Shape, size: number): Sample {
  const stream = random ?? randomFrom(shape);
  return { x: drawn(stream, shape, size), y: drawn(stream, shape, size), w: drawn(stream, shape, size) };
}

/** Every method with its truth. Those that the page only tabulates take one evaluation in twenty. */
function methodsFor(shape: Shape, size: number): Readonly<Record<string, { readonly every: number; readonly holds: Method }>> {
  const t = studentTQuantile(0.975, size - 1);
  const z = normalQuantile(0.975);
  const holds = (estimate: MeanEstimate | null, truth: number): boolean =>
    Math.abs((estimate?.mean ?? Number.NaN) - truth) <= t * (estimate?.standardError ?? Number.NaN);
  const clusters = Array.from({ length: size }, (_, cluster) => Array.from({ length: 1 + (cluster % 2) }, () => String(cluster))).flat();
  const clusterOf = clusters.map(Number);
  const positive = Array.from({ length: size }, (_, row) => row % 10 < 3);
  const scores = (common: readonly number[], own: readonly number[]): number[] =>
    common.map((value, row) => (positive[row] === true ? 1 : 0) + value + 0.7 * (own[row] ?? 0));
  const quantile = ninetyPercentOf(shape, normalQuantile);
  return {
    "paired t": { every: 1, holds: ({ x }) => holds(clusteredMean(x), 1) },
    "clustered mean": {
      every: 1,
      holds: ({ x, y, w }) => {
        const own = [...y, ...w];
        const values = clusterOf.map((cluster, unit) => 0.7 * (x[cluster] ?? 0) + 0.3 * (own[unit] ?? 0));
        return holds(clusteredMean(values, clusters), 1);
      },
    },
    ratio: {
      every: 1,
      holds: ({ x, y }) => {
        const denominators = x.map((value) => 3 + value);
        return holds(
          ratioOfSums(
            denominators.map((value, index) => 0.4 * value + 0.6 * (y[index] ?? 0)),
            denominators,
          ),
          2.2 / 4,
        );
      },
    },
    "relative lift": {
      every: 1,
      holds: ({ x, y }) => {
        const baseline = x.map((value) => 2 + value);
        return holds(
          relativeLift(
            baseline.map((value, index) => 0.9 * value + 0.5 * (y[index] ?? 0)),
            baseline,
          ),
          3.2 / 3 - 1,
        );
      },
    },
    "AUC difference": {
      every: 1,
      holds: ({ x, y, w }) => {
        const [candidate, baseline] = [aucPlacements(positive, scores(x, y)), aucPlacements(positive, scores(x, w))];
        if (candidate === null || baseline === null) return false;
        return Math.abs(candidate.auc - baseline.auc) <= z * (delong(positive, candidate, baseline)?.difference ?? Number.NaN);
      },
    },
    "order statistics": {
      every: 1,
      holds: ({ x }) => {
        const { lower, upper } = quantileInterval(x, 0.9, 0.95);
        return lower <= quantile && quantile <= upper;
      },
    },
    "average precision difference": {
      every: 20,
      holds: ({ x, y, w }) => holds(averagePrecisionDifference(positive, scores(x, y), scores(x, w)), 0),
    },
    "paired quantile difference": {
      every: 20,
      holds: ({ x, y, w }) => {
        const arm = (own: readonly number[]): number[] => x.map((value, index) => value + 0.5 * (own[index] ?? 0));
        return holds(pairedQuantileDifference(arm(y), arm(w), 0.9), 0);
      },
    },
  };
}

/** The replicates of every sample's mean under the same weights. */
function bootstrapMeans(samples: readonly Sample[], size: number, seed: string): readonly (readonly number[])[] {
  const values = samples.map(({ x }) => new Float64Array(x));
  const means = samples.map((): number[] => []);
  poissonBootstrap(size, bootstrapReplicates, seed, (weights) => {
    const counts = Float64Array.from(weights);
    let total = 0;
    for (let unit = 0; unit < size; unit += 1) total += counts[unit] ?? 0;
    values.forEach((sample, index) => means[index]?.push(weightedSum(sample, counts) / total));
    return total;
  });
  return means;
}

/** In two sums, which a processor adds side by side. */
function weightedSum(values: Float64Array, weights: Float64Array): number {
  let [even, odd] = [0, 0];
  for (let unit = 0; unit + 1 < values.length; unit += 2) {
    even += (values[unit] ?? 0) * (weights[unit] ?? 0);
    odd += (values[unit + 1] ?? 0) * (weights[unit + 1] ?? 0);
  }
  return values.length % 2 === 0 ? even + odd : even + odd + (values.at(-1) ?? 0) * (weights.at(-1) ?? 0);
}
