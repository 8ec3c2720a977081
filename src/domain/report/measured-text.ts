import type { Difference, Estimate, Measurement } from "#domain/evaluation/report.ts";
import { decimalsFor, formatChange, formatFixed, formatPlain } from "./format-number.ts";

/** A measurement's numbers as a table shows them; what is undefined says why instead. */
export interface MeasuredText {
  readonly baseline: string;
  readonly candidate: string;
  readonly difference: string;
}

export function measuredText(measurement: Measurement): MeasuredText {
  const { baseline, candidate, difference, logRatio, why } = measurement;
  return {
    baseline: baseline === null ? absent(why?.["baseline"]) : estimateText(baseline),
    candidate: estimateText(candidate),
    difference:
      logRatio !== undefined
        ? ratioText(logRatio)
        : difference === null
          ? absent(why?.["difference"] ?? why?.["baseline"])
          : [differenceText(difference), ...shrunkenNote(difference), ...testNotes(difference)].join("; "),
  };
}

function estimateText({ value, standardError, why }: Estimate): string {
  return value === null ? absent(why?.["value"]) : formatFixed(value, decimalsFor(value, standardError));
}

function differenceText({ value, standardError, lower, upper, why }: Difference): string {
  if (value === null) return absent(why?.["value"]);
  const decimals = decimalsFor(value, standardError);
  if (lower === null || upper === null)
    return `${formatChange(value, decimals)} (no interval: ${why?.["lower"] ?? why?.["standardError"] ?? "not computed"})`;
  return `${formatChange(value, decimals)} [${formatChange(lower, decimals)}, ${formatChange(upper, decimals)}]`;
}

/** A slice's difference without what is probably noise. */
function shrunkenNote({ value, standardError, shrunken }: Difference): readonly string[] {
  if (shrunken === undefined || value === null) return [];
  return [`shrunken ${formatChange(shrunken, decimalsFor(value, standardError))}`];
}

/** What tests beside the interval say: few units, or units that are right or wrong. */
export function testNotes({ smallSample, discordant }: Pick<Difference, "smallSample" | "discordant">): readonly string[] {
  const p = (value: number): string => `p ${formatPlain(Number(value.toPrecision(2)))}`;
  return [
    ...(smallSample === undefined ? [] : [`few units: sign-flip ${p(smallSample.p)}`]),
    ...(discordant === undefined
      ? []
      : [
          `on ${discordant.candidateOnly} units the candidate alone, on ${discordant.baselineOnly} the baseline alone: McNemar ${p(discordant.p)}`,
        ]),
  ];
}

/** `ratio 1.031 [1.012, 1.050]` */
function ratioText({ value, standardError, lower, upper, why }: Difference): string {
  if (value === null) return absent(why?.["value"]);
  const ratio = Math.exp(value);
  const decimals = decimalsFor(ratio, standardError === null ? null : ratio * standardError);
  if (lower === null || upper === null) return `ratio ${formatFixed(ratio, decimals)} (no interval: ${why?.["lower"] ?? "not computed"})`;
  return `ratio ${formatFixed(ratio, decimals)} [${formatFixed(Math.exp(lower), decimals)}, ${formatFixed(Math.exp(upper), decimals)}]`;
}

function absent(why: string | undefined): string {
  return why === undefined ? "none" : `none (${why})`;
}
