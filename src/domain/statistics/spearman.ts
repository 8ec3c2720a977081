import { ascendingOrder } from "./ascending-order.ts";
import { type Constant, type InfluencedCorrelation, withinOne } from "./influenced-correlation.ts";
import type { Numbers } from "./numbers.ts";

/**
 * Spearman's rank correlation: Pearson's of the mid-ranks, linearised.
 *
 * A row moves the correlation by its own ranks and by the ranks of all rows above it: with f and g the mid-ranks as shares of all rows, less
 * 1/2, the covariance C = mean of f g has the influence `f g + sum of g above in the first + sum of f above in the second - 3 C`, and both
 * variances likewise. Two sorts, n log n steps. Shapes: one number of each column and weight per row, in one order; a row of weight 2 is two
 * rows. Reference: Spearman 1904; Borkowf 2002 for the variance with ties; the value equals scipy's spearmanr.
 */
export function spearman(first: Numbers, second: Numbers, weights: Numbers | null): InfluencedCorrelation | Constant {
  const shares = first.map((_, row) => weights?.[row] ?? 1);
  const total = shares.reduce((sum, own) => sum + own, 0);
  const [inFirst, inSecond] = [ordered(first), ordered(second)];
  if (!varies(inFirst)) return { constant: "first" };
  if (!varies(inSecond)) return { constant: "second" };
  const ones = shares.map(() => 1);
  // The share of rows above, ties half, is 1/2 less the centred rank.
  const f = above(inFirst, ones, shares, total).map((share) => 0.5 - share);
  const g = above(inSecond, ones, shares, total).map((share) => 0.5 - share);
  const mean = (a: Numbers, b: Numbers): number => a.reduce((sum, own, row) => sum + own * (b[row] ?? 0) * (shares[row] ?? 0), 0) / total;
  const [together, ofFirst, ofSecond] = [mean(f, g), mean(f, f), mean(g, g)];
  const scale = Math.sqrt(ofFirst * ofSecond);
  const value = together / scale;
  const [gAbove, fAbove] = [above(inFirst, g, shares, total), above(inSecond, f, shares, total)];
  const [fAboveOwn, gAboveOwn] = [above(inFirst, f, shares, total), above(inSecond, g, shares, total)];
  const influences = f.map((rank, row) => {
    const other = g[row] ?? 0;
    const moved = rank * other + (gAbove[row] ?? 0) + (fAbove[row] ?? 0) - 3 * together;
    const inVarianceOfFirst = rank ** 2 + 2 * (fAboveOwn[row] ?? 0) - 3 * ofFirst;
    const inVarianceOfSecond = other ** 2 + 2 * (gAboveOwn[row] ?? 0) - 3 * ofSecond;
    return moved / scale - (value / 2) * (inVarianceOfFirst / ofFirst + inVarianceOfSecond / ofSecond);
  });
  return { value: withinOne(value), influences };
}

/** A column with its rows from the smallest value to the largest. */
type Ordered = { readonly values: Numbers; readonly order: Uint32Array };

function ordered(values: Numbers): Ordered {
  return { values, order: ascendingOrder(values) };
}

function varies({ values, order }: Ordered): boolean {
  return values[order[0] ?? 0] !== values[order.at(-1) ?? 0];
}

/** For each row, the mean over all rows of what those of a higher value carry, those of the same value counting half. */
function above({ values, order }: Ordered, carried: Numbers, shares: Numbers, total: number): Numbers {
  const found = new Float64Array(carried.length);
  let higher = 0;
  for (let end = order.length; end > 0; ) {
    const value = values[order[end - 1] ?? 0];
    let [start, own] = [end, 0];
    for (; start > 0 && values[order[start - 1] ?? 0] === value; start -= 1) {
      const row = order[start - 1] ?? 0;
      own += (carried[row] ?? 0) * (shares[row] ?? 0);
    }
    for (let place = start; place < end; place += 1) found[order[place] ?? 0] = (higher + own / 2) / total;
    higher += own;
    end = start;
  }
  return found;
}
