import type { Report, SliceSearch } from "#domain/evaluation/report.ts";
import { sliceText } from "#domain/gate/slice.ts";
import { decimalsFor, formatChange, formatCount } from "./format-number.ts";

const mostNamed = 3;

/** What the search for the worst slice found, in a sentence or two; null when nothing was asked to be searched. */
export function searchText({ search }: Report): string | null {
  if (search === undefined) return null;
  const { metric, slices, confidence, worse, worst, why } = search;
  if (confidence === null) return `Worst slices: none searched on ${metric} (${reasons[why?.slices ?? ""] ?? why?.slices ?? "no slice"}).`;
  const searched = `${formatCount(slices)} ${slices === 1 ? "slice" : "slices"} searched on ${metric}`;
  const each = `at ${Number((confidence * 100).toFixed(3))} % each; informs only`;
  if (worse > 0) {
    const named = worst.slice(0, Math.min(worse, mostNamed)).map(foundText).join("; ");
    const more = worse > mostNamed ? `; and ${formatCount(worse - mostNamed)} more in report.json` : "";
    return `Worst of ${searched}: ${formatCount(worse)} ${worse === 1 ? "is" : "are"} proven worse (${each}): ${named}${more}.`;
  }
  const [first] = worst;
  const last = first === undefined ? "none is worse at all" : `${foundText(first)}; none is proven worse`;
  return `Worst of ${searched}: ${last} (${each}).`;
}

const reasons: Readonly<Record<string, string>> = {
  "no-slice-of-100-clusters": "no slice has 100 clusters",
  "interval-not-closed-form": "its interval has no closed form that holds at the confidence many slices need",
};

function foundText({ slice, clusters, difference, standardError, lower, upper }: SliceSearch["worst"][number]): string {
  const decimals = decimalsFor(difference, standardError);
  const interval = `[${formatChange(lower, decimals)}, ${formatChange(upper, decimals)}]`;
  return `${sliceText(slice)} ${formatChange(difference, decimals)} ${interval} on ${formatCount(clusters)} clusters`;
}
