import { type ArmRows, column } from "#domain/evaluation/rows/arm-rows.ts";
import {
  betweenQuantiles,
  type CalibrationBins,
  equalMass,
  equalWidth,
  equalWidthRightClosed,
} from "#domain/evaluation/rows/calibration-bins.ts";
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
  sklearn: {
    called: 'calibration_curve(strategy="uniform")',
    about: "bins are (a, b], so that a probability on an edge belongs to the lower one",
  },
  define: (parameter, library) => calibration((library === "sklearn" ? equalWidthRightClosed : equalWidth)(parameter ?? bins15), "mean"),
};

/** The same with as many rows in every bin. */
export const eceMass: RowMetricFamily = {
  ...ece,
  family: "ece_mass",
  title: "expected calibration error, bins of equal mass",
  about: "How far probabilities are from observed shares, in bins of as many rows each.",
  definition:
    "as ece, rows sorted by probability and cut at floor(i n / bins) (sklearn: (a, b] between quantiles, equal probabilities together)",
  reference: "Nixon et al. 2019; sklearn calibration_curve(quantile)",
  sklearn: {
    called: 'calibration_curve(strategy="quantile")',
    about: "bins are (a, b] between interpolated quantiles, so that equal probabilities stay together",
  },
  define: (parameter, library) => calibration((library === "sklearn" ? betweenQuantiles : equalMass)(parameter ?? bins15), "mean"),
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
  define: (parameter) => calibration(equalWidth(parameter ?? bins15), "root mean square"),
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
  define: (parameter) => calibration(equalWidth(parameter ?? bins15), "maximum"),
};

const bins15 = 15;

type Norm = "mean" | "root mean square" | "maximum";

function calibration(binned: CalibrationBins, norm: Norm): RowMetricDefinition {
  const { count, layout } = binned;
  const estimator: RowEstimator = {
    kind: "bootstrap",
    of: (rows: ArmRows) => {
      const p = column(rows.score);
      if (p.length === 0) return noValue("no-units");
      // Bins belong to the data: every replicate keeps them.
      const binOf = Uint32Array.from(binned.of(p));
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
    calibrationBins: binned,
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
