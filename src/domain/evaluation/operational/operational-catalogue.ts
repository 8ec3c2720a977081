import type { CatalogueEntry } from "#domain/evaluation/metric-catalogue.ts";
import { operationalFamilies } from "./operational-metrics.ts";

/** What help and docs say of latency, size and cost, in the form of the tasks' metrics. They are there in every task. */
export function operationalCatalogue(): readonly CatalogueEntry[] {
  return operationalFamilies.map(({ family, example, title, about, definition, reference, valueOf, convention }) => ({
    family: example,
    spellings: [family],
    title,
    about,
    definition,
    reference,
    better: "lower",
    range: { min: 0, max: null },
    unit: valueOf,
    decomposable: valueOf === "artifact" ? "corpus; interval: none (a fact)" : "corpus; interval: none (census), of a comparison by blocks",
    convention,
    options: [],
    presets: {},
    differences: {},
  }));
}
