import type { PreflightFinding } from "#domain/evaluation/report.ts";
import { capital } from "#domain/text/capital.ts";
import type { UnitColumn, UnitFacts, UnitScored, UnitScores } from "./unit-scores.ts";

/** Units that one arm lacks are left out of both; above this share the arms were not asked the same questions. */
const mostMissing = 0.001;
/** Above this difference between the two orders, what is shown first is preferred for being first. */
const notableOrderBias = 0.05;

export type UnitPreflightRequest = {
  readonly scores: UnitScores;
  /** What the scores are called in messages, such as `the scores of helpfulness`. */
  readonly what: string;
  /** Scores are somebody's judgement: who judged is to be said. */
  readonly judged: boolean;
  /** Whether another file says by what both arms were judged, the same. */
  readonly judgedBy: boolean;
};

/** What is checked before a number of a judge is believed; expressions over predictions are checked with these. */
export function unitPreflight({ scores, what, judged, judgedBy }: UnitPreflightRequest): readonly PreflightFinding[] {
  const values = scores.metrics.flatMap((scored) => [...undefinedInOneArm(scored, scores), ...outOfRange(scored, scores)]);
  if (!judged) return values;
  const { facts } = scores;
  return [
    ...values,
    ...missingUnits(scores, what),
    ...judges(facts, what, judgedBy),
    ...repeats(facts, what),
    ...orders(facts, what),
    ...undescribed(facts, what),
  ];
}

function missingUnits({ rows, listed: { candidate, baseline } }: UnitScores, what: string): readonly PreflightFinding[] {
  if (baseline === null) return [];
  const lacking = (own: readonly boolean[], other: readonly boolean[]): readonly string[] =>
    rows.filter((_, unit) => own[unit] !== true && other[unit] === true);
  const arms = [
    { arm: "candidate", missing: lacking(candidate, baseline) },
    { arm: "baseline", missing: lacking(baseline, candidate) },
  ];
  const refused = arms.filter(({ missing }) => missing.length > mostMissing * rows.length);
  if (refused.length === 0) {
    const counted = arms.map(({ arm, missing }) => `${missing.length} in the ${arm}`).join(", ");
    return [
      {
        code: "units-missing",
        verdict: "pass",
        message: `Units without a score in ${what}: ${counted}, of ${rows.length}. A unit that one arm lacks is left out of both.`,
      },
    ];
  }
  return refused.map(({ arm, missing }) => {
    const examples = missing.slice(0, 3).map((unit) => JSON.stringify(unit));
    const message = `${capital(what)} lack ${missing.length} of ${rows.length} units in the ${arm} that the other arm has, such as ${examples.join(", ")}. Both arms must be judged on the same units.`;
    return { code: "units-missing", verdict: "error" as const, message };
  });
}

/** A pair with one value is left out, so a candidate must not be able to drop many of them. */
function undefinedInOneArm({ metric, candidate, baseline }: UnitScored, { rows, listed }: UnitScores): readonly PreflightFinding[] {
  if (baseline === null || listed.baseline === null) return [];
  const has = ({ values, denominators }: UnitColumn, unit: number): boolean =>
    (values[unit] ?? null) !== null && (denominators === null || (denominators[unit] ?? null) !== null);
  const inBoth = (unit: number): boolean => listed.candidate[unit] === true && listed.baseline?.[unit] === true;
  const odd = rows.filter((_, unit) => inBoth(unit) && has(candidate, unit) !== has(baseline, unit));
  if (odd.length <= mostMissing * rows.length) return [];
  const examples = odd.slice(0, 3).map((unit) => JSON.stringify(unit));
  const message = `${metric.name} has a value in one arm only for ${odd.length} of ${rows.length} units, such as ${examples.join(", ")}. Give it one in both, as with coalesce(…, 0).`;
  return [{ code: "metric-undefined", verdict: "error", message }];
}

function outOfRange({ metric, candidate, baseline }: UnitScored, { rows }: UnitScores): readonly PreflightFinding[] {
  const { min, max } = metric.range;
  if (metric.value.kind === "ratio") return [];
  const arms = [
    { arm: "candidate", values: candidate.values },
    ...(baseline === null ? [] : [{ arm: "baseline", values: baseline.values }]),
  ];
  for (const { arm, values } of arms) {
    const unit = values.findIndex((value) => value !== null && ((min !== null && value < min) || (max !== null && value > max)));
    if (unit === -1) continue;
    const message = `${metric.name} is ${values[unit]} in the ${arm} at the unit ${JSON.stringify(rows[unit])}, outside its range from ${min ?? "unbounded"} to ${max ?? "unbounded"}. Correct the range, or the expression.`;
    return [{ code: "metric-out-of-range", verdict: "error", message }];
  }
  return [];
}

function judges({ judges: found }: UnitFacts, what: string, judgedBy: boolean): readonly PreflightFinding[] {
  if (found === null) {
    if (judgedBy) return [];
    const message = `Nothing says which judge and which prompt ${what} are from, so that nobody can tell whether both arms were judged alike. Name columns.judge and columns.prompt, or evaluation.judgedBy.`;
    return [{ code: "judges-not-named", verdict: "inconclusive", message }];
  }
  const { candidate, baseline } = found;
  const list = (names: readonly string[]): string => names.join("; ");
  if (baseline === null || list(candidate) === list(baseline))
    return [{ code: "judges", verdict: "pass", message: `${capital(what)} are from: ${list(candidate)}.` }];
  const message = `The two arms were not judged alike in ${what}: the candidate by ${list(candidate)}; the baseline by ${list(baseline)}. Judge both with the same judge and prompt.`;
  return [{ code: "judges-differ", verdict: "error", message }];
}

function repeats({ repeats: found }: UnitFacts, what: string): readonly PreflightFinding[] {
  if (found === null) return [];
  const { candidate, baseline } = found;
  const arms = baseline === null ? [candidate] : [candidate, baseline];
  const least = Math.min(...arms.map((arm) => arm.least));
  const most = Math.max(...arms.map((arm) => arm.most));
  if (most === 1) return [];
  if (least === most)
    return [{ code: "repeats", verdict: "pass", message: `Every unit of ${what} has ${most} rows, which are averaged first.` }];
  const message = `Units of ${what} have ${least} to ${most} rows. They are averaged first, so that each unit counts once; those with fewer are less certain.`;
  return [{ code: "repeats-unbalanced", verdict: "inconclusive", message }];
}

function orders({ orders: found }: UnitFacts, what: string): readonly PreflightFinding[] {
  if (found === null) return [];
  const { shownFirst, shownSecond, oneOrder } = found;
  if (shownFirst === null || shownSecond === null) {
    const message = `In ${what} the ${shownFirst === null ? "baseline" : "candidate"} was always shown first: judges prefer what they see first, and nothing here corrects for it. Judge each pair in both orders.`;
    return [{ code: "one-order", verdict: "error", message }];
  }
  const gap = Math.abs(shownFirst - shownSecond);
  const shares = `the candidate is preferred ${percent(shownFirst)} when shown first and ${percent(shownSecond)} when shown second`;
  const single = oneOrder === 0 ? "" : ` ${oneOrder} units were judged in one order only.`;
  const notable = gap > notableOrderBias || oneOrder > 0;
  const message = `In ${what} ${shares}. Both orders of a unit count the same.${single}`;
  return [{ code: "order-bias", verdict: notable ? "inconclusive" : "pass", message }];
}

function undescribed({ undescribed: count }: UnitFacts, what: string): readonly PreflightFinding[] {
  if (count === 0) return [];
  const message = `${capital(what)} have ${count} units that the evaluation does not know: left aside.`;
  return [{ code: "units-unknown", verdict: "inconclusive", message }];
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))}%`;
}
