import { fileLocation } from "#domain/evaluation/file-location.ts";
import type { MeasuredPart } from "#domain/evaluation/measured-part.ts";
import { isOwnMetric } from "#domain/evaluation/metric-entry.ts";
import type { OwnMetricEntry } from "#domain/evaluation/own-entry.ts";
import type { PreflightFinding } from "#domain/evaluation/report.ts";
import { staleScores } from "#domain/evaluation/stale-scores.ts";
import { dividedSlices, undivided, undividedScores } from "#domain/evaluation/units/divided-slices.ts";
import { judgedAlike } from "#domain/evaluation/units/judged-by.ts";
import { unitMetricsOf } from "#domain/evaluation/units/own-metrics.ts";
import { scoreFileGrain, unitGrain } from "#domain/evaluation/units/unit-grain.ts";
import { ownMetric } from "#domain/evaluation/units/unit-metric.ts";
import { missingScores, unitPart } from "#domain/evaluation/units/unit-part.ts";
import { resolveLocation } from "#domain/model/model-definition.ts";
import type { SliceDefinition } from "#domain/model/slice-definition.ts";
import type { Called, UnitScoringRequest } from "#ports/evaluation-engine.ts";
import { type Found, findFile, supplied, type Wanted } from "./find-file.ts";
import type { MeasurePart, PartRequest, Trees } from "./measure-parts.ts";

/** Measures what a model defines itself, and what a judge wrote: from the predictions, and from files of scores beside them. */
export const measureOwnMetrics: MeasurePart = async (world, request) => {
  const { judged, files, noBaseline, baseline, dataset } = request;
  const { evaluation } = judged;
  const parts: MeasuredPart[] = [];
  const common = { dataset, noBaseline, hasBaseline: baseline !== null };
  const metrics = unitMetricsOf(evaluation);
  if (metrics.length > 0) {
    const named = await judgesNamed(world, request);
    const isJudged = evaluation.task === "judged";
    const what = "the judge's scores";
    const called = isJudged ? { called: calledScores(what) } : {};
    const scoring: UnitScoringRequest = { ...files, ...called, metrics, grain: unitGrain(evaluation) };
    const answer = await world.engine.scoreUnits(scoring);
    const part = unitPart({ ...common, answer, what, judged: isJudged, judgedBy: named !== null });
    parts.push({ ...part, preflight: [...(named ?? []), ...staleJudgements(request), ...part.preflight, ...undivided(answer, metrics)] });
    for (const within of dividedSlices(answer)) parts.push(await withinSlices(world, request, scoring, within));
  }
  for (const entry of evaluation.metrics) {
    if (isOwnMetric(entry) && entry.scores !== undefined) parts.push(await scoreFile(world, request, entry, entry.scores));
  }
  return parts;
};

/**
 * The slices of a definition that divides units: in each, a unit's value is that of its rows in the slice, and the unit is its own
 * cluster. Only the slices are measured; all rows together are another part's.
 */
async function withinSlices(
  { engine }: Trees,
  { dataset, noBaseline, baseline }: PartRequest,
  scoring: UnitScoringRequest,
  within: SliceDefinition,
): Promise<MeasuredPart> {
  const answer = await engine.scoreUnits({ ...scoring, slices: [within], grain: { ...scoring.grain, within } });
  const hasBaseline = baseline !== null;
  const part = unitPart({ answer, dataset, noBaseline, hasBaseline, what: "the rows of a slice", judged: false, judgedBy: false });
  const { table, problems } = answer;
  const tooMany = table === null || part.measurements.length > 0 ? [] : part.preflight.filter(({ verdict }) => verdict === "error");
  return {
    preflight: [...problems, ...tooMany],
    measurements: part.measurements.filter(({ slice }) => slice !== null),
    source: part.source,
  };
}

/** A judge's scores of two artifacts that are the same bytes; a preference is of both arms at once, and lies in one file. */
function staleJudgements({ judged, baseline, predictions }: PartRequest): readonly PreflightFinding[] {
  const { task, identical, metrics } = judged.evaluation;
  if (task !== "judged" || metrics.every((entry) => entry === "preference")) return [];
  const own = { file: predictions.candidate, artifact: judged.artifact.digest };
  const other = baseline === null ? null : { file: predictions.baseline, artifact: baseline.digest };
  return staleScores("the judge's scores", own, other, identical);
}

/** A file of scores is not of predictions, and who reads of a mistake in it looks for the file that is meant. */
function calledScores(what: string): Called {
  return { candidate: `${what} of the candidate`, baseline: `${what} of the baseline` };
}

/** A file of scores of each arm, from its own tree by the default branch's template. */
async function scoreFile(world: Trees, request: PartRequest, entry: OwnMetricEntry, template: string): Promise<MeasuredPart> {
  const { judged, files, baseline, dataset } = request;
  const { evaluation } = judged;
  const metric = ownMetric(entry);
  const what = `the scores of ${entry.name}`;
  const [candidate, other] = await bothArms(world, request, template, {
    what,
    code: "scores",
    whenMissing: "no-data",
  });
  const problems = [candidate, other].flatMap((found) => (found?.problem === undefined ? [] : [found.problem]));
  if (candidate.file === undefined || problems.some(({ verdict }) => verdict === "error"))
    return missingScores(metric, problems, dataset.name);
  const describes = evaluation.columns.cluster !== undefined || evaluation.columns.weight !== undefined || evaluation.slices.length > 0;
  const answer = await world.engine.scoreUnits({
    ...files,
    candidate: [candidate.file],
    baseline: other?.file === undefined ? null : [other.file],
    labels: describes ? (files.labels ?? files.candidate) : null,
    metrics: [metric],
    grain: scoreFileGrain(evaluation),
    called: {
      ...calledScores(what),
      ...(files.labels === null && { labels: "the candidate's predictions" }),
    },
  });
  const stale = staleScores(
    what,
    { file: candidate.digest, artifact: judged.artifact.digest },
    baseline === null ? null : { file: other?.digest ?? null, artifact: baseline.digest },
    evaluation.identical,
  );
  const part = unitPart({
    answer,
    dataset,
    noBaseline: baseline === null ? "no-baseline" : "scores-missing",
    hasBaseline: baseline !== null,
    what,
    judged: true,
    judgedBy: false,
  });
  const inputs = { scores: { [entry.name]: supplied(candidate, other) } };
  const preflight = [...problems, ...stale, ...part.preflight, ...undividedScores(answer, metric)];
  return { ...part, preflight, inputs };
}

/** Both arms' files of a template of the default branch; none of the baseline where there is no baseline. */
async function bothArms(
  { trusted, head }: Trees,
  { judged, baseline, folder }: PartRequest,
  template: string,
  wanted: Pick<Wanted, "what" | "code" | "whenMissing">,
): Promise<readonly [Found, Found | null]> {
  const find = (tree: Trees["head"], arm: string, version: string, digest: string): Promise<Found> => {
    const written = resolveLocation(template, version, digest);
    return findFile([tree], fileLocation(written, folder), { ...wanted, what: `${wanted.what} of the ${arm}`, written });
  };
  const candidate = await find(head, "candidate", judged.version, judged.artifact.digest);
  return [candidate, baseline === null ? null : await find(trusted, "baseline", baseline.version, baseline.digest ?? "")];
}

/** What the files of `evaluation.judgedBy` say; null where the model names none. */
async function judgesNamed(world: Trees, request: PartRequest): Promise<readonly PreflightFinding[] | null> {
  const template = request.judged.evaluation.judgedBy;
  if (template === undefined) return null;
  const wanted = { what: "the file that names the judge", code: "judged-by", whenMissing: "error" } as const;
  const [candidate, baseline] = await bothArms(world, request, template, wanted);
  const problems = [candidate, baseline].flatMap((found) => (found?.problem === undefined ? [] : [found.problem]));
  if (candidate.file === undefined || problems.length > 0) return problems;
  const own = await world.head.text(candidate.file.name);
  const other = baseline?.file === undefined ? null : await world.trusted.text(baseline.file.name);
  return judgedAlike(own.kind === "text" ? own.text : "", other === null ? null : other.kind === "text" ? other.text : "");
}
