import { missingInSlices } from "#domain/evaluation/missing-in-slices.ts";
import type { PreflightFinding, Report } from "#domain/evaluation/report.ts";
import { formatNumber } from "#domain/gate/format-number.ts";
import { ascendingOrder } from "#domain/statistics/ascending-order.ts";
import type { Numbers } from "#domain/statistics/numbers.ts";
import { loggedPreflight } from "./logged-preflight.ts";
import { type Listed, lists, type RowArm, type RowTable } from "./row-table.ts";

/** Pairs that one arm lacks are dropped; above this share the arms were not asked the same questions. */
const mostMissing = 0.001;
/** Below this many rows of the rarer class, what a classifier does with it can hardly be told. */
const fewestOfAClass = 30;
/** With fewer rows a score that follows the labels exactly may be luck. */
const fewestTellingRows = 30;

export type RowPreflightRequest = {
  readonly table: RowTable;
  readonly header: Pick<Report, "candidate" | "baseline" | "inputs">;
  readonly identical: "refused" | "allowed";
};

/** Everything that is checked before a number over rows is believed. */
export function rowPreflight(request: RowPreflightRequest): readonly PreflightFinding[] {
  const { table } = request;
  return [
    ...stalePredictions(request),
    ...missingRows(table),
    ...missingInSlices(table.slices, { candidate: table.candidate.listed, baseline: table.baseline?.listed ?? null }, "rows"),
    ...unlabelledRows(table),
    ...rowArms(table).flatMap(({ name, arm }) =>
      table.propensity === null ? [...scoreLikeLabel(name, arm, table), ...scoreIsConstant(name, arm)] : [],
    ),
    ...rareClass(table),
    ...loggedPreflight(table),
  ];
}

function stalePredictions({ table, header, identical }: RowPreflightRequest): readonly PreflightFinding[] {
  const { candidate, baseline, inputs } = header;
  if (baseline === null || table.baseline === null) return [];
  const { predictions } = inputs;
  const sameBytes = predictions.baseline !== null && predictions.baseline.digest === predictions.candidate?.digest;
  const code = "identical-predictions";
  if (!sameBytes && !sameColumns(table.candidate, table.baseline))
    return [{ code, verdict: "pass", message: "The predictions of the two arms differ." }];
  const what = sameBytes ? "The predictions files of the two arms are the same bytes" : "The predictions of the two arms are the same";
  if (candidate.digest === baseline.digest) return [{ code, verdict: "pass", message: `${what}, and so is the artifact.` }];
  if (identical === "allowed") return [{ code, verdict: "pass", message: `${what}, which evaluation.identical allows.` }];
  const message = `${what}, though the artifacts differ: one of them was probably not made by its model. Make them again, or set evaluation.identical: allowed.`;
  return [{ code: "stale-predictions", verdict: "error", message }];
}

function missingRows(table: RowTable): readonly PreflightFinding[] {
  const { rows } = table;
  const counted = rowArms(table).map(({ name, arm: { listed } }) => ({
    name,
    missing: listed === "all" ? 0 : listed.filter((has) => !has).length,
  }));
  const refused = counted.filter(({ missing }) => missing > mostMissing * rows);
  if (refused.length > 0)
    return refused.map(({ name, missing }) => ({
      code: "rows-missing",
      verdict: "error" as const,
      message: `The ${name}'s predictions lack ${missing} of ${rows} labelled rows. Both arms must answer for the same rows: make the ${name}'s predictions again.`,
    }));
  const list = counted.map(({ name, missing }) => `${missing} in the ${name}`).join(", ");
  return [
    { code: "rows-missing", verdict: "pass", message: `Missing rows: ${list}, of ${rows}. A row that one arm lacks is left out of both.` },
  ];
}

function unlabelledRows({ unlabelled: { candidate, baseline } }: RowTable): readonly PreflightFinding[] {
  if (candidate === 0 && baseline === 0) return [];
  const message = `Rows without a label are left aside: ${candidate} of the candidate's, ${baseline} of the baseline's.`;
  return [{ code: "rows-unlabelled", verdict: "inconclusive", message }];
}

function rowArms({ candidate, baseline }: RowTable): readonly { readonly name: "candidate" | "baseline"; readonly arm: RowArm }[] {
  return [{ name: "candidate", arm: candidate }, ...(baseline === null ? [] : [{ name: "baseline" as const, arm: baseline }])];
}

/** A model that knows the answer exactly, or its order, has probably been shown it. */
function scoreLikeLabel(name: string, { score, listed }: RowArm, { truth }: RowTable): readonly PreflightFinding[] {
  if (score === null) return [];
  const [labels, scores] = [listedOf(truth, listed), listedOf(score, listed)];
  if (labels.length < fewestTellingRows || labels.every((label) => label === labels[0])) return [];
  if (labels.every((label, row) => label === scores[row])) {
    const message = `The ${name}'s score equals the label on all ${labels.length} rows: is the label among its inputs, or the wrong column named in columns.score?`;
    return [{ code: "score-equals-label", verdict: "error", message }];
  }
  if (!ordersAsLabels(labels, scores)) return [];
  const message = `The ${name}'s scores put all ${labels.length} rows into exactly the order of their labels, without one exception: look whether the label is among its inputs.`;
  return [{ code: "scores-order-as-labels", verdict: "inconclusive", message }];
}

function listedOf(values: Numbers, listed: Listed): Numbers {
  return listed === "all" ? values : values.filter((_, row) => lists(listed, row));
}

/** Whether every row of a higher label has a higher score than every row of a lower one: of two classes, an AUC of exactly 1. */
function ordersAsLabels(labels: Numbers, scores: Numbers): boolean {
  const rises = (row: number, before: number): number =>
    ((labels[row] ?? 0) - (labels[before] ?? 0)) * ((scores[row] ?? 0) - (scores[before] ?? 0));
  // Two neighbours mostly say already that it is not so, which spares the sort.
  if (labels.some((_, row) => row > 0 && rises(row, row - 1) < 0)) return false;
  const order = ascendingOrder(scores);
  const levels = new Map<number, { lowest: number; highest: number }>();
  for (const row of order) {
    const [label, score] = [labels[row] ?? 0, scores[row] ?? 0];
    const level = levels.get(label);
    if (level === undefined) levels.set(label, { lowest: score, highest: score });
    else level.highest = score;
  }
  const ascending = [...levels].toSorted(([a], [b]) => a - b).map(([, level]) => level);
  return ascending.every(({ lowest }, index) => lowest > (ascending[index - 1]?.highest ?? Number.NEGATIVE_INFINITY));
}

function scoreIsConstant(name: string, { score, listed }: RowArm): readonly PreflightFinding[] {
  const given = score === null ? [] : listedOf(score, listed);
  if (given.length < 2 || given.some((value) => value !== given[0])) return [];
  const message = `The ${name}'s score is ${formatNumber(given[0] ?? 0)} on all ${given.length} rows: it tells no row from another.`;
  return [{ code: "scores-all-tied", verdict: "inconclusive", message }];
}

function rareClass({ truth, classes }: RowTable): readonly PreflightFinding[] {
  if (classes.length === 0) return [];
  const found = new Uint32Array(classes.length);
  for (let row = 0; row < truth.length; row += 1) found[truth[row] ?? 0] = (found[truth[row] ?? 0] ?? 0) + 1;
  const counts = classes.map((name, index) => ({ name, count: found[index] ?? 0 }));
  const rare = counts.filter(({ count }) => count > 0 && count < fewestOfAClass);
  if (rare.length === 0) return [];
  const list = rare.slice(0, 5).map(({ name, count }) => `${JSON.stringify(name)} ${formatNumber(count)}`);
  const message = `Classes with fewer than ${fewestOfAClass} rows: ${list.join(", ")}. What is measured on them rests on these few.`;
  return [{ code: "class-rare", verdict: "inconclusive", message }];
}

function sameColumns(a: RowArm, b: RowArm): boolean {
  const same = (left: Column | null, right: Column | null): boolean =>
    left === null || right === null ? left === right : sameValues(left, right);
  return (
    same(a.listed === "all" ? null : a.listed, b.listed === "all" ? null : b.listed) &&
    same(a.score, b.score) &&
    same(a.predicted, b.predicted) &&
    same(a.lower, b.lower) &&
    same(a.upper, b.upper) &&
    (a.probabilities ?? []).every((own, index) => same(own, b.probabilities?.[index] ?? null))
  );
}

type Column = ArrayLike<number | boolean>;

function sameValues(left: Column, right: Column): boolean {
  for (let row = 0; row < left.length; row += 1) if (left[row] !== right[row]) return false;
  return true;
}
