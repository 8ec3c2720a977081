import type { JudgedGate } from "#domain/evaluation/report.ts";
import type { GateRule } from "#domain/gate/gate.ts";
import { type Accepted, position } from "#domain/gate/statistic.ts";
import { clusteredMean } from "#domain/statistics/clustered-mean.ts";
import type { Random } from "#domain/statistics/random.ts";
import { relativeStatistic } from "#domain/statistics/relative-margin.ts";
import { type Interval, tInterval } from "#domain/statistics/t-interval.ts";
import { meanOf } from "#domain/statistics/variance.ts";
import { type PairedValues, pairedValues, type Rankers } from "#test/statistics/cranfield-rankers.ts";
import { reportOf, scoredTable } from "#test/support/report-request.ts";

/** A gate with a relative margin, on what was measured of all queries. */
export type ResampledGate = {
  readonly candidate: string;
  readonly rule: GateRule;
  readonly values: PairedValues;
  /** What the product prints for this gate, judged on all queries. */
  readonly printed: JudgedGate;
  readonly factor: number;
  /** The gate's statistic, query by query, moved so that its mean is 0: at the margin. */
  readonly centred: readonly number[];
  readonly mean: number;
};

/** True values of a gate's statistic, whose threshold is 0. */
export type Truths = {
  readonly atMargin: number;
  readonly unchanged: number;
  readonly worseByDetectable: number;
  readonly betterByDetectable: number;
};

const accepted: Accepted = { side: "above", threshold: 0, inclusive: false };
const confidence = 0.95;

export function resampledGate(metric: string, percent: number, rankers: Rankers): ResampledGate {
  const values = pairedValues(metric, rankers);
  const rule = { metric, noWorseThan: `${percent}%` };
  const factor = 1 - percent / 100;
  const statistic = relativeStatistic(values.candidate, values.baseline, factor, "higher");
  const mean = meanOf(statistic);
  const centred = statistic.map((value) => value - mean);
  return { candidate: rankers.candidate, rule, values, factor, mean, centred, printed: judgedOn(rule, values) };
}

/** The margin, in percent, at which these rankers truly are: what their means say, the queries being all there are. */
export function trueMargin(metric: string, rankers: Rankers): number {
  const { candidate, baseline } = pairedValues(metric, rankers);
  return Number((100 * (1 - meanOf(candidate) / meanOf(baseline))).toFixed(9));
}

/** Equal quality is a candidate whose mean is the baseline's: its statistic is the margin, in the metric's units. */
export function truthsOf({ printed, values: { baseline }, factor }: ResampledGate): Truths {
  const detectable = printed.detectable ?? Number.NaN;
  return {
    atMargin: 0,
    unchanged: (1 - factor) * meanOf(baseline),
    worseByDetectable: 0 - detectable,
    betterByDetectable: detectable,
  };
}

/** As many queries as there are, with replacement. */
export function drawnQueries(random: Random, count: number): readonly number[] {
  return Array.from({ length: count }, () => Math.floor(random.share() * count));
}

/** The interval of the centred statistic on drawn queries. A true difference only moves it, as it moves every query alike. */
export function centredInterval({ centred }: ResampledGate, queries: readonly number[]): Interval {
  const { mean, standardError, degreesOfFreedom } = clusteredMean(queries.map((query) => centred[query] ?? Number.NaN));
  return tInterval(mean, standardError ?? Number.NaN, degreesOfFreedom, confidence);
}

export function verdictAt(truth: number, { lower, upper }: Interval): "pass" | "fail" | "inconclusive" {
  const verdicts = { inside: "pass", outside: "fail", across: "inconclusive" } as const;
  return verdicts[position(accepted, lower + truth, upper + truth)];
}

/** The same by the whole of the product's code from per-query values on: the candidate is moved on every query to where the truth is. */
export function judgedAt(truth: number, { rule, values, mean }: ResampledGate, queries: readonly number[]): JudgedGate {
  const drawn = (own: readonly number[], by: number) => queries.map((query) => (own[query] ?? Number.NaN) + by);
  return judgedOn(rule, { ...values, candidate: drawn(values.candidate, truth - mean), baseline: drawn(values.baseline, 0) });
}

function judgedOn(rule: GateRule, { metric, candidate, baseline }: PairedValues): JudgedGate {
  const [judged] = reportOf(scoredTable({ candidate, baseline }, {}, metric), [rule]).gates;
  if (judged === undefined) throw new Error(`no gate on ${metric} was judged`);
  return judged;
}
