import type { MeasuredPart } from "#domain/evaluation/measured-part.ts";
import type { Measurement, PreflightFinding } from "#domain/evaluation/report.ts";
import type { ArmRows } from "#domain/evaluation/rows/arm-rows.ts";
import { column } from "#domain/evaluation/rows/arm-rows.ts";
import { compareValues } from "#domain/evaluation/rows/compare-rows.ts";
import { exploreRows } from "#domain/evaluation/rows/explore-rows.ts";
import { rowMeasurements } from "#domain/evaluation/rows/row-measurements.ts";
import type { Linearised, NoValue, RowMetric } from "#domain/evaluation/rows/row-metric.ts";
import { rowSlices } from "#domain/evaluation/rows/row-sample.ts";
import { meanOf, ratioOf } from "#domain/evaluation/rows/row-sums.ts";
import { lists, type RowArm, type RowTable } from "#domain/evaluation/rows/row-table.ts";
import type { UnitMetric } from "./unit-metric.ts";
import { type UnitPreflightRequest, unitPreflight } from "./unit-preflight.ts";
import type { UnitAnswer, UnitColumn, UnitScored, UnitScores } from "./unit-scores.ts";

export type UnitPartRequest = Omit<UnitPreflightRequest, "scores"> & {
  readonly answer: UnitAnswer;
  readonly dataset: { readonly name: string; readonly digest: string };
  readonly noBaseline: string;
  /** Whether there is a version that a preference can be one over. */
  readonly hasBaseline: boolean;
};

/** A model's own metrics as a part of a report: by the statistics of every other metric over rows (F1, F2; ratios F3). */
export function unitPart({ answer, dataset, noBaseline, hasBaseline, ...preflight }: UnitPartRequest): MeasuredPart {
  const { table, problems } = answer;
  const nothing = { measurements: [], source: () => null };
  if (table === null) return { preflight: problems, ...nothing };
  const findings = [...problems, ...unitPreflight({ ...preflight, scores: table })];
  const found = table.metrics.map((scored) => {
    const rows = rowTable(table, scored, hasBaseline);
    const slices = rowSlices(rows);
    const measured = rowMeasurements(rows, slices.slices, dataset, noBaseline);
    return { problems: slices.problems, measured, explore: exploreRows(rows), compare: compareValues(rows) };
  });
  const [first] = found;
  if (first !== undefined && first.problems.length > 0) return { preflight: [...findings, ...first.problems], ...nothing };
  return {
    preflight: findings,
    measurements: found.flatMap(({ measured }) => measured.measurements),
    compare: (metric) => found.map(({ compare }) => compare(metric)).find((known) => known !== null) ?? null,
    explore: (metric) => found.map(({ explore }) => explore(metric)).find((known) => known !== null) ?? null,
    source: (measurement, statistic, confidence) => {
      const own = found.find(({ measured }) => measured.measurements.includes(measurement));
      return own?.measured.source(measurement, statistic, confidence) ?? null;
    },
  };
}

/** A unit for which neither arm's expression has a value does not count, and is counted as such; one that one arm lacks is left out of both. */
const undefinedInBoth = 1;

function rowTable(scores: UnitScores, { metric, candidate, baseline }: UnitScored, hasBaseline: boolean): RowTable {
  const own = candidate.values.map((value, unit) => has(candidate, unit) && value !== null);
  const arms = {
    candidate: armOf(candidate, own),
    baseline:
      metric.value.kind === "preference"
        ? hasBaseline
          ? evenly(own)
          : null
        : baseline === null
          ? null
          : armOf(
              baseline,
              baseline.values.map((_, unit) => has(baseline, unit)),
            ),
  };
  const truth = scores.rows.map((_, unit) =>
    isListed(scores, unit) && !lists(arms.candidate.listed, unit) && !(arms.baseline !== null && lists(arms.baseline.listed, unit))
      ? undefinedInBoth
      : 0,
  );
  const counted = (arm: RowArm): RowArm => ({
    ...arm,
    listed: truth.map((reason, unit) => lists(arm.listed, unit) || reason === undefinedInBoth),
  });
  return {
    key: scores.unit.column,
    rows: scores.rows.length,
    names: scores.rows,
    unit: scores.unit,
    cluster: scores.cluster,
    weights: scores.weights,
    slices: scores.slices,
    truth,
    propensity: null,
    classes: [],
    classesDeclared: false,
    candidate: counted(arms.candidate),
    baseline: arms.baseline === null ? null : counted(arms.baseline),
    metrics: [rowMetric(metric)],
    unlabelled: { candidate: 0, baseline: 0 },
  };
}

function has({ values, denominators }: UnitColumn, unit: number): boolean {
  return (values[unit] ?? null) !== null && (denominators === null || (denominators[unit] ?? null) !== null);
}

function isListed({ listed: { candidate, baseline } }: UnitScores, unit: number): boolean {
  return candidate[unit] === true && (baseline === null || baseline[unit] === true);
}

function armOf({ values, denominators }: UnitColumn, listed: readonly boolean[]): RowArm {
  return {
    ...noColumns,
    listed,
    score: values.map((value) => value ?? 0),
    ...(denominators !== null && { denominator: denominators.map((value) => value ?? 0) }),
  };
}

/** What a preference is compared with: no difference between the arms. */
function evenly(listed: readonly boolean[]): RowArm {
  return { ...noColumns, listed, score: listed.map(() => 0.5) };
}

const noColumns = { predicted: null, probabilities: null, lower: null, upper: null } as const;

function rowMetric({ name, better, range, printedConvention, value }: UnitMetric): RowMetric {
  const ratio = value.kind === "ratio";
  return {
    name,
    family: value.kind,
    parameter: null,
    better,
    range,
    decomposable: ratio ? "ratio" : "per-row-mean",
    input: "value",
    printedConvention,
    estimator: { kind: "linearised", method: ratio ? "ratio" : "mean", of: ratio ? ratioOfArm : meanOfArm },
    excludes: { name: "undefined", when: (state) => state === undefinedInBoth },
  };
}

function meanOfArm({ score, weights }: ArmRows): Linearised | NoValue {
  return meanOf(column(score), weights);
}

function ratioOfArm({ score, denominator, weights }: ArmRows): Linearised | NoValue {
  return ratioOf(column(score), column(denominator ?? null), weights, "denominator-is-zero");
}

/** A metric of which the candidate has no scores: there, and without a number. */
export function missingScores(metric: UnitMetric, problems: readonly PreflightFinding[], dataset: string): MeasuredPart {
  const reason = "scores-missing";
  const measurement: Measurement = {
    metric: metric.name,
    slice: null,
    dataset,
    better: metric.better,
    convention: { ...metric.printedConvention },
    unit: "unit",
    cluster: "unit",
    units: 0,
    clusters: 0,
    excluded: {},
    missing: { baseline: 0, candidate: 0 },
    baseline: null,
    candidate: {
      value: null,
      standardError: null,
      lower: null,
      upper: null,
      why: { value: reason, standardError: reason, lower: reason, upper: reason },
    },
    difference: null,
    why: { baseline: reason, difference: reason },
  };
  return { preflight: problems, measurements: [measurement], source: () => null };
}
