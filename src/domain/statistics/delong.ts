import { ascendingOrder } from "./ascending-order.ts";
import { clusteredMean, type MeanEstimate } from "./clustered-mean.ts";
import type { Numbers } from "./numbers.ts";

/** Which rows are positive: a list, or 1 and 0 of millions. */
export type Positive = readonly boolean[] | Uint8Array;

/** As 1 and 0. */
export function marksOf(positive: Positive): Uint8Array {
  return positive instanceof Uint8Array ? positive : Uint8Array.from(positive, Number);
}

/** The area under a ROC curve with the placement of every row: how much of the other class it lies on the right side of. */
export type AucPlacements = {
  readonly auc: number;
  /** Per row, in the order given: the weight of the other class that it beats, ties half, as a share of that class. */
  readonly placements: Numbers;
  readonly positiveWeight: number;
  readonly negativeWeight: number;
};

/**
 * AUC with placements: the chance that a positive row's score lies above a negative row's, ties counting half.
 *
 * One sort, n log n steps. Null when a class is absent. Shapes: one label, score and weight per row, in one order; weights are fixed
 * and positive. Reference: DeLong, DeLong and Clarke-Pearson 1988, with the ranks of Sun and Xu 2014; equals sklearn's roc_auc_score.
 */
export function aucPlacements(positive: Positive, scores: Numbers, weights: Numbers | null = null): AucPlacements | null {
  const marks = marksOf(positive);
  const order = ascendingOrder(scores);
  const { values, marked, weighed } = sortedRows(order, marks, scores, weights);
  const placements = new Float64Array(scores.length);
  let positives = 0;
  let negatives = 0;
  for (let start = 0; start < order.length; ) {
    const score = values[start] ?? 0;
    let tiedPositives = 0;
    let tiedNegatives = 0;
    let end = start;
    do {
      const weight = weighed === null ? 1 : (weighed[end] ?? 0);
      const isPositive = marked[end] ?? 0;
      tiedPositives += weight * isPositive;
      tiedNegatives += weight * (1 - isPositive);
      end += 1;
    } while (end < order.length && (values[end] ?? 0) === score);
    for (let place = start; place < end; place += 1)
      placements[order[place] ?? 0] = marked[place] === 1 ? negatives + tiedNegatives / 2 : positives + tiedPositives / 2;
    positives += tiedPositives;
    negatives += tiedNegatives;
    start = end;
  }
  if (positives === 0 || negatives === 0) return null;
  let won = 0;
  for (let row = 0; row < placements.length; row += 1) {
    const beaten = placements[row] ?? 0;
    if (marks[row] === 1) won += (weights === null ? 1 : (weights[row] ?? 0)) * beaten;
    placements[row] = marks[row] === 1 ? beaten / negatives : 1 - beaten / positives;
  }
  return { auc: won / (positives * negatives), placements, positiveWeight: positives, negativeWeight: negatives };
}

/** What stands in an order, one after the other: a jump through memory for each row is what takes the time among millions. */
function sortedRows(
  order: Uint32Array,
  marks: Uint8Array,
  scores: Numbers,
  weights: Numbers | null,
): { readonly values: Float64Array; readonly marked: Uint8Array; readonly weighed: Float64Array | null } {
  const values = new Float64Array(order.length);
  const marked = new Uint8Array(order.length);
  for (let place = 0; place < order.length; place += 1) {
    const row = order[place] ?? 0;
    values[place] = scores[row] ?? 0;
    marked[place] = marks[row] ?? 0;
  }
  return { values, marked, weighed: weights === null ? null : Float64Array.from(order, (row) => weights[row] ?? 0) };
}

/**
 * Variances and covariance of two AUCs on the same rows, candidate first; `difference` is the standard error of candidate - baseline.
 */
export type AucCovariance = {
  readonly candidate: number;
  readonly baseline: number;
  readonly covariance: number;
  readonly difference: number;
};

/**
 * DeLong's covariance of two AUCs (F5), rows being independent.
 *
 * `cov = cov(V10)/P + cov(V01)/N` over the placements of positives and negatives. Null with fewer than two rows of a class: nothing to
 * estimate from. For rows that repeat within users or queries use `clusteredDelong`. Reference: DeLong et al. 1988.
 */
export function delong(positive: Positive, candidate: AucPlacements, baseline: AucPlacements): AucCovariance | null {
  const marks = marksOf(positive);
  const positives = marks.reduce((count, is) => count + is, 0);
  const negatives = marks.length - positives;
  if (positives < 2 || negatives < 2) return null;
  const covariance = (a: AucPlacements, b: AucPlacements): number => {
    let [ofPositives, ofNegatives] = [0, 0];
    for (let row = 0; row < marks.length; row += 1) {
      const together = ((a.placements[row] ?? 0) - a.auc) * ((b.placements[row] ?? 0) - b.auc);
      if (marks[row] === 1) ofPositives += together;
      else ofNegatives += together;
    }
    return ofPositives / (positives - 1) / positives + ofNegatives / (negatives - 1) / negatives;
  };
  const joint = { candidate: covariance(candidate, candidate), baseline: covariance(baseline, baseline) };
  const shared = covariance(candidate, baseline);
  const difference = Math.sqrt(Math.max(0, joint.candidate + joint.baseline - 2 * shared));
  return { ...joint, covariance: shared, difference };
}

/**
 * Per-row influence on an AUC (F5): `w (V10 - A) n / P` of a positive row and `w (V01 - A) n / N` of a negative one, n rows in all.
 *
 * Its clustered mean is 0 and has Obuchowski's clustered standard error of the AUC; the mean of a difference of two is that of a
 * difference. With weights the row's own weight is in it already. Reference: Obuchowski 1997, without the assumption that a cluster
 * holds both classes.
 */
export function aucInfluence(positive: Positive, arm: AucPlacements, weights: Numbers | null = null): Numbers {
  const marks = marksOf(positive);
  const rows = arm.placements.length;
  const influences = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const total = marks[row] === 1 ? arm.positiveWeight : arm.negativeWeight;
    const weight = weights === null ? 1 : (weights[row] ?? 1);
    influences[row] = (weight * ((arm.placements[row] ?? 0) - arm.auc) * rows) / total;
  }
  return influences;
}

/**
 * The difference of two AUCs on the same rows, candidate - baseline, with a standard error that lets rows of one cluster depend on
 * each other (Obuchowski). Null when a class is absent. Reference: Obuchowski 1997.
 */
export function aucDifference(
  positive: Positive,
  candidate: Numbers,
  baseline: Numbers,
  clusters: readonly string[] | null = null,
  weights: Numbers | null = null,
): MeanEstimate | null {
  const c = aucPlacements(positive, candidate, weights);
  const b = aucPlacements(positive, baseline, weights);
  if (c === null || b === null) return null;
  const ofBaseline = aucInfluence(positive, b, weights);
  const influences = aucInfluence(positive, c, weights).map((influence, row) => influence - (ofBaseline[row] ?? 0));
  return { ...clusteredMean(influences, clusters), mean: c.auc - b.auc };
}
