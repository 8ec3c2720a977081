import { fileLocation } from "#domain/evaluation/file-location.ts";
import { inputsOf, type MeasuredPart } from "#domain/evaluation/measured-part.ts";
import { parseMetricEntry } from "#domain/evaluation/metric-entry.ts";
import { taskEntries } from "#domain/evaluation/metric-parts.ts";
import type { WrittenBy } from "#domain/evaluation/remote-location.ts";
import type { Report } from "#domain/evaluation/report.ts";
import { rowColumns } from "#domain/evaluation/rows/row-columns.ts";
import { parseRowMetric } from "#domain/evaluation/rows/row-metrics.ts";
import type { RowAnswer } from "#domain/evaluation/rows/row-table.ts";
import type { ScoringAnswer } from "#domain/evaluation/scored-table.ts";
import { type EvaluationDefinition, type ModelDefinition, resolveLocation } from "#domain/model/model-definition.ts";
import type { Digest } from "#domain/model/names.ts";
import { isListTask } from "#domain/model/task.ts";
import { datasetDigest } from "#domain/report/evaluation-digest.ts";
import type { EvaluationEngine, ScoringRequest } from "#ports/evaluation-engine.ts";
import { artifactOf } from "./artifact-of.ts";
import { type Found, supplied, whyNone } from "./find-file.ts";
import { filesOf, findInput } from "./find-input.ts";
import { inspectInputs } from "./inspect-inputs.ts";
import { measureParts, type Trees } from "./measure-parts.ts";

export interface MeasuringRequest {
  /** The default branch's definition with what the head may propose. */
  readonly judged: ModelDefinition;
  readonly trusted: ModelDefinition;
  readonly isNew: boolean;
  readonly baseline: Report["baseline"];
  readonly folder: string;
  /** The file that the definition names as its dataset; undefined when there is none. */
  readonly datasetText: string | undefined;
}

export interface Measured {
  readonly dataset: Report["dataset"];
  readonly inputs: Omit<Report["inputs"], "definition">;
  readonly answer: ScoringAnswer | RowAnswer;
  /** What was measured beside the task's own metrics. */
  readonly others: readonly MeasuredPart[];
  /** What the task's own metrics were scored on; null when nothing could be. */
  readonly files: Omit<ScoringRequest, "metrics"> | null;
}

/**
 * Finds the files of both arms and has them scored. Each arm's predictions come from its own tree by its own template, labels from the
 * default branch; only the candidate may be missing without making the rest unmeasurable.
 */
export async function measureModel(world: Trees, request: MeasuringRequest): Promise<Measured> {
  const { judged, folder, baseline } = request;
  const located = {
    candidate: await candidateFile(world, request),
    baseline: baseline === null ? null : await baselineFile(world, request, baseline),
    labels: judged.evaluation.labels === undefined ? null : await labelsFile(world, request, judged.evaluation.labels),
    items: judged.evaluation.items === undefined ? null : await itemsFile(world, request, judged.evaluation.items),
  };
  const artifact = await artifactOf(world.head, judged, folder);
  const why = located.labels === null ? { labels: "in-the-predictions" } : whyNone("labels", located.labels);
  const inputs: Measured["inputs"] = {
    labels: located.labels === null ? null : digestIn(located.labels),
    ...(located.items?.digest !== undefined && { items: located.items.digest }),
    artifact: artifact.state,
    predictions: supplied(located.candidate, located.baseline),
    ...(Object.keys(why).length > 0 && { why }),
  };

  const { dataset: name } = judged.evaluation;
  const held = { labels: inputs.labels, items: inputs.items ?? null };
  const dataset = { name, digest: datasetDigest(judged.evaluation, request.datasetText, held) };

  const problems = [located.candidate, located.baseline, located.labels, located.items, artifact].flatMap((found) =>
    found?.problem === undefined ? [] : [found.problem],
  );
  const { candidate, labels, items } = located;
  const measurable =
    candidate.file !== undefined &&
    labels?.problem === undefined &&
    items?.problem === undefined &&
    !problems.some(({ verdict }) => verdict === "error");
  if (!measurable) return { dataset, inputs, answer: { table: null, problems }, others: [], files: null };

  const { task, columns, clicks, slices } = judged.evaluation;
  const files = {
    candidate: filesOf(candidate),
    baseline: located.baseline?.file === undefined ? null : filesOf(located.baseline),
    labels: labels?.file === undefined ? null : filesOf(labels),
    ...(items?.file !== undefined && { items: filesOf(items) }),
    columns,
    slices,
    ...(isListTask(task) && { task }),
  };
  const answer = await measureTask(world.engine, judged.evaluation, { ...files, clicks });
  const inspected = await inspectInputs(world, request, files);
  const predictions = { baseline: located.baseline?.digest ?? null, candidate: candidate.digest };
  const noBaseline = baseline !== null && files.baseline === null ? "predictions-missing" : "no-baseline";
  const others = await measureParts(world, { ...request, dataset, files, predictions, noBaseline });
  return {
    dataset,
    inputs: withInputs(inputs, inputsOf(others)),
    answer: { ...answer, problems: [...problems, ...answer.problems, ...inspected] },
    others,
    files,
  };
}

function withInputs(inputs: Measured["inputs"], of: ReturnType<typeof inputsOf>): Measured["inputs"] {
  const why = { ...inputs.why, ...of.why };
  return { ...inputs, ...of, ...(Object.keys(why).length > 0 && { why }) };
}

/** The task's own metrics. A judged task has none: its judge's scores are a part like a model's own metrics. */
function measureTask(
  engine: EvaluationEngine,
  { task, columns, metrics }: EvaluationDefinition,
  { clicks, ...files }: Omit<ScoringRequest, "metrics">,
): Promise<ScoringAnswer | RowAnswer> {
  const entries = taskEntries(metrics);
  if (task === "judged") return Promise.resolve({ table: null, problems: [] });
  return isListTask(task)
    ? engine.score({ ...files, task, clicks, metrics: entries.map((entry) => known(parseMetricEntry(entry, columns))) })
    : engine.scoreRows({
        ...files,
        columns: rowColumns(task, columns),
        task,
        metrics: entries.map((entry) => known(parseRowMetric(entry, task))),
      });
}

type Parsed<M> = { readonly kind: "metric"; readonly metric: M } | { readonly kind: "unknown"; readonly message: string };

function known<M>(parsed: Parsed<M>): M {
  if (parsed.kind === "unknown") throw new RangeError(parsed.message);
  return parsed.metric;
}

function candidateFile({ head, remote }: Trees, { judged, trusted, isNew, folder }: MeasuringRequest): Promise<Found> {
  const template = judged.evaluation.predictions;
  const written = resolveLocation(template, judged.version, judged.artifact.digest);
  const by = !isNew && template === trusted.evaluation.predictions ? "default-branch" : "head";
  const what = "the candidate's predictions";
  return findInput(remote, [head], fileLocation(written, folder), { what, written, code: "predictions", whenMissing: "no-data", by });
}

async function baselineFile(
  { trusted, remote }: Trees,
  request: MeasuringRequest,
  baseline: NonNullable<Report["baseline"]>,
): Promise<Found> {
  const template = request.trusted.evaluation.predictions;
  const what = "the baseline's predictions";
  if (baseline.digest === null && template.includes("{digest}")) {
    const message = `evaluation.predictions needs the digest of the baseline ${baseline.version}: name it, as in --baseline ${baseline.version}@sha256:….`;
    return { problem: { code: "predictions-missing", verdict: "no-data", message } };
  }
  const written = resolveLocation(template, baseline.version, baseline.digest ?? "");
  const wanted = { what, written, code: "predictions", whenMissing: "no-data", by: writer(request) } as const;
  return findInput(remote, [trusted], fileLocation(written, request.folder), wanted);
}

/** The catalogue counts like the labels: from the default branch, and with a new model only where that has none. */
function itemsFile({ trusted, head, remote }: Trees, request: MeasuringRequest, written: string): Promise<Found> {
  const trees = request.isNew ? [trusted, head] : [trusted];
  const wanted = { what: "the catalogue", written, code: "catalogue", whenMissing: "error", by: writer(request) } as const;
  return findInput(remote, trees, fileLocation(written, request.folder), wanted);
}

/** A new model's labels may come with it, but never in the place of ones that the default branch has. */
function labelsFile({ trusted, head, remote }: Trees, request: MeasuringRequest, written: string): Promise<Found> {
  const trees = request.isNew ? [trusted, head] : [trusted];
  const wanted = { what: "the labels", written, code: "labels", whenMissing: "error", by: writer(request) } as const;
  return findInput(remote, trees, fileLocation(written, request.folder), wanted);
}

/** Who wrote the definition: of a new model the head did. */
function writer({ isNew }: MeasuringRequest): WrittenBy {
  return isNew ? "head" : "default-branch";
}

function digestIn(found: Found): Digest | null {
  return found.digest ?? null;
}
