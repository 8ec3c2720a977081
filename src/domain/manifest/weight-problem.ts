import { type Digest, hexOf } from "#domain/model/names.ts";

/**
 * Why a route with these weights would not be safe to apply to an empty cluster (invariant 7); undefined when it is. Weights are
 * proportions in the Gateway API: only when they are all named and sum to 100 does one of them mean per cent, and what a lone backend of
 * weight 0 gets is left to the implementation.
 */
export function weightProblem(versions: readonly { readonly digest: Digest; readonly weight: number }[]): string | undefined {
  if (versions.length === 0) return "no version is to be served";
  const odd = versions.find(({ weight }) => !Number.isInteger(weight) || weight < 0 || weight > 100);
  if (odd !== undefined) return `a weight is a whole number from 0 to 100, not ${odd.weight}`;
  const sum = versions.reduce((total, { weight }) => total + weight, 0);
  if (sum !== 100) return `the weights sum to ${sum}, not to 100`;
  const names = versions.map(({ digest }) => hexOf(digest).slice(0, 8));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? undefined : `two versions have digests that begin with ${twice}, so their names would be the same`;
}
