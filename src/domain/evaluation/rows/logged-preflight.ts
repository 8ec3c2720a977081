import type { PreflightFinding } from "#domain/evaluation/report.ts";
import { formatNumber } from "#domain/gate/format-number.ts";
import type { Numbers } from "#domain/statistics/numbers.ts";
import { type OffPolicyObjection, offPolicyObjections, weightDiagnostics } from "#domain/statistics/off-policy.ts";
import { loggedWeights } from "./logged-weights.ts";
import { lists, type RowArm, type RowTable } from "./row-table.ts";

/** What the weights of logged decisions say about estimates that rest on them (F16), arm by arm. */
export function loggedPreflight({ candidate, baseline, propensity }: RowTable): readonly PreflightFinding[] {
  if (propensity === null) return [];
  return [...weightsOf("candidate", candidate, propensity), ...(baseline === null ? [] : weightsOf("baseline", baseline, propensity))];
}

const objectionText = {
  "too-few-effective": "Less than 1% of the decisions are effective: the log says too little of this version.",
  "one-weight-dominates": "One decision has 5% of all weight or more: log more of them, or clip and say so (snips@10).",
  "propensities-wrong": "The mean weight is not 1: the logged or the version's probabilities are wrong.",
} as const satisfies Record<OffPolicyObjection, string>;

function weightsOf(name: string, { score, listed }: RowArm, propensity: Numbers): readonly PreflightFinding[] {
  const weights = score === null ? [] : loggedWeights({ score, propensity }).filter((_, row) => lists(listed, row));
  if (weights.length === 0) return [];
  const found = weightDiagnostics(weights);
  const objections = offPolicyObjections(found);
  const numbers = `effective ${short(found.effectiveSampleSize)} of ${weights.length} decisions, largest weight ${short(100 * found.largestWeightShare)}% of all, mean weight ${short(found.meanWeight)} with standard error ${short(found.standardErrorOfMeanWeight)}`;
  const message = `The ${name}'s weights: ${numbers}.${objections.map((objection) => ` ${objectionText[objection]}`).join("")}`;
  return [{ code: "off-policy-weights", verdict: objections.length === 0 ? "pass" : "inconclusive", message }];
}

function short(value: number): string {
  return Number.isFinite(value) ? formatNumber(Number(value.toPrecision(3))) : "undefined";
}
