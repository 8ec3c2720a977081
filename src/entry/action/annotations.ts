import { checkDefinition } from "#domain/model/definition-rules.ts";
import { modelDefinitionSchema } from "#domain/model/model-definition.ts";
import { type ModelName, short } from "#domain/model/names.ts";
import { definitionPath } from "#domain/report/changed-models.ts";
import { reportSentence } from "#domain/report/headline.ts";
import { verdictWords } from "#domain/report/verdict-words.ts";
import { parseWithSchema } from "#domain/text/parse-with-schema.ts";
import type { HeadEvaluation } from "#flows/evaluate-head.ts";
import type { Annotation } from "#ports/runner.ts";
import type { Workspace } from "#ports/workspace.ts";

/** What the pull request's files should say beside their lines, the gravest first. */
export async function annotationsOf({ models }: HeadEvaluation, head: Workspace): Promise<readonly Annotation[]> {
  const ofModels = models.flatMap(({ model, outcome }): readonly Annotation[] => {
    switch (outcome.kind) {
      case "invalid":
        return outcome.problems.map(({ file, line, column, message }) => ({ level: "error", message, place: { file, line, column } }));
      case "removed":
        return [{ level: "notice", message: `${model} is not in the head: there is nothing to evaluate.` }];
      case "unchanged":
        return [
          {
            level: "notice",
            message: `${model} ${outcome.version.version} (${short(outcome.version.digest)}) is live in ${outcome.environment} already: there is nothing to release.`,
          },
        ];
      case "evaluated": {
        const { report, notices } = outcome;
        const level = ({ fail: "error", error: "error", "no-data": "warning", inconclusive: "warning", pass: "notice" } as const)[
          report.verdict
        ];
        const message = `${model}: ${verdictWords[report.verdict].word}: ${reportSentence(report, report.verdict)}`;
        const place = { file: definitionPath(model), line: 1, column: 1 };
        const errors = report.preflight.filter((finding) => finding.verdict === "error");
        return [
          { level, message, place },
          ...errors.map((finding): Annotation => ({ level: "error", message: finding.message, place })),
          ...notices.map((notice): Annotation => ({ level: "notice", message: notice })),
        ];
      }
    }
  });
  const proposed = await Promise.all(
    models.flatMap(({ model, outcome }) => (outcome.kind === "evaluated" ? [proposedProblems(model, head)] : [])),
  );
  return [...ofModels, ...proposed.flat()];
}

/** What would be wrong with the default branch once this is merged; it decides nothing here. */
async function proposedProblems(model: ModelName, head: Workspace): Promise<readonly Annotation[]> {
  const file = definitionPath(model);
  const read = await head.text(file);
  if (read.kind !== "text") return [];
  const parsed = parseWithSchema(modelDefinitionSchema, read.text, file);
  if (parsed.kind === "invalid") return [];
  return checkDefinition(parsed.value, read.text, file).map(({ line, column, message }) => ({
    level: "warning",
    message,
    place: { file, line, column },
  }));
}
