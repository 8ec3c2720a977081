import { ascendingOrder } from "./ascending-order.ts";
import { clusteredMean, type MeanEstimate } from "./clustered-mean.ts";

/** The area under a ROC curve with the placement of every row: how much of the other class it lies on the right side of. */
export type AucPlacements = {
  readonly auc: number;
  /** Per row, in the order given: the weight of the other class that it beats, ties half, as a share of that class. */
  readonly placements: readonly number[];
  readonly positiveWeight: number;
  readonly negativeWeight: number;
};

/**
 * AUC with placements: the chance that a positive row's score lies above a negative row's, ties counting half.
 *
 * One sort, n log n steps. Null when a class is absent. Shapes: one label, score and weight per row, in one order; weights are fixed
 * and positive. Reference: DeLong, DeLong and Clarke-Pearson 1988, with the ranks of Sun and Xu 2014; equals sklearn's roc_auc_score.
 */
export function aucPlacements(
  positive: readonly boolean[],
  scores: readonly number[],
  weights: readonly number[] | null = null,
): AucPlacements | null {
  const order = ascendingOrder(scores);
  const placements = new Float64Array(scores.length);
  let [positives, negatives] = [0, 0];
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start] ?? 0];
    let tiedPositives = 0;
    let tiedNegatives = 0;
    let end = start;
    for (; end < order.length && scores[order[end] ?? 0] === score; end += 1) {
      const row = order[end] ?? 0;
      const weight = weights === null ? 1 : (weights[row] ?? 0);
      if (positive[row] === true) tiedPositives += weight;
      else tiedNegatives += weight;
    }
    for (let place = start; place < end; place += 1) {
      const row = order[place] ?? 0;
      placements[row] = positive[row] === true ? negatives + tiedNegatives / 2 : positives + tiedPositives / 2;
    }
    positives += tiedPositives;
    negatives += tiedNegatives;
    start = end;
  }
  if (positives === 0 || negatives === 0) return null;
  let won = 0;
  const shares = scores.map((_, row) => {
    if (positive[row] !== true) return 1 - (placements[row] ?? 0) / positives;
    won += (weights === null ? 1 : (weights[row] ?? 0)) * (placements[row] ?? 0);
    return (placements[row] ?? 0) / negatives;
  });
  return { auc: won / (positives * negatives), placements: shares, positiveWeight: positives, negativeWeight: negatives };
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
export function delong(positive: readonly boolean[], candidate: AucPlacements, baseline: AucPlacements): AucCovariance | null {
  const positives = positive.reduce((count, is) => count + (is ? 1 : 0), 0);
  const negatives = positive.length - positives;
  if (positives < 2 || negatives < 2) return null;
  const covariance = (a: AucPlacements, b: AucPlacements): number => {
    let [ofPositives, ofNegatives] = [0, 0];
    for (let row = 0; row < positive.length; row += 1) {
      const together = ((a.placements[row] ?? 0) - a.auc) * ((b.placements[row] ?? 0) - b.auc);
      if (positive[row] === true) ofPositives += together;
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
export function aucInfluence(
  positive: readonly boolean[],
  arm: AucPlacements,
  weights: readonly number[] | null = null,
): readonly number[] {
  const rows = arm.placements.length;
  return arm.placements.map((placement, row) => {
    const total = positive[row] === true ? arm.positiveWeight : arm.negativeWeight;
    return ((weights?.[row] ?? 1) * (placement - arm.auc) * rows) / total;
  });
}

/**
 * The difference of two AUCs on the same rows, candidate - baseline, with a standard error that lets rows of one cluster depend on
 * each other (Obuchowski). Null when a class is absent. Reference: Obuchowski 1997.
 */
export function aucDifference(
  positive: readonly boolean[],
  candidate: readonly number[],
  baseline: readonly number[],
  clusters: readonly string[] | null = null,
  weights: readonly number[] | null = null,
): MeanEstimate | null {
  const c = aucPlacements(positive, candidate, weights);
  const b = aucPlacements(positive, baseline, weights);
  if (c === null || b === null) return null;
  const ofBaseline = aucInfluence(positive, b, weights);
  const influences = aucInfluence(positive, c, weights).map((influence, row) => influence - (ofBaseline[row] ?? 0));
  return { ...clusteredMean(influences, clusters), mean: c.auc - b.auc };
}
