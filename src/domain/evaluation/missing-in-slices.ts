import { formatPercent } from "#domain/gate/format-number.ts";
import type { PreflightFinding } from "./report.ts";
import type { SliceColumn } from "./scored-table.ts";

/** Above this share of a slice, its number rests on what one arm did not answer. */
const notableShare = 0.01;
const mostNamed = 3;

export type ListedArms = { readonly candidate: readonly boolean[]; readonly baseline: readonly boolean[] | null };

type InSlice = { readonly slice: string; readonly arm: keyof ListedArms; readonly missing: number; readonly all: number };

/** Few missing units overall may still be many of one slice: says the largest shares. `what` is what a unit is, in the plural. */
export function missingInSlices(slices: readonly SliceColumn[], listed: ListedArms, what: string): readonly PreflightFinding[] {
  if (slices.length === 0) return [];
  const found = slices.flatMap((column) => countsOf(column, listed)).toSorted((a, b) => share(b) - share(a));
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

function countsOf(column: SliceColumn, { candidate, baseline }: ListedArms): readonly InSlice[] {
  const bySlice = new Map<string, { all: number; candidate: number; baseline: number }>();
  column.values.forEach((value, row) => {
    if (value === null || value === false) return;
    const slice = column.kind === "predicate" ? column.name : `${column.column}=${JSON.stringify(value)}`;
    const counts = bySlice.get(slice) ?? { all: 0, candidate: 0, baseline: 0 };
    counts.all += 1;
    if (candidate[row] === false && (baseline === null || baseline[row] === true)) counts.candidate += 1;
    if (baseline?.[row] === false && candidate[row] === true) counts.baseline += 1;
    bySlice.set(slice, counts);
  });
  return [...bySlice].flatMap(([slice, counts]) => [
    { slice, arm: "candidate" as const, missing: counts.candidate, all: counts.all },
    ...(baseline === null ? [] : [{ slice, arm: "baseline" as const, missing: counts.baseline, all: counts.all }]),
  ]);
}

function share({ missing, all }: InSlice): number {
  return missing / all;
}
