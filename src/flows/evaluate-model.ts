import { assembleReport } from "#domain/evaluation/assemble-report.ts";
import type { PreflightFinding, Report, Run } from "#domain/evaluation/report.ts";
import { checkMetrics } from "#domain/model/definition-rules.ts";
import { ignoredChanges, judgedDefinition } from "#domain/model/model-definition.ts";
import type { EnvironmentName, ModelName, VersionRef } from "#domain/model/names.ts";
import { datasetPath } from "#domain/report/changed-models.ts";
import { evaluationDigest } from "#domain/report/evaluation-digest.ts";
import { definitionsOf, gatesFor } from "#domain/report/judge-pull-request.ts";
import type { Problem } from "#domain/text/problem.ts";
import type { DataFiles } from "#ports/data-files.ts";
import type { EvaluationEngine } from "#ports/evaluation-engine.ts";
import type { SlipwayApp } from "#ports/slipway-app.ts";
import type { Workspace } from "#ports/workspace.ts";
import { type AskedBaseline, baselineOf } from "./baseline-of.ts";
import { type Explained, explainUnit } from "./explain-unit.ts";
import type { RemoteAccess } from "./find-input.ts";
import { measureModel } from "./measure-model.ts";
import { readExamples } from "./read-examples.ts";

/** All that evaluating touches: the default branch's tree, which says the rules, and the head's, which proposes. On a laptop both are one. */
export interface EvaluationWorld {
  readonly trusted: Workspace;
  readonly head: Workspace;
  readonly engine: EvaluationEngine;
  readonly remote?: RemoteAccess | undefined;
  /** undefined where there is no App, or none that would answer. */
  readonly app: SlipwayApp | undefined;
}

export interface EvaluationRequest {
  readonly model: ModelName;
  /** Of its model.yaml, relative to the root of both trees; "" is the root. */
  readonly folder: string;
  /** null on a laptop. */
  readonly run: Run | null;
  /** What a person asked for; undefined to take what is live. */
  readonly baseline: AskedBaseline | undefined;
  /** A unit whose numbers a person wants explained. */
  readonly explain?: { readonly unit: string; readonly files: DataFiles } | undefined;
}

export type EvaluationOutcome =
  | {
      readonly kind: "evaluated";
      readonly report: Report;
      /** Parts of the head's definition that do not count. */
      readonly ignored: readonly string[];
      readonly notices: readonly string[];
      /** Absent where nobody asked. */
      readonly explained?: Explained;
    }
  /** The proposed digest is live already: there is nothing to measure. */
  | { readonly kind: "unchanged"; readonly version: VersionRef; readonly environment: EnvironmentName }
  | { readonly kind: "removed" }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/** Measures what the head proposes for one model against its baseline, by the default branch's definition (invariant 4). Runs nothing of either tree. */
export async function evaluateModel(world: EvaluationWorld, request: EvaluationRequest): Promise<EvaluationOutcome> {
  const path = request.folder === "" ? "model.yaml" : `${request.folder}/model.yaml`;
  const [headText, trustedText] = await Promise.all([textIn(world.head, path), textIn(world.trusted, path)]);
  const unreadable = [headText, trustedText].flatMap((read) => (read.kind === "refused" ? [wholeFile(path, read.reason)] : []));
  if (unreadable.length > 0) return { kind: "invalid", problems: unreadable };
  const definitions = definitionsOf({ model: request.model, headText: headText.text, trustedText: trustedText.text }, path);
  const ofBranch = headText.text === trustedText.text ? "" : "on the default branch: ";
  if (definitions.kind === "invalid") {
    const headAlone = definitionsOf({ model: request.model, headText: headText.text, trustedText: undefined }, path);
    return { kind: "invalid", problems: headAlone.kind === "invalid" ? headAlone.problems : said(ofBranch, definitions.problems) };
  }
  if (definitions.kind === "removed") return definitions;
  const { isNew, head, trusted } = definitions;
  const unmeasurable = checkMetrics(trusted, (isNew ? headText.text : trustedText.text) ?? "", path);
  if (unmeasurable.length > 0) return { kind: "invalid", problems: said(isNew ? "" : ofBranch, unmeasurable) };

  const judged = judgedDefinition(trusted, head);
  const dataset = await textIn(isNew ? world.head : world.trusted, datasetPath(judged.evaluation.dataset));
  if (dataset.kind === "refused") return { kind: "invalid", problems: [wholeFile(datasetPath(judged.evaluation.dataset), dataset.reason)] };
  const candidate: VersionRef = { version: head.version, digest: head.artifact.digest };
  const { baseline, floors, notices } = await baselineOf(world.app, request, candidate, isNew ? null : trusted);
  if (baseline?.environment != null && baseline.digest === candidate.digest) {
    return { kind: "unchanged", version: candidate, environment: baseline.environment };
  }
  const ignored = ignoredChanges(trusted, head);
  const measured = await measureModel(world, { judged, trusted, isNew, baseline, folder: request.folder, datasetText: dataset.text });
  const gates = gatesFor(definitions, { floors }, baseline === null);
  const examples = await readExamples(world.engine, measured, measured.files, gates);

  const report = assembleReport({
    header: {
      model: request.model,
      candidate,
      baseline,
      run: request.run,
      inputs: { definition: evaluationDigest(judged.evaluation, dataset.text), ...measured.inputs },
      dataset: measured.dataset,
    },
    answer: {
      ...measured.answer,
      problems: [...definitionFindings(path, isNew, ignored), ...measured.answer.problems],
    },
    others: measured.others,
    examples,
    gates,
    identical: judged.evaluation.identical,
    negativeLabels: judged.evaluation.negativeLabels,
  });
  const explained = request.explain && (await explainUnit(request.explain.files, judged.evaluation, measured, request.explain.unit));
  return { kind: "evaluated", report, ignored, notices, ...(explained && { explained }) };
}

/** What a reader of the report must know of the definition by which it was measured. */
function definitionFindings(path: string, isNew: boolean, ignored: readonly string[]): readonly PreflightFinding[] {
  if (isNew) {
    const message = `The default branch has no ${path}: measured by the definition that is proposed. Its own gates only inform; the policy's floor judges.`;
    return [{ code: "new-model", verdict: "pass", message }];
  }
  if (ignored.length === 0) return [];
  const message = `Changes of ${ignored.join(", ")} do not count before they are merged: measured and judged by the default branch's definition.`;
  return [{ code: "ignored-changes", verdict: "pass", message }];
}

type ReadText =
  | { readonly kind: "read"; readonly text: string | undefined }
  | { readonly kind: "refused"; readonly text?: undefined; readonly reason: string };

async function textIn(tree: Workspace, path: string): Promise<ReadText> {
  const read = await tree.text(path);
  if (read.kind === "refused") return read;
  return { kind: "read", text: read.kind === "text" ? read.text : undefined };
}

/** A place in a file of the default branch looks like one of the head's: who reads of it must know. */
function said(where: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, message: `${where}${problem.message}` }));
}

function wholeFile(file: string, reason: string): Problem {
  return { file, line: 1, column: 1, path: [], message: `the file is not read: ${reason}` };
}
