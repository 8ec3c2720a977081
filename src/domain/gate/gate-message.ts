import type { Measurement } from "#domain/evaluation/report.ts";
import { formatNumber } from "./format-number.ts";
import { type Gate, ruleText } from "./gate.ts";
import type { GateEstimate } from "./gate-estimate.ts";
import type { GateReason } from "./reasons.ts";
import { type Slice, sliceText } from "./slice.ts";
import { type GateStatistic, thresholdOf } from "./statistic.ts";

type Numbers = { readonly statistic: GateStatistic; readonly estimate: GateEstimate };

/** One sentence for people: what was found, on what, and what to do where something can be done. */
export function gateMessage(
  gate: Gate,
  slice: Slice | null,
  reason: GateReason,
  numbers: Numbers | null,
  measurement: Measurement | null,
): string {
  const subject = slice === null ? gate.metric : `${gate.metric} on ${sliceText(slice)}`;
  const rule = ruleText(gate.comparison);
  const found = numbers === null ? "" : finding(gate, numbers, measurement);
  switch (reason) {
    case "within-margin":
    case "improved":
    case "within-bounds":
      return `${subject} is ${rule}: ${found}.`;
    case "regression":
      return `${subject} is worse than allowed (${rule}): ${found}, wholly on the wrong side of ${threshold(numbers)}.`;
    case "not-better":
    case "out-of-bounds":
      return `${subject} is not ${rule}: ${found}, wholly on the wrong side of ${threshold(numbers)}.`;
    case "interval-crosses-threshold":
      return `Too little data to say whether ${subject} is ${rule}: ${found}, on both sides of ${threshold(numbers)}.`;
    case "not-proven-among-slices":
      return `${subject} looks worse than allowed (${rule}), but among this many slices that is not proven: ${found}.`;
    case "too-few-clusters":
      return `Too few independent units to judge whether ${subject} is ${rule}: ${measurement?.clusters ?? 0}, and at least 30 are needed.`;
    case "relative-margin-undefined":
      return `${subject}: a share of the baseline means nothing while the baseline's interval contains 0. Use a margin without %.`;
    case "no-unit-differs":
      return `${subject}: not one of ${measurement?.units ?? 0} units differs, which is too few to say whether it is ${rule}.`;
    case "no-variance":
      return `${subject}: all units have one value, and the metric is unbounded, so there is no interval.`;
    case "metric-not-measured":
      return `${gate.metric} was not measured on dataset ${gate.dataset}. Add it to evaluation.metrics, or drop the gate.`;
    case "slice-not-measured":
      return `No unit of dataset ${gate.dataset} is in the slice ${sliceText(slice)}. Declare it in evaluation.slices, or correct its value.`;
    case "no-slice-measured":
      return `${gate.metric} has no slices. Declare evaluation.slices, or drop the gate on slice "*".`;
    case "no-units":
      return `${subject} has no unit with a relevant item: nothing was measured.`;
    case "labels-not-independent":
      return `${subject}: without a labels file the arms must list the same items, and they do not. Name evaluation.labels.`;
    case "one-class":
      return `${subject}: all rows are of one class, so there is nothing to tell apart.`;
    case "no-positive":
      return `${subject}: not one row is positive, so it is undefined.`;
    case "truth-does-not-vary":
      return `${subject}: the true values do not vary, so it is undefined.`;
    case "predictions-do-not-vary":
      return `${subject}: the predictions are one same value on every row, so it is undefined.`;
    case "outside-domain":
      return `${subject} is not defined for some of these values: see its formula (slipway metrics), and choose a metric for what the rows hold.`;
    case "truth-is-zero":
      return `${subject}: all true values are 0, so there is nothing to divide by.`;
    case "denominator-is-zero":
      return `${subject}: the denominators add up to 0, so there is no ratio.`;
    case "scores-missing":
      return `${subject}: there is no file of scores to measure.`;
    case "predictions-missing":
      return `${subject}: there are no predictions to measure.`;
    case "no-baseline":
      return `${subject}: there is no baseline to compare with.`;
    case "evaluate-again":
      return `${subject}: the report does not hold what this rule needs (${rule} at ${short(gate.confidence * 100)}% confidence). Evaluate again.`;
    case "benchmark-missing":
      return `${subject}: the file of evaluation.benchmark is not there. Run the benchmark, or correct its location.`;
    case "not-in-the-files":
      return `${subject}: neither a benchmark nor the predictions hold it. Name evaluation.benchmark, or add its column.`;
    case "not-interleaved":
      return `${subject} of two runs cannot be compared: both arms must run in one job, in at least 30 blocks that take turns (see preflight).`;
    case "too-few-requests":
      return `Too few requests for ${subject}: ${measurement?.units ?? 0}, and at least ten beyond the quantile are needed.`;
    case "too-few-effective":
      return `${subject}: less than 1% of the logged decisions are effective for a version, which says too little of it (see preflight).`;
    case "one-weight-dominates":
      return `${subject}: one logged decision has 5% of all weight or more. Log more of them, or clip the weights and say so, as in snips@10.`;
    case "propensities-wrong":
      return `${subject}: the mean weight is not 1, so the logged or a version's probabilities are wrong (see preflight).`;
    case "ratio-needs-share":
      return `${subject} is compared by the ratio of the arms, so its margin is a share: write it as a per cent below 100%.`;
    case "constant-difference":
      return `${subject} differs by one same amount on every unit, which no model does: check how the predictions were made.`;
    case "no-direction":
      return `${gate.metric} has no better direction, so it cannot be ${rule}. Use between.`;
    case "census-cannot-compare":
      return `${gate.metric} describes what was evaluated and has no interval, so it cannot be ${rule}. Use atLeast, atMost or between.`;
    case "compares-arms":
      return `${gate.metric} compares candidate and baseline itself, so it cannot be ${rule}. Use atLeast, atMost or between.`;
    case "invalid-evaluation":
      return `${subject} cannot be judged: the evaluation is invalid (see preflight).`;
  }
}

function finding({ confidence }: Gate, { statistic, estimate }: Numbers, measurement: Measurement | null): string {
  if (statistic.of.kind === "log-ratio") return ratioFinding(confidence, estimate, measurement);
  const interval =
    estimate.lower === null || estimate.upper === null
      ? "no interval"
      : `${short(confidence * 100)}% interval [${short(estimate.lower)}, ${short(estimate.upper)}]`;
  const value = estimate.value === null ? "undefined" : short(estimate.value);
  return `${statistic.text} is ${value}, ${interval} over ${measurement?.units ?? 0} units`;
}

/** People read the ratio; its logarithm is what was estimated. */
function ratioFinding(confidence: number, { value, lower, upper }: GateEstimate, measurement: Measurement | null): string {
  const ratio = (log: number | null): string => (log === null ? "undefined" : short(Math.exp(log)));
  const interval =
    lower === null || upper === null ? "no interval" : `${formatNumber(confidence * 100)}% interval [${ratio(lower)}, ${ratio(upper)}]`;
  return `candidate / baseline is ${ratio(value)}, ${interval} over ${measurement?.clusters ?? 0} pairs of blocks`;
}

function threshold(numbers: Numbers | null): string {
  const at = numbers === null ? 0 : thresholdOf(numbers.statistic.accepted);
  if (numbers?.statistic.of.kind === "log-ratio" && typeof at === "number") return formatNumber(Math.exp(at));
  return typeof at === "number" ? formatNumber(at) : `[${formatNumber(at[0])}, ${formatNumber(at[1])}]`;
}

/** Four digits are enough for a sentence; the fields hold the numbers unrounded. */
function short(value: number): string {
  return formatNumber(Number(value.toPrecision(4)));
}
