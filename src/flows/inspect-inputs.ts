import { fileLocation } from "#domain/evaluation/file-location.ts";
import type { InputFacts } from "#domain/evaluation/input-facts.ts";
import { leakageFindings } from "#domain/evaluation/leakage.ts";
import type { PreflightFinding } from "#domain/evaluation/report.ts";
import { answeredBy } from "#domain/evaluation/units/unit-grain.ts";
import { type EvaluationDefinition, type ModelDefinition, resolveLocation } from "#domain/model/model-definition.ts";
import type { InputFile, InspectionRequest } from "#ports/evaluation-engine.ts";
import { type Found, findFile } from "./find-file.ts";
import type { Trees } from "./measure-parts.ts";

export type InspectedFiles = Pick<InspectionRequest, "candidate" | "baseline" | "labels">;

const nothingFound: InputFacts = { snapshots: null, times: null, seen: null };

/** Whether both arms are about the same state of the world, and whether training saw what is evaluated, as far as the definition asks. */
export async function inspectInputs(
  world: Trees,
  { judged, folder }: { readonly judged: ModelDefinition; readonly folder: string },
  files: InspectedFiles,
): Promise<readonly PreflightFinding[]> {
  const { evaluation, lineage } = judged;
  const training = await trainingFile(world, judged, folder);
  if (training?.problem !== undefined) return [training.problem];
  const { facts, problems } = await looked(world, evaluation, files, training?.file);

  if (facts === null) return problems;
  const { trainingUnits, window } = evaluation;
  const allowSeen = typeof trainingUnits === "object" ? trainingUnits.allow : 0;
  return [...problems, ...leakageFindings({ facts, window, trainedUntil: lineage?.trainedUntil, allowSeen })];
}

function looked(
  { engine }: Trees,
  { task, columns }: EvaluationDefinition,
  files: InspectedFiles,
  training: InputFile | undefined,
): ReturnType<Trees["engine"]["inspect"]> {
  const asked = columns.snapshot !== undefined || columns.time !== undefined || training !== undefined;
  if (!asked) return Promise.resolve({ facts: nothingFound, problems: [] });
  const unit = columns.unit === undefined ? answeredBy({ task, columns }) : [columns.unit];
  return engine.inspect({ ...files, columns, unit, training: training === undefined ? null : [training] });
}

/** Each version has its own training: `{version}` stands for the candidate's, whose file comes with it unless the default branch has it. */
async function trainingFile({ trusted, head }: Trees, judged: ModelDefinition, folder: string): Promise<Found | null> {
  const { trainingUnits } = judged.evaluation;
  if (trainingUnits === undefined) return null;
  const template = typeof trainingUnits === "string" ? trainingUnits : trainingUnits.file;
  const written = resolveLocation(template, judged.version, judged.artifact.digest);
  const what = "the units of training";
  const trees = written === template ? [trusted] : [trusted, head];
  return findFile(trees, fileLocation(written, folder), { what, written, code: "training-units", whenMissing: "error" });
}
