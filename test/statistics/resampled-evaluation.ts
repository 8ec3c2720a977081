import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "#domain/evaluation/report.ts";
import type { Rankers } from "#test/statistics/cranfield-rankers.ts";
import type { ResampledGate } from "#test/statistics/resampled-gate.ts";
import { reportOf } from "#test/support/evaluation-setting.ts";
import { digests, modelYaml, predictions, type RankerRepository } from "#test/support/ranker-repository.ts";
import { projectFolder, runEntry } from "#test/support/run-entry.ts";

/** One evaluation on drawn queries by the real command: its files are written, and its report is read. */
export async function evaluateDrawn(
  repository: RankerRepository,
  arms: Rankers,
  gates: readonly ResampledGate[],
  queries: readonly number[],
): Promise<Report> {
  repository.write("data/labels.csv", drawnRows(labels, queries));
  for (const ranker of [arms.candidate, arms.baseline])
    repository.write(`models/search-ranker/predictions/${ranker}.csv`, drawnRows(predictions(ranker), queries));
  const rules = gates.map(({ rule: { metric, noWorseThan } }) => `{metric: ${metric}, noWorseThan: "${noWorseThan}"}`);
  repository.write("models/search-ranker/model.yaml", modelYaml({ version: arms.candidate, evaluation: { slices: "[]" }, gates: rules }));
  const baseline = `${arms.baseline}@${digests[arms.baseline]}`;
  return reportOf(runEntry("cli", ["evaluate", repository.model, "--baseline", baseline, "--json"]));
}

const labels = readFileSync(join(projectFolder, "sandbox", "data", "cranfield", "judgments.csv"), "utf8");

/** The rows of the drawn queries. A query that was drawn twice is two: its ids say at which place each was drawn. */
function drawnRows(csv: string, queries: readonly number[]): string {
  const [head, ...rows] = csv.trim().split("\n");
  const byQuery = Map.groupBy(rows, (row) => Number(row.slice(0, row.indexOf(","))));
  const drawn = queries.flatMap((query, place) =>
    (byQuery.get(query + 1) ?? []).map((row) => `drawn-${place}-query-${query + 1}${row.slice(row.indexOf(","))}`),
  );
  return `${[head, ...drawn].join("\n")}\n`;
}
