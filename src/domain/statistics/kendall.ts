import { ascendingOrder } from "./ascending-order.ts";
import { type Constant, type InfluencedCorrelation, withinOne } from "./influenced-correlation.ts";
import type { Numbers } from "./numbers.ts";

/**
 * Kendall's tau-b of two columns: pairs of rows in the same order less pairs in opposite order, over the geometric mean of the pairs that
 * each column tells apart; linearised as the function of three U-statistics that it is.
 *
 * n log n steps: rows are taken in the order of the first column, and a tree counts the second column's values that came before. Shapes: one
 * number of each column and weight per row, in one order; a pair weighs the product of its rows' weights. References: Kendall 1945; Knight
 * 1966 for the counting; the value equals scipy's kendalltau.
 */
export function kendallTauB(first: Numbers, second: Numbers, weights: Numbers | null): InfluencedCorrelation | Constant {
  const own = first.map((_, row) => weights?.[row] ?? 1);
  const total = own.reduce((sum, weight) => sum + weight, 0);
  const orders = [levels(first), levels(second)] as const;
  const [places, otherPlaces] = orders;
  if (places.count < 2) return { constant: "first" };
  if (otherPlaces.count < 2) return { constant: "second" };
  const agreeing = agreements(places, otherPlaces, own).map((sum) => sum / total);
  const [apart, otherApart] = [toldApart(places, own, total), toldApart(otherPlaces, own, total)];
  const mean = (values: Numbers): number => values.reduce((sum, value, row) => sum + value * (own[row] ?? 0), 0) / total;
  const [agreement, firstApart, secondApart] = [mean(agreeing), mean(apart), mean(otherApart)];
  const scale = Math.sqrt(firstApart * secondApart);
  const value = agreement / scale;
  // Each row is in a pair as its first and as its second: twice its part.
  const influences = agreeing.map((sum, row) => {
    const ties = ((apart[row] ?? 0) - firstApart) / firstApart + ((otherApart[row] ?? 0) - secondApart) / secondApart;
    return 2 * ((sum - agreement) / scale - (value / 2) * ties);
  });
  return { value: withinOne(value), influences };
}

/** The place of each row's value among the distinct values from 0, and the rows from the smallest value to the largest. */
type Levels = { readonly level: Uint32Array; readonly order: Uint32Array; readonly count: number };

function levels(values: Numbers): Levels {
  const order = ascendingOrder(values);
  const level = new Uint32Array(values.length);
  let count = 0;
  order.forEach((row, place) => {
    if (place === 0 || values[row] !== values[order[place - 1] ?? 0]) count += 1;
    level[row] = count - 1;
  });
  return { level, order, count };
}

/** The weight of rows whose value is another one, as a share of all. */
function toldApart({ level, count }: Levels, own: Numbers, total: number): Numbers {
  const weightOf = new Float64Array(count);
  own.forEach((weight, row) => {
    weightOf[level[row] ?? 0] = (weightOf[level[row] ?? 0] ?? 0) + weight;
  });
  return own.map((_, row) => (total - (weightOf[level[row] ?? 0] ?? 0)) / total);
}

/** For each row the weight of the rows that lie on the same side in both columns, less of those on opposite sides. */
function agreements(first: Levels, second: Levels, own: Numbers): Numbers {
  const found = new Float64Array(own.length);
  // Once up the first column and once down, each time against what came before.
  for (const [order, sign] of [
    [first.order, 1],
    [first.order.toReversed(), -1],
  ] as const) {
    const tree = weightTree(second.count);
    for (let start = 0; start < order.length; ) {
      let end = start;
      while (end < order.length && first.level[order[end] ?? 0] === first.level[order[start] ?? 0]) end += 1;
      const tied = order.subarray(start, end);
      for (const row of tied) {
        const level = second.level[row] ?? 0;
        const [below, upTo] = [tree.before(level), tree.before(level + 1)];
        found[row] = (found[row] ?? 0) + sign * (below - (tree.before(second.count) - upTo));
      }
      for (const row of tied) tree.add(second.level[row] ?? 0, own[row] ?? 0);
      start = end;
    }
  }
  return found;
}

/** Sums of weights by level in log n steps. Reference: Fenwick 1994. */
function weightTree(size: number): { readonly add: (level: number, weight: number) => void; readonly before: (level: number) => number } {
  const sums = new Float64Array(size + 1);
  return {
    add: (level, weight) => {
      for (let at = level + 1; at <= size; at += at & -at) sums[at] = (sums[at] ?? 0) + weight;
    },
    before: (level) => {
      let sum = 0;
      for (let at = level; at > 0; at -= at & -at) sum += sums[at] ?? 0;
      return sum;
    },
  };
}
