import { shrunkenEffects } from "#domain/statistics/shrinkage.ts";
import type { Measurement } from "./report.ts";

/**
 * Puts beside each slice's difference the shrunken one, among the slices of the same column, or the same two. Named slices may overlap,
 * and one slice alone has nothing to be compared with: they stay as they are.
 */
export function withShrunken(measurements: readonly Measurement[]): readonly Measurement[] {
  const groups = new Map<string, { readonly measurement: Measurement; readonly value: number; readonly error: number }[]>();
  for (const measurement of measurements) {
    const { metric, dataset, slice, difference } = measurement;
    if (slice === null || Object.hasOwn(slice, "name") || difference === null) continue;
    const { value, standardError: error } = difference;
    if (value === null || error === null || !(error > 0)) continue;
    const key = JSON.stringify([metric, dataset, ...Object.keys(slice).toSorted()]);
    groups.set(key, [...(groups.get(key) ?? []), { measurement, value, error }]);
  }
  const shrunken = new Map<Measurement, number>();
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    const effects = shrunkenEffects(
      group.map(({ value }) => value),
      group.map(({ error }) => error * error),
    ).shrunken;
    group.forEach(({ measurement }, index) => {
      const effect = effects[index];
      if (effect !== undefined && Number.isFinite(effect)) shrunken.set(measurement, effect);
    });
  }
  return measurements.map((measurement) => {
    const effect = shrunken.get(measurement);
    return effect === undefined || measurement.difference === null
      ? measurement
      : { ...measurement, difference: { ...measurement.difference, shrunken: effect } };
  });
}
