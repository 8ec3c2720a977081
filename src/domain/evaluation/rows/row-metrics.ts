import { isOwnMetric, type MetricEntry, metricEntryName } from "#domain/evaluation/metric-entry.ts";
import { nearestNames } from "#domain/evaluation/nearest-name.ts";
import type { OwnMetricEntry } from "#domain/evaluation/own-entry.ts";
import { accuracy } from "#domain/evaluation/row-metrics/accuracy.ts";
import { auc } from "#domain/evaluation/row-metrics/auc.ts";
import { multiclassAucFamilies } from "#domain/evaluation/row-metrics/auc-multiclass.ts";
import { averagePrecision } from "#domain/evaluation/row-metrics/average-precision.ts";
import { brier } from "#domain/evaluation/row-metrics/brier.ts";
import { brierMulticlass } from "#domain/evaluation/row-metrics/brier-multiclass.ts";
import { calibrationRatio } from "#domain/evaluation/row-metrics/calibration-ratio.ts";
import { balancedAccuracy, classAverageFamilies } from "#domain/evaluation/row-metrics/class-averages.ts";
import { cohenKappa } from "#domain/evaluation/row-metrics/cohen-kappa.ts";
import { confusionFamilies } from "#domain/evaluation/row-metrics/confusion.ts";
import { ece, eceL2, eceMass, maxCalibrationError } from "#domain/evaluation/row-metrics/ece.ts";
import { explainedVariance } from "#domain/evaluation/row-metrics/explained-variance.ts";
import { f1, fBeta } from "#domain/evaluation/row-metrics/f-beta.ts";
import { gammaDeviance } from "#domain/evaluation/row-metrics/gamma-deviance.ts";
import { intervalCoverage } from "#domain/evaluation/row-metrics/interval-coverage.ts";
import { intervalWidth } from "#domain/evaluation/row-metrics/interval-width.ts";
import { ips, snips } from "#domain/evaluation/row-metrics/ips.ts";
import { kendallTauBOfRows } from "#domain/evaluation/row-metrics/kendall-tau-b.ts";
import { ks } from "#domain/evaluation/row-metrics/ks.ts";
import { lift } from "#domain/evaluation/row-metrics/lift.ts";
import { logLoss } from "#domain/evaluation/row-metrics/log-loss.ts";
import { mae } from "#domain/evaluation/row-metrics/mae.ts";
import { mape } from "#domain/evaluation/row-metrics/mape.ts";
import { maxError } from "#domain/evaluation/row-metrics/max-error.ts";
import { mcc } from "#domain/evaluation/row-metrics/mcc.ts";
import { meanError } from "#domain/evaluation/row-metrics/mean-error.ts";
import { medianAe } from "#domain/evaluation/row-metrics/median-ae.ts";
import { mse } from "#domain/evaluation/row-metrics/mse.ts";
import { partialAuc } from "#domain/evaluation/row-metrics/partial-auc.ts";
import { pearsonCorrelation } from "#domain/evaluation/row-metrics/pearson.ts";
import { pinball } from "#domain/evaluation/row-metrics/pinball.ts";
import { poissonDeviance } from "#domain/evaluation/row-metrics/poisson-deviance.ts";
import { prAucTrapezoid } from "#domain/evaluation/row-metrics/pr-auc-trapezoid.ts";
import { precision } from "#domain/evaluation/row-metrics/precision.ts";
import { quantileAe } from "#domain/evaluation/row-metrics/quantile-ae.ts";
import { r2 } from "#domain/evaluation/row-metrics/r2.ts";
import { recall } from "#domain/evaluation/row-metrics/recall.ts";
import { rmse } from "#domain/evaluation/row-metrics/rmse.ts";
import { rmsle } from "#domain/evaluation/row-metrics/rmsle.ts";
import { smape } from "#domain/evaluation/row-metrics/smape.ts";
import { spearmanCorrelation } from "#domain/evaluation/row-metrics/spearman.ts";
import { specificity } from "#domain/evaluation/row-metrics/specificity.ts";
import { topKAccuracy } from "#domain/evaluation/row-metrics/top-k-accuracy.ts";
import { wape } from "#domain/evaluation/row-metrics/wape.ts";
import type { RowLibrary, RowMetric, RowMetricFamily, RowParameter } from "./row-metric.ts";

/** Every family of metrics over rows. A new one is one file in `row-metrics/` and one line here. */
export const rowMetricFamilies: readonly RowMetricFamily[] = [
  auc,
  partialAuc,
  averagePrecision,
  prAucTrapezoid,
  logLoss,
  brier,
  brierMulticlass,
  ece,
  eceMass,
  eceL2,
  maxCalibrationError,
  calibrationRatio,
  ks,
  lift,
  accuracy,
  balancedAccuracy,
  precision,
  recall,
  specificity,
  f1,
  fBeta,
  ...confusionFamilies,
  ...classAverageFamilies,
  mcc,
  cohenKappa,
  topKAccuracy,
  ...multiclassAucFamilies,
  mae,
  mse,
  rmse,
  rmsle,
  meanError,
  medianAe,
  quantileAe,
  maxError,
  mape,
  smape,
  wape,
  pinball,
  r2,
  explainedVariance,
  pearsonCorrelation,
  spearmanCorrelation,
  kendallTauBOfRows,
  poissonDeviance,
  gammaDeviance,
  intervalCoverage,
  intervalWidth,
  ips,
  snips,
];

export type RowTask = "classification" | "regression" | "bandit";

export type ParsedRowMetric =
  | { readonly kind: "metric"; readonly metric: RowMetric }
  | { readonly kind: "unknown"; readonly message: string; readonly nearest: readonly string[] };

/** Reads one of `evaluation.metrics` of a task: a name such as `ece@15`, or one with scikit-learn's convention and a name of its own. */
export function parseRowMetric(entry: MetricEntry, task: RowTask): ParsedRowMetric {
  if (isOwnMetric(entry)) return { kind: "unknown", message: `${entry.name} is a metric of the model's own.`, nearest: [] };
  const spelling = typeof entry === "string" ? entry : entry.metric;
  const [, word = spelling, written] = /^([^@]*)(?:@(.*))?$/s.exec(spelling) ?? [];
  const known = rowMetricFamilies.filter(({ tasks }) => tasks.includes(task));
  const family = known.find((candidate) => candidate.family === word);
  if (family === undefined) {
    const names = nearestNames(
      word,
      known.map((candidate) => candidate.family),
    );
    const nearest = names.map((name) => spelled(known.find((candidate) => candidate.family === name)));
    const hint = nearest.length > 0 ? ` Did you mean ${nearest.join(" or ")}?` : ` Known metrics: ${known.map(spelled).join(", ")}.`;
    return { kind: "unknown", message: `There is no metric ${JSON.stringify(spelling)} for the task ${task}.${hint}`, nearest };
  }
  const parameter = readParameter(spelling, family, written);
  if (typeof parameter === "object" && parameter !== null) return parameter;
  const library = libraryOf(entry, family);
  if (library.kind === "refused") return { kind: "unknown", message: library.message, nearest: [] };
  const name = metricEntryName(entry);
  return { kind: "metric", metric: { name, family: family.family, parameter, ...family.define(parameter, library.library) } };
}

export function spelled(family: RowMetricFamily | undefined): string {
  if (family === undefined) return "";
  const { parameter } = family;
  return parameter !== null && parameter.required ? `${family.family}@${parameter.example}` : family.family;
}

type Library = { readonly kind: "library"; readonly library: RowLibrary } | { readonly kind: "refused"; readonly message: string };

function libraryOf(entry: Exclude<MetricEntry, OwnMetricEntry>, family: RowMetricFamily): Library {
  if (typeof entry === "string") return { kind: "library", library: null };
  const { metric, name, convention, ...others } = entry;
  const [option] = Object.keys(others);
  if (option !== undefined) return { kind: "refused", message: `Metric ${JSON.stringify(family.family)} has no option ${option}.` };
  if (convention === undefined)
    return name === undefined || name === metric
      ? { kind: "library", library: null }
      : { kind: "refused", message: `${metric} in its usual convention is called ${metric}.` };
  if (convention !== "sklearn" || !family.sklearn)
    return { kind: "refused", message: `Metric ${JSON.stringify(family.family)} has no convention ${JSON.stringify(convention)}.` };
  if (name === undefined || name === metric || rowMetricFamilies.some((known) => known.family === name.split("@")[0])) {
    const example = metric.replace(/^[^@]*/, (word) => `${word}_sklearn`);
    return {
      kind: "refused",
      message: `${metric} with a convention of its own needs a name that no metric has, such as name: ${example}.`,
    };
  }
  return { kind: "library", library: "sklearn" };
}

type Unknown = Extract<ParsedRowMetric, { kind: "unknown" }>;

function readParameter(spelling: string, family: RowMetricFamily, written: string | undefined): number | null | Unknown {
  const { parameter } = family;
  const refuse = (problem: string, nearest: string): Unknown => {
    return { kind: "unknown", message: `${problem} Did you mean ${nearest}?`, nearest: [nearest] };
  };
  if (written === undefined) {
    if (parameter?.required !== true) return null;
    return refuse(`Metric ${JSON.stringify(spelling)} needs its ${parameter.name}.`, `${family.family}@${parameter.example}`);
  }
  if (parameter === null) return refuse(`Metric ${JSON.stringify(family.family)} takes nothing after @.`, family.family);
  const value = valueOf(parameter, written);
  if (value !== null) return value;
  const what = { count: "a whole number from 1 to 10000", share: "a number above 0 and below 1", positive: "a number above 0" };
  const message = `The ${parameter.name} of metric ${JSON.stringify(spelling)} must be ${what[parameter.kind]}.`;
  return refuse(message, `${family.family}@${parameter.example}`);
}

/** Only one spelling of each number, so that a metric has one name. */
function valueOf({ kind }: RowParameter, written: string): number | null {
  const value = Number(written);
  if (!/^\d{1,5}(?:\.\d{1,6})?$/.test(written) || String(value) !== written || value <= 0) return null;
  if (kind === "count") return Number.isInteger(value) && value <= 10_000 ? value : null;
  return kind === "share" && value >= 1 ? null : value;
}
