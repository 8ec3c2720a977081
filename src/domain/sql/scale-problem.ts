import type { Metric } from "#domain/evaluation/metric.ts";
import { type FixedPoint, greatestGain, largestGain, largestValue } from "./term-sql.ts";

/** Why labels and values are too large to be added up exactly, or for what a metric's convention says of grades; null: they are not. */
export function scaleProblem(metrics: readonly Metric[], fixed: FixedPoint): { readonly code: string; readonly message: string } | null {
  for (const [column, value] of [...fixed.largestValues, ["1 / propensity", fixed.largestWeight] as const])
    if (value > largestValue)
      return { code: "value-too-large", message: `The largest value of ${column}, ${value}, is too large to add up exactly. Correct it.` };
  for (const { name, convention, formula } of metrics) {
    const written = JSON.stringify(formula);
    const largest = `The largest label, ${fixed.largestLabel},`;
    if (written.includes('"gain"') && greatestGain(convention, fixed) > largestGain)
      return {
        code: "label-too-large",
        message: `${largest} makes gains too large to add up exactly in ${name}. Correct the labels, or choose another gain.`,
      };
    if (written.includes('"stop"') && fixed.largestLabel > convention.maxGrade) {
      const message = `${largest} is above ${convention.maxGrade}, the best grade of ${name}. Correct the labels, or set maxGrade to the best grade that they may have.`;
      return { code: "label-above-max-grade", message };
    }
  }
  return null;
}
