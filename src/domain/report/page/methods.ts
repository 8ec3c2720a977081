import { type CatalogueEntry, metricCatalogue } from "#domain/evaluation/metric-catalogue.ts";
import { operationalCatalogue } from "#domain/evaluation/operational/operational-catalogue.ts";
import type { Report } from "#domain/evaluation/report.ts";
import { rowCatalogue } from "#domain/evaluation/rows/row-catalogue.ts";
import { judgedCatalogue } from "#domain/evaluation/units/judged-catalogue.ts";
import { conventionLines } from "#domain/report/detail-rows.ts";

/** How one metric was computed: its formula where the catalogue knows it, and the conventions of this report. */
export interface Method {
  readonly metric: string;
  readonly title: string | null;
  readonly definition: string | null;
  readonly reference: string | null;
  readonly convention: string;
}

export function methodsOf(report: Report): readonly Method[] {
  return conventionLines(report).map(({ metric, text }) => {
    const entry = entryOf(metric);
    return {
      metric,
      title: entry?.title ?? null,
      definition: entry?.definition ?? null,
      reference: entry?.reference ?? null,
      convention: text,
    };
  });
}

/** A metric under a name of its own has no entry: its conventions say all there is. */
function entryOf(metric: string): CatalogueEntry | undefined {
  const [family = metric] = metric.split("@");
  const known = /^latency_p[\d.]+_ms$/.test(family) ? "latency_p99_ms" : family;
  return everyEntry().find((entry) => entry.family === known);
}

function everyEntry(): readonly CatalogueEntry[] {
  return [
    ...metricCatalogue(),
    ...(["classification", "regression", "bandit"] as const).flatMap((task) => rowCatalogue(task)),
    ...operationalCatalogue(),
    ...judgedCatalogue(),
  ];
}
