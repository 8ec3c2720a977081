import { evidenceSchemaName, printEvidence } from "#domain/evaluation/evidence.ts";
import { printReport, type Run } from "#domain/evaluation/report.ts";
import { type Verdict, worstVerdict } from "#domain/evaluation/verdict.ts";
import { digestOf } from "#domain/evidence/accept-run.ts";
import type { Digest, ModelName } from "#domain/model/names.ts";
import { definitionPath } from "#domain/report/changed-models.ts";
import { type EvaluationOutcome, type EvaluationWorld, evaluateModel } from "./evaluate-model.ts";

export interface HeadEvaluation {
  readonly models: readonly {
    readonly model: ModelName;
    readonly outcome: EvaluationOutcome;
    readonly verdict: Verdict;
  }[];
  /** The worst of its models; `pass` when none changed. */
  readonly verdict: Verdict;
  /** Exact bytes of `evidence.json`, whose digest the run's token is bound to. */
  readonly evidence: { readonly text: string; readonly digest: Digest };
  /** Exact bytes of each report, by file name. */
  readonly reports: ReadonlyMap<string, string>;
}

/** Evaluates the models of one pull request's head, one after the other, into one piece of evidence. */
export async function evaluateHead(world: EvaluationWorld, run: Run, models: readonly ModelName[]): Promise<HeadEvaluation> {
  const outcomes: { readonly model: ModelName; readonly outcome: EvaluationOutcome }[] = [];
  for (const model of models) {
    const folder = definitionPath(model).replace(/\/model\.yaml$/, "");
    outcomes.push({ model, outcome: await evaluateModel(world, { model, folder, run, baseline: undefined }) });
  }

  const printed = outcomes.flatMap(({ model, outcome }) => {
    if (outcome.kind !== "evaluated") return [];
    const text = printReport(outcome.report);
    return [{ model, file: `report-${model}.json`, text, digest: digestOf(new TextEncoder().encode(text)) }];
  });
  const evidence = printEvidence({
    schema: evidenceSchemaName,
    run,
    reports: printed.map(({ model, file, digest }) => ({ model, file, digest })),
  });
  const judged = outcomes.map(({ model, outcome }) => ({
    model,
    outcome,
    verdict: verdictOf(outcome),
  }));

  return {
    models: judged,
    verdict: judged.length === 0 ? "pass" : worstVerdict(judged.map(({ verdict }) => verdict)),
    evidence: { text: evidence, digest: digestOf(new TextEncoder().encode(evidence)) },
    reports: new Map(printed.map(({ file, text }) => [file, text])),
  };
}

/** As the App judges it: what is live already, or goes, needs no evidence. */
function verdictOf(outcome: EvaluationOutcome): Verdict {
  switch (outcome.kind) {
    case "evaluated":
      return outcome.report.verdict;
    case "unchanged":
    case "removed":
      return "pass";
    case "invalid":
      return "error";
  }
}
