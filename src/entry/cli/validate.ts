import { localDocuments } from "#adapters/workspace/local-documents.ts";
import { printProblem } from "#domain/text/problem.ts";
import { type ValidatedDocument, validateModels } from "#flows/validate-models.ts";
import { terminalText } from "./terminal-text.ts";
import { exitCodes, jsonOption, type Verb } from "./verb.ts";

export const validate: Verb = {
  words: "[paths…]",
  options: { json: jsonOption },
  notes: [
    "A path is a file, or a folder in which Slipway's files are looked up; without one, the folder you are in.",
    "Exit codes: 0 all valid; 1 something is wrong; 64 wrong usage.",
  ],
  examples: [
    "slipway validate",
    "slipway validate models/search-ranker/model.yaml",
    "slipway validate ../environments/.slipway/policy.yaml --json",
  ],
  async run(given, io) {
    const documents = await validateModels(localDocuments(io.workingFolder), given.positionals.length > 0 ? given.positionals : ["."]);
    const valid = documents.every(({ problems }) => problems.length === 0);
    io.out(given.flag("json") ? printJson(documents, valid) : printText(documents));
    return valid ? exitCodes.done : exitCodes.refused;
  },
};

function printJson(documents: readonly ValidatedDocument[], valid: boolean): string {
  const files = documents.map(({ file, kind, problems }) => ({
    file,
    kind,
    problems: problems.map(({ line, column, path, message }) => ({ line, column, path, message })),
  }));
  return `${JSON.stringify({ schema: "slipway/validation/v1", valid, files }, null, 2)}\n`;
}

function printText(documents: readonly ValidatedDocument[]): string {
  const lines = documents.flatMap(({ file, problems }) => (problems.length === 0 ? [`${file} is valid`] : problems.map(printProblem)));
  return `${lines.map(terminalText).join("\n")}\n`;
}
