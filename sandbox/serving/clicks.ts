import type { Grades } from "#sandbox/rankers/cranfield.ts";
import { unitHash } from "./unit-hash.ts";

/** How attractive a result of each grade is to somebody who looks at it; everything unjudged is as attractive as grade 0. */
const attraction = [0.02, 0.15, 0.3, 0.5, 0.7] as const;

/** The share of people who look as far as a rank: 1/rank^0.7, an eye that tires. */
function examination(rank: number): number {
  return rank ** -0.7;
}

/**
 * A position-based click model (T. Joachims and others, 2005; O. Chapelle, Y. Zhang, 2009): a result is clicked when it is looked at and
 * found attractive; the first click ends the search. The same seed, unit, query and turn give the same click.
 */
export function clickModel(
  grades: Grades,
  seed: number,
): (query: string, unit: string, turn: number, documents: readonly string[]) => number | null {
  return (query, unit, turn, documents) => {
    for (const [place, document] of documents.entries()) {
      const grade = grades.get(query)?.get(document) ?? 0;
      const chance = examination(place + 1) * (attraction[grade] ?? attraction[0]);
      if (unitHash(`${seed}/${query}/${unit}/${turn}/${place}`) < chance) return place + 1;
    }
    return null;
  };
}
