import { exactSum } from "#domain/statistics/exact-sum.ts";
import type { UnitValues } from "./unit-values.ts";

/** Each unit once: its repeats averaged, the innermost first, so that neither their number nor an order seen more often weighs. */
export function meanOfRepeats(units: readonly string[], found: UnitValues | undefined): readonly (number | null)[] {
  const byUnit = new Map<string, { readonly repeats: readonly string[]; readonly value: number }[]>();
  found?.units.forEach((unit, index) => {
    const value = found.values[index] ?? null;
    if (value === null) return;
    const row = { repeats: found.repeats[index] ?? [], value };
    const known = byUnit.get(unit);
    if (known === undefined) byUnit.set(unit, [row]);
    else known.push(row);
  });
  return units.map((unit) => {
    const rows = byUnit.get(unit);
    return rows === undefined ? null : nestedMean(rows, 0);
  });
}

function nestedMean(rows: readonly { readonly repeats: readonly string[]; readonly value: number }[], depth: number): number {
  if (rows.every(({ repeats }) => repeats.length <= depth)) return meanOf(rows.map(({ value }) => value));
  const groups = Map.groupBy(rows, ({ repeats }) => repeats[depth] ?? "");
  return meanOf([...groups.values()].map((own) => nestedMean(own, depth + 1)));
}

function meanOf(values: readonly number[]): number {
  return exactSum(values) / values.length;
}
