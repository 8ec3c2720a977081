import cdf from "@stdlib/stats-base-dists-normal-cdf";
import quantile from "@stdlib/stats-base-dists-normal-quantile";

/** Probability that a standard normal variable is at most x. An upper tail is `normalCdf(-x)`, which keeps its digits. */
export function normalCdf(x: number): number {
  return cdf(x, 0, 1);
}

/** Below this, @stdlib's quantile loses digits (2e-9 relative at 1e-10, infinite at 1e-20), measured against test/golden/distributions.json. */
const tail = 1e-5;

/** The x below which a standard normal variable falls with the given probability: @stdlib's, and own code in the lower tail. */
export function normalQuantile(probability: number): number {
  return probability > 0 && probability < tail ? lowerTailQuantile(probability) : quantile(probability, 0, 1);
}

/** Newton's method on ln Φ, which is nearly a parabola in the tail; the start is its leading term. */
function lowerTailQuantile(probability: number): number {
  const target = Math.log(probability);
  let x = -Math.sqrt(-2 * target - Math.log(-4 * Math.PI * target));
  for (let round = 0; round < 8; round += 1) {
    const below = normalCdf(x);
    const density = Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI);
    x -= ((Math.log(below) - target) * below) / density;
  }
  return x;
}
