import type { Report } from "#domain/evaluation/report.ts";
import { type ProposedGate, proposeGates, trialGates } from "#domain/gate/propose-gates.ts";
import type { DescribedFile } from "#domain/model/described-file.ts";
import { type ModelName, versionLabelSchema } from "#domain/model/names.ts";
import { type ProposedDefinition, printProposedDataset, printProposedDefinition } from "#domain/model/proposed-definition.ts";
import { versionTemplate } from "#domain/model/version-template.ts";
import { datasetPath, definitionPath } from "#domain/report/changed-models.ts";
import type { DataFiles } from "#ports/data-files.ts";
import type { EvaluationEngine } from "#ports/evaluation-engine.ts";
import type { Workspace } from "#ports/workspace.ts";
import { evaluateModel } from "./evaluate-model.ts";
import { type Asking, guessDefinition, type SaidDefinition } from "./guess-definition.ts";
import { Refused } from "./refused.ts";

export interface InitWorld extends Asking {
  readonly workspace: Workspace;
  readonly files: DataFiles;
  readonly engine: EvaluationEngine;
}

/** Paths are relative to the root of the workspace. */
export interface InitRequest extends SaidDefinition {
  readonly model: ModelName;
  readonly predictions: string;
  readonly baseline: string;
  readonly labels: string | undefined;
  readonly artifact: string | undefined;
}

export type InitAnswer =
  | {
      readonly kind: "proposed";
      /** Texts by path; a dataset file that is there already is not among them. */
      readonly files: ReadonlyMap<string, string>;
      readonly baseline: string;
      readonly gates: readonly ProposedGate[];
      /** What was found or guessed, a sentence each. */
      readonly notes: readonly string[];
    }
  | { readonly kind: "refused"; readonly reasons: readonly string[] };

/** Proposes a model.yaml from a look at two predictions files: columns and task guessed, asked for when unsure, margins as small as the files can prove. */
export async function initModel(world: InitWorld, request: InitRequest): Promise<InitAnswer> {
  try {
    return await propose(world, request);
  } catch (error) {
    if (error instanceof Refused) return { kind: "refused", reasons: [error.message] };
    throw error;
  }
}

async function propose(world: InitWorld, request: InitRequest): Promise<InitAnswer> {
  const template = versionTemplate(request.predictions, request.baseline);
  if (template === null)
    throw new Refused(
      `Both versions' predictions are found by one path with {version} in it, and ${request.predictions} and ${request.baseline} have none in common: name them alike, such as predictions-new.parquet and predictions-old.parquet.`,
    );
  const seen = {
    candidate: await described(world, request.predictions),
    baseline: await described(world, request.baseline),
    labels: request.labels === undefined ? null : await described(world, request.labels),
  };
  const guessed = await guessDefinition(world, request, seen);
  const artifact = await artifactOf(world.workspace, request.artifact ?? request.predictions);
  const dataset = `${request.model}-eval`;

  const wanted: ProposedDefinition = {
    name: request.model,
    version: template.candidate,
    artifact,
    artifactNamed: request.artifact !== undefined,
    task: guessed.task,
    dataset,
    predictions: fromModel(template.template),
    labels: request.labels === undefined ? null : fromModel(request.labels),
    columns: guessed.columns,
    metrics: guessed.metrics,
    gates: trialGates(guessed.metrics).map((rule) => ({ rule, reason: "tried" })),
    sliceable: sliceableIn(seen.labels ?? seen.candidate, Object.values(guessed.columns)),
  };
  const existing = await world.workspace.text(datasetPath(dataset));
  const datasetText = existing.kind === "text" ? existing.text : printProposedDataset(dataset);
  const report = await tried(world, wanted, datasetText, template.baseline);
  const errors = report.preflight.filter(({ verdict }) => verdict === "error").map(({ message }) => message);
  if (errors.length > 0) return { kind: "refused", reasons: errors };

  const gates = proposeGates(guessed.metrics, report);
  if (gates.length === 0) return { kind: "refused", reasons: whyNoGate(report) };
  const metrics = guessed.metrics.filter((metric) => gates.some(({ rule }) => rule.metric === metric));
  const files = new Map([[definitionPath(request.model), printProposedDefinition({ ...wanted, metrics, gates })]]);
  if (existing.kind !== "text") files.set(datasetPath(dataset), datasetText);
  const dropped = guessed.metrics.filter((metric) => !metrics.includes(metric));
  const notes = [
    ...guessed.notes,
    ...dropped.map((metric) => `Left out: ${report.gates.find((gate) => gate.metric === metric)?.message ?? metric}`),
    ...tooFew(report),
  ];
  return { kind: "proposed", files, baseline: template.baseline, gates, notes };
}

async function described({ workspace, files }: InitWorld, path: string): Promise<DescribedFile> {
  const located = await workspace.locate(path);
  if (located.kind === "missing") throw new Refused(`There is no file ${path}.`);
  if (located.kind === "refused") throw new Refused(`${path} cannot be read: ${located.reason}.`);
  const answer = await files.describe({ path: located.file, name: path });
  if (answer.kind === "refused") throw new Refused(answer.reason);
  return answer.file;
}

/** Columns that could be slices, of the file that says what a row is. */
function sliceableIn({ columns }: DescribedFile, taken: readonly unknown[]): readonly string[] {
  return columns.flatMap(({ name, type, values }) =>
    type !== "other" && values !== null && values.length > 1 && name !== "name" && !taken.includes(name) ? [name] : [],
  );
}

async function artifactOf(workspace: Workspace, path: string): Promise<ProposedDefinition["artifact"]> {
  const located = await workspace.locate(path);
  if (located.kind !== "file")
    throw new Refused(`The artifact ${path} cannot be read: ${located.kind === "missing" ? "there is no such file" : located.reason}.`);
  const format = /\.([0-9a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "file";
  return { uri: fromModel(path), format, digest: await workspace.digest(located.file) };
}

/** Evaluates by the proposed definition before it is written anywhere. */
async function tried({ workspace, engine }: InitWorld, wanted: ProposedDefinition, datasetText: string, baseline: string): Promise<Report> {
  const texts = new Map([
    [definitionPath(wanted.name), printProposedDefinition(wanted)],
    [datasetPath(wanted.dataset), datasetText],
  ]);
  const tree: Workspace = {
    ...workspace,
    text: async (path) => {
      const text = texts.get(path);
      return text === undefined ? workspace.text(path) : { kind: "text", text };
    },
  };
  const folder = definitionPath(wanted.name).replace(/\/model\.yaml$/, "");
  const outcome = await evaluateModel(
    { trusted: tree, head: tree, engine, app: undefined },
    { model: wanted.name, folder, run: null, baseline: { version: versionLabelSchema.parse(baseline) } },
  );
  if (outcome.kind === "evaluated") return outcome.report;
  const why = outcome.kind === "invalid" ? outcome.problems.map(({ message }) => message).join("; ") : outcome.kind;
  throw new RangeError(`the proposed definition is refused by Slipway itself: ${why}`);
}

function whyNoGate({ gates, preflight }: Report): readonly string[] {
  const messages = preflight.filter(({ verdict }) => verdict !== "pass").map(({ message }) => message);
  return [
    "No metric could be compared, so there is no gate to propose.",
    ...messages,
    ...new Set(gates.slice(0, 1).map(({ message }) => message)),
  ];
}

/** The judge wants so many units before it believes an interval. */
function tooFew({ gates }: Report): readonly string[] {
  const message = gates.find(({ reason }) => reason === "too-few-clusters")?.message;
  return message === undefined
    ? []
    : ["These files have fewer than 30 independent units: every gate will be inconclusive until there are more."];
}

/** model.yaml lies two folders below the root. */
function fromModel(path: string): string {
  return `../../${path}`;
}
