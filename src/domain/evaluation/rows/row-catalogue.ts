import type { CatalogueEntry } from "#domain/evaluation/metric-catalogue.ts";
import type { RowMetricFamily } from "./row-metric.ts";
import { type RowTask, rowMetricFamilies } from "./row-metrics.ts";

/** What help and docs say of a task's metrics over rows, in the form of the ranking metrics'. */
export function rowCatalogue(task: RowTask): readonly CatalogueEntry[] {
  return rowMetricFamilies.filter(({ tasks }) => tasks.includes(task)).map(entryOf);
}

function entryOf(known: RowMetricFamily): CatalogueEntry {
  const { family, title, about, definition, reference, parameter } = known;
  const example = parameter === null || !parameter.required ? null : Number(parameter.example);
  const { better, range, decomposable, printedConvention, estimator } = known.define(example, null);
  return {
    family,
    spellings: [...(parameter?.required === true ? [] : [family]), ...(parameter === null ? [] : [`${family}@${parameter.name}`])],
    title,
    about,
    definition,
    reference,
    better,
    range,
    unit: decomposable === "per-row-mean" || decomposable === "ratio" ? "row" : "corpus",
    decomposable: `${decomposable}; interval: ${estimator.kind === "linearised" ? estimator.method : estimator.kind === "census" ? "none (census)" : "bootstrap"}`,
    convention: printedConvention,
    options: [],
    presets: known.sklearn === false ? {} : { sklearn: known.sklearn.called },
    differences: known.sklearn === false ? {} : { sklearn: known.sklearn.about },
  };
}
