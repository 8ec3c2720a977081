import { pairedT } from "./paired-t.ts";
import { welchT } from "./welch-t.ts";

/** Both one-sided tests; `p` is the larger, and small only when the difference is shown to lie between the limits. */
export type Equivalence = { readonly p: number; readonly above: OneSided; readonly below: OneSided };
type OneSided = { readonly t: number; readonly p: number };

/**
 * Two one-sided tests (TOST): whether a difference lies between two limits, on paired units.
 *
 * Rejecting at 5 % is the same as a 90 % t interval inside the limits. Assumptions as for `pairedT`. Null without variance.
 * Units: limits and differences in the metric's units. Reference: Schuirmann 1987; equals statsmodels ttost_paired.
 */
export function pairedEquivalence(differences: readonly number[], low: number, high: number): Equivalence | null {
  const above = pairedT(differences, low);
  const below = pairedT(differences, high);
  if (above === null || below === null) return null;
  return joined({ t: above.t, p: above.pGreater }, { t: below.t, p: below.pLess });
}

/** The same for arms with different units and unequal variances. Reference: equals statsmodels ttost_ind(usevar="unequal"). */
export function welchEquivalence(candidate: readonly number[], baseline: readonly number[], low: number, high: number): Equivalence | null {
  const above = welchT(candidate, baseline, low);
  const below = welchT(baseline, candidate, -high);
  if (above === null || below === null) return null;
  return joined({ t: above.t, p: above.pGreater }, { t: -below.t, p: below.pGreater });
}

function joined(above: OneSided, below: OneSided): Equivalence {
  return { p: Math.max(above.p, below.p), above, below };
}
