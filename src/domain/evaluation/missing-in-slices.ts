import { formatPercent } from "#domain/gate/format-number.ts";
import type { PreflightFinding } from "./report.ts";
import { type Listed, lists } from "./rows/row-table.ts";
import type { SliceColumn } from "./scored-table.ts";
import { type SliceMembers, slicesIn } from "./slices-in.ts";

/** Above this share of a slice, its number rests on what one arm did not answer. */
const notableShare = 0.01;
const mostNamed = 3;

export type ListedArms = { readonly candidate: Listed; readonly baseline: Listed | null };

type InSlice = { readonly slice: string; readonly arm: keyof ListedArms; readonly missing: number; readonly all: number };

/** Few missing units overall may still be many of one slice: says the largest shares. `what` is what a unit is, in the plural. */
export function missingInSlices(slices: readonly SliceColumn[], listed: ListedArms, what: string): readonly PreflightFinding[] {
  if (slices.length === 0) return [];
  const found = slicesIn(slices)
    .slices.flatMap((slice) => countsOf(slice, listed))
    .filter(({ all }) => all > 0)
    .toSorted((a, b) => share(b) - share(a));
  const notable = found.filter((counts) => share(counts) > notableShare);
  const code = "missing-in-slices";
  if (notable.length === 0) {
    const most = formatPercent(Math.max(0, ...found.map(share)));
    return [{ code, verdict: "pass", message: `The largest share of ${what} that one arm lacks in a slice is ${most}.` }];
  }
  const named = notable
    .slice(0, mostNamed)
    .map(({ slice, arm, missing, all }) => `${slice}: the ${arm} lacks ${missing} of ${all}`)
    .join("; ");
  const more = notable.length > mostNamed ? `; and ${notable.length - mostNamed} more` : "";
  const message = `Slices in which one arm lacks more than ${formatPercent(notableShare)} of the ${what}: ${named}${more}. Their numbers are about what was not answered.`;
  return [{ code, verdict: "inconclusive", message }];
}

function countsOf({ slice, members }: SliceMembers, { candidate, baseline }: ListedArms): readonly InSlice[] {
  const text = Object.hasOwn(slice, "name")
    ? (slice["name"] ?? "")
    : Object.entries(slice)
        .map(([column, value]) => `${column}=${JSON.stringify(value)}`)
        .join(",");
  const lacks = (listed: Listed | null, row: number): boolean => listed !== null && !lists(listed, row);
  const ofCandidate = members.filter((row) => lacks(candidate, row) && !lacks(baseline, row)).length;
  const ofBaseline = members.filter((row) => lacks(baseline, row) && !lacks(candidate, row)).length;
  const all = members.length;
  return [
    { slice: text, arm: "candidate", missing: ofCandidate, all },
    ...(baseline === null ? [] : [{ slice: text, arm: "baseline" as const, missing: ofBaseline, all }]),
  ];
}

function share({ missing, all }: InSlice): number {
  return missing / all;
}
