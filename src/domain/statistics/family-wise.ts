/** Adjusted p-values, in the order given: compare each with alpha. */
export type Adjustment = (pValues: readonly number[]) => readonly number[];

/** Bonferroni's: every p times the number of tests. No assumption; Holm's is never larger. Reference: Dunn 1961. */
export const bonferroni: Adjustment = (pValues) => pValues.map((p) => Math.min(1, p * pValues.length));

/** Šidák's: exact for independent tests. Reference: Šidák 1967; equals statsmodels multipletests(method="sidak"). */
export const sidak: Adjustment = (pValues) => pValues.map((p) => anyOf(p, pValues.length));

/** Holm's steps with Šidák's levels. Reference: Holland and Copenhaver 1987; equals multipletests(method="holm-sidak"). */
export const holmSidak: Adjustment = (pValues) => {
  let greatest = 0;
  return inOrder(pValues, (p, place) => {
    greatest = Math.max(greatest, anyOf(p, pValues.length - place));
    return greatest;
  });
};

/** Hochberg's: Holm's factors from the largest p down, for independent tests. Reference: Hochberg 1988. */
export const hochberg: Adjustment = (pValues) => {
  let least = 1;
  return inOrder(
    pValues,
    (p, place) => {
      least = Math.min(least, p * (pValues.length - place));
      return least;
    },
    "from the largest",
  );
};

/**
 * Hommel's: the closed test of Simes' statistics, a little sharper than Hochberg's. Reference: Hommel 1988, in Wright's form of 1992;
 * equals multipletests(method="hommel").
 */
export const hommel: Adjustment = (pValues) => {
  const n = pValues.length;
  const sorted = pValues.toSorted((a, b) => a - b);
  const adjusted = sorted.slice();
  for (let m = n; m > 1; m -= 1) {
    const largest = sorted.slice(n - m + 1);
    const simes = Math.min(...largest.map((p, index) => (m * p) / (index + 2)));
    sorted.forEach((p, place) => {
      const bound = place >= n - m + 1 ? simes : Math.min(simes, m * p);
      adjusted[place] = Math.max(adjusted[place] ?? 0, bound);
    });
  }
  return inOrder(pValues, (_, place) => Math.min(1, adjusted[place] ?? 1));
};

/** Benjamini and Yekutieli's: Benjamini and Hochberg's under any dependence. Reference: Benjamini and Yekutieli 2001. */
export const benjaminiYekutieli: Adjustment = (pValues) => {
  const n = pValues.length;
  const harmonic = pValues.reduce((sum, _, index) => sum + 1 / (index + 1), 0);
  let least = 1;
  return inOrder(
    pValues,
    (p, place) => {
      least = Math.min(least, (p * n * harmonic) / (place + 1));
      return least;
    },
    "from the largest",
  );
};

/** Chance that the least of independent p-values is at most p, exact for the smallest p too. */
function anyOf(p: number, tests: number): number {
  return p === 1 ? 1 : -Math.expm1(tests * Math.log1p(-p));
}

/** Visits the p-values by size, with their place from 0 among the ascending, and answers in the order given. */
function inOrder(
  pValues: readonly number[],
  adjust: (p: number, place: number) => number,
  direction: "from the smallest" | "from the largest" = "from the smallest",
): readonly number[] {
  const ascending = pValues.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p || a.index - b.index);
  const places = ascending.map((entry, place) => ({ ...entry, place }));
  const adjusted = pValues.map(() => 1);
  for (const { p, index, place } of direction === "from the smallest" ? places : places.toReversed()) adjusted[index] = adjust(p, place);
  return adjusted;
}
