import { type ArmRows, column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowEstimator, RowMetricDefinition, RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { noValue } from "#domain/evaluation/rows/row-sums.ts";

const bins = { name: "bins", required: true, kind: "count", example: "15" } as const;

/** How far probabilities are from observed shares, bin by bin; the number of bins is part of the measure. */
export const ece: RowMetricFamily = {
  family: "ece",
  title: "expected calibration error, bins of equal width",
  about: "How far probabilities are from observed shares, bin by bin; the number of bins is part of the measure.",
  definition: "sum over bins of share of rows x |mean p - mean y|, bins [a, b), the last closed (sklearn: (a, b], the first closed)",
  reference: "Naeini et al. 2015; sklearn calibration_curve(uniform)",
  tasks: ["classification"],
  parameter: bins,
  sklearn: true,
  define: (parameter, library) =>
    calibration(parameter ?? bins15, library === "sklearn" ? "equal width, (a,b]" : "equal width, [a,b)", "mean", (p, count) =>
      p.map((value) => (library === "sklearn" ? rightClosed(value, count) : leftClosed(value, count))),
    ),
};

/** The same with as many rows in every bin. */
export const eceMass: RowMetricFamily = {
  ...ece,
  family: "ece_mass",
  title: "expected calibration error, bins of equal mass",
  about: "How far probabilities are from observed shares, in bins of as many rows each.",
  definition: "as ece, rows sorted by probability and cut at floor(i n / bins)",
  reference: "Nixon et al. 2019",
  sklearn: false,
  define: (parameter) => calibration(parameter ?? bins15, "equal mass", "mean", equalMass),
};

/** The root of the weighted mean square gap. */
export const eceL2: RowMetricFamily = {
  ...ece,
  family: "ece_l2",
  title: "calibration error, root mean square",
  about: "As ece, with large gaps weighing more.",
  definition: "root of the sum over bins of share of rows x (mean p - mean y)^2",
  reference: "Kumar et al. 2019",
  sklearn: false,
  define: (parameter) =>
    calibration(parameter ?? bins15, "equal width, [a,b)", "root mean square", (p, count) => p.map((value) => leftClosed(value, count))),
};

/** The worst bin's gap. */
export const maxCalibrationError: RowMetricFamily = {
  ...ece,
  family: "max_calibration_error",
  title: "largest calibration error",
  about: "The gap of the worst bin.",
  definition: "greatest |mean p - mean y| over bins",
  reference: "Naeini et al. 2015",
  sklearn: false,
  define: (parameter) =>
    calibration(parameter ?? bins15, "equal width, [a,b)", "maximum", (p, count) => p.map((value) => leftClosed(value, count))),
};

const bins15 = 15;

type Norm = "mean" | "root mean square" | "maximum";

function calibration(
  count: number,
  layout: string,
  norm: Norm,
  binsOf: (p: readonly number[], count: number) => readonly number[],
): RowMetricDefinition {
  const estimator: RowEstimator = {
    kind: "bootstrap",
    of: (rows: ArmRows) => {
      const p = column(rows.score);
      if (p.length === 0) return noValue("no-units");
      // Bins belong to the data: every replicate keeps them.
      const binOf = Uint32Array.from(binsOf(p, count));
      const away = Float64Array.from(p, (value, row) => value - (rows.truth[row] ?? 0));
      return (weights) => gap(away, binOf, count, weights, norm);
    },
  };
  return {
    better: "lower",
    range: { min: 0, max: 1 },
    decomposable: "corpus",
    input: "probability",
    printedConvention: { bins: count, layout, norm },
    estimator,
  };
}

function gap(away: Float64Array, binOf: Uint32Array, count: number, weights: ArrayLike<number> | null, norm: Norm): number {
  const [mass, gaps] = [new Float64Array(count), new Float64Array(count)];
  for (let row = 0; row < away.length; row += 1) {
    const bin = binOf[row] ?? 0;
    const weight = weights === null ? 1 : (weights[row] ?? 0);
    mass[bin] = (mass[bin] ?? 0) + weight;
    gaps[bin] = (gaps[bin] ?? 0) + weight * (away[row] ?? 0);
  }
  const total = mass.reduce((sum, own) => sum + own, 0);
  if (total === 0) return Number.NaN;
  let found = 0;
  mass.forEach((own, bin) => {
    if (own === 0) return;
    const distance = Math.abs(gaps[bin] ?? 0) / own;
    if (norm === "maximum") found = Math.max(found, distance);
    else found += (own / total) * (norm === "mean" ? distance : distance ** 2);
  });
  return norm === "root mean square" ? Math.sqrt(found) : found;
}

/** Where p = a belongs to [a, b): one product of doubles decides. */
function leftClosed(p: number, count: number): number {
  return Math.min(count - 1, Math.floor(p * count));
}

function rightClosed(p: number, count: number): number {
  return Math.max(0, Math.min(count - 1, Math.ceil(p * count) - 1));
}

function equalMass(p: readonly number[], count: number): readonly number[] {
  const order = Uint32Array.from(p.keys()).toSorted((a, b) => (p[a] ?? 0) - (p[b] ?? 0) || a - b);
  const binOf = p.map(() => 0);
  for (let bin = 0; bin < count; bin += 1)
    for (let place = Math.floor((bin * p.length) / count); place < Math.floor(((bin + 1) * p.length) / count); place += 1)
      binOf[order[place] ?? 0] = bin;
  return binOf;
}
