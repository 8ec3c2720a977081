import type { CatalogueEntry } from "#domain/evaluation/metric-catalogue.ts";
import { judgedMetrics } from "./judged-metrics.ts";

/** What help and docs say of a judge's metrics, in the form of the ranking metrics'. */
export function judgedCatalogue(): readonly CatalogueEntry[] {
  return judgedMetrics.map(({ name, title, about, definition, range }) => ({
    family: name,
    spellings: [name],
    title,
    about,
    definition,
    reference: "Student 1908 (paired t); Liang and Zeger 1986 (clusters)",
    better: "higher",
    range,
    unit: "unit",
    decomposable: "per-unit-mean; interval: mean",
    convention: {},
    options: [],
    presets: {},
    differences: {},
  }));
}
