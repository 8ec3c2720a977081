import type { RowParameter } from "./row-metric.ts";

/** A decision by score: positive where it reaches the threshold. */
export const threshold: RowParameter = { name: "threshold", required: false, kind: "share", example: "0.5" };

export function thresholdConvention(parameter: number | null): Readonly<Record<string, string | number>> {
  return parameter === null ? { class: "predicted, or score >= 0.5" } : { threshold: parameter };
}
