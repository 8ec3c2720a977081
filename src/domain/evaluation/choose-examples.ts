import type { ComparedUnits } from "./compared-units.ts";
import type { MeasuredPart } from "./measured-part.ts";
import type { Example, Examples } from "./report.ts";
import type { RowAnswer } from "./rows/row-table.ts";
import type { ScoringAnswer } from "./scored-table.ts";
import { comparedIn, comparedMetrics, comparisons } from "./unit-values.ts";

const mostOfEach = 10;

export type ChosenExamples = { readonly examples: Examples; readonly lists: NonNullable<ComparedUnits["lists"]> | null };

/**
 * The 10 biggest wins and losses of the candidate on the first gated metric that has a value a unit; without gates, the first metric.
 * @param gated the metrics of gates, in their order
 */
export function chooseExamples(
  answer: ScoringAnswer | RowAnswer,
  others: readonly MeasuredPart[],
  gated: readonly string[],
): ChosenExamples | null {
  const compares = comparisons(answer, others);
  for (const metric of new Set([...gated, ...comparedMetrics(answer, others)])) {
    const compared = comparedIn(compares, metric);
    if (compared !== null) return { examples: examplesIn(compared), lists: compared.lists ?? null };
  }
  return null;
}

function examplesIn(compared: ComparedUnits): Examples {
  const { metric, better, unit } = compared;
  const sign = better === "higher" ? 1 : -1;
  return { metric, better, unit, wins: [...biggest(compared, sign)], losses: [...biggest(compared, -sign)] };
}

/** The units with the greatest differences of one sign; of equal ones those that come first by id. */
function biggest({ ids, candidate, baseline, rowAt }: ComparedUnits, sign: number): readonly Example[] {
  const kept: { readonly at: number; readonly size: number }[] = [];
  for (let at = 0; at < ids.length; at += 1) {
    const [own, other] = [candidate[at] ?? null, baseline[at] ?? null];
    if (own === null || other === null) continue;
    const size = sign * (own - other);
    if (!(size > (kept.length < mostOfEach ? 0 : (kept.at(-1)?.size ?? 0)))) continue;
    const place = kept.findIndex((known) => known.size < size);
    kept.splice(place === -1 ? kept.length : place, 0, { at, size });
    kept.length = Math.min(kept.length, mostOfEach);
  }
  return kept.map(({ at }) => {
    const [own, other] = [candidate[at] ?? 0, baseline[at] ?? 0];
    return { id: ids[at] ?? "", difference: own - other, baseline: other, candidate: own, ...(rowAt && { row: rowAt(at) }) };
  });
}
