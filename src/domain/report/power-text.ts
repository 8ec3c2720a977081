import type { JudgedGate, Measurement } from "#domain/evaluation/report.ts";
import { logRatioText } from "#domain/gate/statistic.ts";
import { formatCount, formatPlain } from "./format-number.ts";

/** What a gate could have shown on these units; what is undefined says why instead. */
export interface PowerText {
  /** How far beyond the limit the truth must lie to be proven in 4 of 5 evaluations. */
  readonly detectable: string;
  /** How often a candidate equal to the baseline passes. */
  readonly ifUnchanged: string;
  /** How many units (clusters) would settle it; nothing where it is settled. */
  readonly toSettle: string;
}

export function powerText(gate: JudgedGate, measurement: Measurement | undefined): PowerText {
  const { detectable, passIfUnchanged, unitsToSettle, why } = gate;
  const absent = (field: string): string => `none (${why?.[field] ?? "not computed"})`;
  return {
    detectable: detectable === null ? absent("detectable") : detectableSize(gate, detectable, measurement),
    ifUnchanged: passIfUnchanged === null ? absent("passIfUnchanged") : `${Math.round(passIfUnchanged * 100)} %`,
    toSettle:
      unitsToSettle !== null
        ? formatCount(Math.ceil(unitsToSettle))
        : why?.["unitsToSettle"] === "settled"
          ? "settled"
          : absent("unitsToSettle"),
  };
}

/** `0.022 (5.3 % of the baseline)`, or of a ratio `5.3 %`. */
export function detectableSize(
  { statistic }: Pick<JudgedGate, "statistic">,
  detectable: number,
  measurement: Measurement | undefined,
): string {
  if (statistic === logRatioText) return `${formatPlain(rounded(100 * Math.expm1(detectable)))} %`;
  const baseline = measurement?.baseline?.value ?? null;
  const share =
    baseline === null || baseline === 0 ? "" : ` (${formatPlain(rounded((detectable / Math.abs(baseline)) * 100))} % of the baseline)`;
  return `${formatPlain(rounded(detectable))}${share}`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
