import { formatNumber, formatPercent as percent } from "#domain/gate/format-number.ts";
import { smallestMargin } from "#domain/gate/smallest-margin.ts";
import { hasNotableGap, judgedShare } from "./judged-only.ts";
import { listPreflight, type NegativeLabels } from "./list-preflight.ts";
import { missingInSlices } from "./missing-in-slices.ts";
import type { JudgedGate, Measurement, PreflightFinding, Report } from "./report.ts";
import type { CutoffFacts, ItemFacts, ScoredTable } from "./scored-table.ts";

/** A query that one arm lacks scores 0 there; above this share the arms were not asked the same questions. */
const mostMissing = 0.001;
/** Above this share of tied queries, the tie rule shapes the result. */
const notableTies = 0.1;
/** Above this share of places whose item the catalogue does not describe, it is hardly the catalogue of these lists. */
const notableUndescribed = 0.1;

export type PreflightRequest = {
  readonly scored: ScoredTable;
  readonly header: Pick<Report, "candidate" | "baseline" | "inputs">;
  readonly identical: "refused" | "allowed";
  readonly negativeLabels: NegativeLabels;
};

/** Everything that is checked before a number is believed. `error` makes the evaluation invalid; `inconclusive` wants a look. */
export function preflightFindings(request: PreflightRequest): readonly PreflightFinding[] {
  const { scored } = request;
  return [
    ...stalePredictions(request),
    ...missingQueries(scored),
    ...missingInSlices(scored.slices, scored.listed, "queries"),
    ...unlabelledQueries(scored),
    ...listPreflight(scored, request.negativeLabels),
    ...scored.facts.cutoffs.flatMap((facts) => [
      ...(scored.facts.labelsAreNeighbours === true ? [] : judgedAtCutoff(facts)),
      ...tiesAtCutoff(facts),
    ]),
    ...(scored.facts.items ?? []).flatMap(itemsDescribed),
  ];
}

export const rarelyPasses = "gate-rarely-passes";

/** Names gates, floors too, that equal quality would rarely pass, with the smallest margin that it would meet in 80 % of evaluations. */
export function gatesThatRarelyPass(gates: readonly JudgedGate[], measurements: readonly Measurement[]): readonly PreflightFinding[] {
  return gates.flatMap((gate) => {
    const { passIfUnchanged, rule } = gate;
    if (gate.blocks !== "unless-pass" || passIfUnchanged === null || passIfUnchanged >= 0.5) return [];
    const margin = smallestMargin(gate, measurements);
    if (margin === null) return [];
    const what = rule.startsWith("no worse than") ? "The smallest margin" : "The strictest bound";
    const message = `Gate ${gate.id} (${rule}): a candidate of equal quality passes only ${percent(passIfUnchanged)} of evaluations of this size. ${what} that it meets in 80% is ${margin}.`;
    return [{ code: rarelyPasses, verdict: "inconclusive", message }];
  });
}

function stalePredictions({ scored, header, identical }: PreflightRequest): readonly PreflightFinding[] {
  const { candidate, baseline, inputs } = header;
  if (baseline === null || scored.listed.baseline === null) return [];
  const { predictions } = inputs;
  const sameBytes = predictions.baseline !== null && predictions.baseline.digest === predictions.candidate?.digest;
  if (!sameBytes && scored.facts.identicalScores !== true) {
    return [{ code: "identical-predictions", verdict: "pass", message: "The predictions of the two arms differ." }];
  }
  const what = sameBytes
    ? "The predictions files of the two arms are the same bytes"
    : "The predictions of the two arms are the same, score for score";
  if (candidate.digest === baseline.digest)
    return [{ code: "identical-predictions", verdict: "pass", message: `${what}, and so is the artifact.` }];
  if (identical === "allowed")
    return [{ code: "identical-predictions", verdict: "pass", message: `${what}, which evaluation.identical allows.` }];
  const message = `${what}, though the artifacts differ: one of them was probably not made by its model. Make them again, or set evaluation.identical: allowed.`;
  return [{ code: "stale-predictions", verdict: "error", message }];
}

function missingQueries({ rows, listed, unit, metrics }: ScoredTable): readonly PreflightFinding[] {
  const { candidate, baseline } = listed;
  const absent = (own: readonly boolean[], other: readonly boolean[] | null): readonly string[] =>
    rows.filter((_, row) => own[row] === false && (other === null || other[row] === true));
  const arms = [
    { arm: "candidate", missing: absent(candidate, baseline) },
    ...(baseline === null ? [] : [{ arm: "baseline", missing: absent(baseline, candidate) }]),
  ];
  const inBoth = baseline === null ? 0 : rows.filter((_, row) => candidate[row] === false && baseline[row] === false).length;
  const findings = arms.flatMap(({ arm, missing }): readonly PreflightFinding[] => {
    if (missing.length <= mostMissing * rows.length) return [];
    const examples = missing
      .slice(0, 3)
      .map((id) => JSON.stringify(id))
      .join(", ");
    const elsewhere = baseline === null ? "that have labels" : "that the other arm has";
    const message = `The ${arm}'s predictions lack ${missing.length} of ${rows.length} queries ${elsewhere}, such as ${examples}. Both arms must answer the same queries: make the ${arm}'s predictions again.`;
    return [{ code: "queries-missing", verdict: "error", message }];
  });
  if (findings.length > 0) return findings;
  const counted = arms.map(({ arm, missing }) => `${missing.length} in the ${arm}`).join(", ");
  const both = inBoth === 0 ? "" : `; ${inBoth} are missing in both`;
  const what = unit.values === null ? "Missing queries" : "Missing queries of units";
  return [
    { code: "queries-missing", verdict: "pass", message: `${what}: ${counted}${both}, of ${rows.length}. ${whatMissingMeans(metrics)}` },
  ];
}

/** Each metric's convention says what a query that an arm lacks is worth. */
function whatMissingMeans(metrics: ScoredTable["metrics"]): string {
  const leftOut = metrics.filter(({ metric }) => metric.convention.missing === "intersect").map(({ metric }) => metric.name);
  if (leftOut.length === 0) return "A missing query scores 0.";
  const inBothArms = "is left out of both arms";
  return leftOut.length === metrics.length
    ? `A missing query ${inBothArms}.`
    : `A missing query scores 0; in ${leftOut.join(", ")} it ${inBothArms}.`;
}

function unlabelledQueries({ facts }: ScoredTable): readonly PreflightFinding[] {
  const { candidate, baseline } = facts.unlabelledQueries;
  if (candidate === 0 && baseline === 0) return [];
  const message = `Queries without any label are left aside: ${candidate} of the candidate's, ${baseline} of the baseline's.`;
  return [{ code: "queries-unlabelled", verdict: "inconclusive", message }];
}

function judgedAtCutoff(facts: CutoffFacts): readonly PreflightFinding[] {
  const { k, candidate, baseline, judgedOnly } = facts;
  const shares = `${percent(judgedShare(candidate))} in the candidate${baseline === null ? "" : `, ${percent(judgedShare(baseline))} in the baseline`}`;
  const judged: PreflightFinding = { code: "judged-at-k", verdict: "pass", message: `Judged share of the first ${k} places: ${shares}.` };
  if (baseline === null) return [judged];
  const gap = judgedShare(candidate) - judgedShare(baseline);
  const notable = hasNotableGap(facts);
  const less = gap < 0 ? "candidate" : "baseline";
  const alone =
    judgedOnly === undefined
      ? ""
      : ` Over judged items alone ndcg@${k} is ${shortOrNone(judgedOnly.candidate)} in the candidate and ${shortOrNone(judgedOnly.baseline)} in the baseline.`;
  const message = `The judged share of the first ${k} places differs by ${percent(Math.abs(gap))}${notable ? `: the ${less} shows more unjudged items, which count as not relevant, and so looks worse than it may be; a metric with unjudged: skip looks at judged items alone` : ""}.${alone}`;
  return [judged, { code: "judged-at-k-gap", verdict: notable ? "inconclusive" : "pass", message }];
}

function shortOrNone(value: number | null): string {
  return value === null ? "undefined" : formatNumber(Number(value.toPrecision(4)));
}

function tiesAtCutoff({ k, candidate, baseline }: CutoffFacts): readonly PreflightFinding[] {
  const arms = baseline === null ? [candidate] : [candidate, baseline];
  const tied = arms.map((arm) => (arm.queries === 0 ? 0 : arm.tied / arm.queries));
  const notable = tied.some((value) => value > notableTies);
  const shares = `${percent(tied[0] ?? 0)} of the candidate's queries${tied[1] === undefined ? "" : `, ${percent(tied[1])} of the baseline's`}`;
  const message = `Equal scores on both sides of place ${k}: ${shares}${notable ? ", so the order of ids decides what is shown there" : ""}.`;
  return [{ code: "ties-at-k", verdict: notable ? "inconclusive" : "pass", message }];
}

/** An item of which the catalogue knows nothing counts as unpopular, or as of no group: an arm that shows more of them looks different for it. */
function itemsDescribed({ k, column, candidate, baseline }: ItemFacts): readonly PreflightFinding[] {
  const shareOf = ({ listed, described }: { listed: number; described: number }): number => (listed === 0 ? 0 : 1 - described / listed);
  const shares = baseline === null ? [shareOf(candidate)] : [shareOf(candidate), shareOf(baseline)];
  const notable = shares.some((value) => value > notableUndescribed);
  const what = column === null ? "Items that the catalogue lacks" : `Items without ${JSON.stringify(column)} in the catalogue`;
  const each = `${percent(shares[0] ?? 0)} of the candidate's first ${k} places${shares[1] === undefined ? "" : `, ${percent(shares[1])} of the baseline's`}`;
  const message = `${what}: ${each}${notable ? ". Is it the catalogue of this dataset, with the same item ids?" : "."}`;
  return [{ code: "items-not-described", verdict: notable ? "inconclusive" : "pass", message }];
}
