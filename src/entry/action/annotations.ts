import type { Report } from "#domain/evaluation/report.ts";
import { blocks } from "#domain/gate/judge-gates.ts";
import { checkDefinition } from "#domain/model/definition-rules.ts";
import { gatePlaces } from "#domain/model/gate-places.ts";
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
  const read = await Promise.all(models.flatMap(({ model, outcome }) => (outcome.kind === "evaluated" ? [proposed(model, head)] : [])));
  const definitions = read.flatMap((found) => (found === undefined ? [] : [found]));
  const placesOf = new Map(definitions.map(({ model, placeOf }) => [model, placeOf]));
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
        const message = `${model}: ${verdictWords[report.verdict].word}: ${reportSentence(report, report.verdict)}`;
        const place = { file: definitionPath(model), line: 1, column: 1 };
        const errors = report.preflight.filter((finding) => finding.verdict === "error");
        return [
          { level: levels[report.verdict], message, place },
          ...gateAnnotations(report, placesOf.get(model)),
          ...errors.map((finding): Annotation => ({ level: "error", message: finding.message, place })),
          ...notices.map((notice): Annotation => ({ level: "notice", message: notice })),
        ];
      }
    }
  });
  return [...ofModels, ...definitions.flatMap(({ problems }) => problems)];
}

const levels = { fail: "error", error: "error", "no-data": "warning", inconclusive: "warning", pass: "notice" } as const;

/** The gates that stand in the way, each at its line; where nothing could be measured, the preflight's error says so once. */
function gateAnnotations({ gates }: Report, placeOf: Proposed["placeOf"] | undefined): readonly Annotation[] {
  return gates
    .filter((gate) => blocks(gate) && gate.reason !== "invalid-evaluation")
    .map(({ id, verdict, message }) => ({
      level: levels[verdict],
      message,
      ...(placeOf !== undefined && { place: placeOf(id) }),
    }));
}

interface Proposed {
  readonly model: ModelName;
  readonly placeOf: (gate: string) => NonNullable<Annotation["place"]>;
  /** What would be wrong with the default branch once this is merged; it decides nothing here. */
  readonly problems: readonly Annotation[];
}

/** The head's definition as text to point into; undefined where it cannot be read. */
async function proposed(model: ModelName, head: Workspace): Promise<Proposed | undefined> {
  const file = definitionPath(model);
  const read = await head.text(file);
  if (read.kind !== "text") return undefined;
  const parsed = parseWithSchema(modelDefinitionSchema, read.text, file);
  if (parsed.kind === "invalid") return undefined;
  const { gates, evaluation } = parsed.value;
  const places = gatePlaces({ gates, dataset: evaluation.dataset }, read.text, file);
  return {
    model,
    placeOf: (gate) => ({ file, ...places(gate) }),
    problems: checkDefinition(parsed.value, read.text, file).map(({ line, column, message }) => ({
      level: "warning",
      message,
      place: { file, line, column },
    })),
  };
}
