import { stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { localWorkspace } from "#adapters/workspace/local-workspace.ts";
import { writeWholeFile } from "#adapters/workspace/write-whole.ts";
import { type GatePresetName, gatePresetNames } from "#domain/gate/gate-preset.ts";
import { type ModelName, modelNameSchema } from "#domain/model/names.ts";
import { definitionPath } from "#domain/report/changed-models.ts";
import type { Question } from "#flows/guess-definition.ts";
import { type InitAnswer, type InitRequest, initModel } from "#flows/init-model.ts";
import { named } from "./named.ts";
import { terminalText } from "./terminal-text.ts";
import { exitCodes, type Given, type Io, type Verb, WrongUsage } from "./verb.ts";

export const init: Verb = {
  words: "[models/<name>]",
  options: {
    predictions: { value: "<file>", about: "the candidate's predictions: Parquet, CSV, TSV or JSON lines" },
    baseline: { value: "<file>", about: "the predictions of the version that it is compared with" },
    labels: { value: "<file>", about: "the truth, where the predictions do not hold it" },
    artifact: { value: "<file>", about: "the candidate's model file; without it the predictions stand for it" },
    task: { value: "<task>", about: "ranking, classification, regression, retrieval, bandit or judged, when the guess is wrong" },
    query: { value: "<column>", about: "the column that names a query, when the guess is wrong" },
    item: { value: "<column>", about: "the column that names an item, a row or a judged unit" },
    score: { value: "<column>", about: "the column of the model's score, prediction or probability, or of a judge's score" },
    label: { value: "<column>", about: "the column of the truth, or of a logged decision's reward" },
    propensity: { value: "<column>", about: "bandit: the column of the probability with which the logged action was taken" },
    positive: { value: "<value>", about: "classification: the label that counts as positive" },
    force: { about: "overwrite a model.yaml that is there already" },
  },
  notes: [
    "Writes models/<name>/model.yaml and datasets/<name>-eval.yaml below the folder you are in; the name is that of the folder, when left out. The data must lie below it too.",
    "What the files do not tell is asked for on a terminal; elsewhere the message names the option that tells it.",
    "Exit codes: 0 written; 1 the files cannot be used, or model.yaml is there already; 64 wrong usage.",
  ],
  examples: [
    "slipway init --predictions new.parquet --baseline old.parquet --labels grades.parquet",
    "slipway init models/fraud --predictions runs/new.csv --baseline runs/old.csv --task classification --label is_fraud",
  ],
  async run(given, io) {
    const { root, model } = place(given, io);
    const request = requestOf(given, io, root, model);
    const file = join(root, definitionPath(model));
    if (!given.flag("force") && (await isThere(file))) return refuse([`${shown(io, file)} is there already: --force overwrites it.`], io);

    // The engine takes longer to load than everything else together.
    const { withEvaluationEngine } = await import("#entry/evaluation-engine.ts");
    const ask = (question: Question) => asked(question, io);
    const answer = await withEvaluationEngine((engine, files) =>
      initModel({ workspace: localWorkspace(root), files, engine, ask }, request),
    );

    if (answer.kind === "refused") return refuse(answer.reasons, io);
    for (const [path, text] of answer.files) await writeWholeFile(join(root, path), text);
    io.out(`${linesOf(answer, root, model, io).map(terminalText).join("\n")}\n`);
    return exitCodes.done;
  },
};

interface Place {
  readonly root: string;
  readonly model: ModelName;
}

function place({ positionals }: Given, io: Io): Place {
  const [written, ...more] = positionals;
  if (more.length > 0) throw new WrongUsage("slipway init takes one folder, such as models/search-ranker");
  if (written === undefined) {
    const words = basename(io.workingFolder)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-");
    const name = modelNameSchema.safeParse(words.slice(0, 52).replaceAll(/^-+|-+$/g, ""));
    return { root: io.workingFolder, model: name.success ? name.data : modelNameSchema.parse("model") };
  }
  const folder = resolve(io.workingFolder, written);
  if (basename(dirname(folder)) !== "models")
    throw new WrongUsage(`a model lies in models/<name>, and ${written} does not: try models/${basename(folder)}`);
  return { root: dirname(dirname(folder)), model: named(modelNameSchema, basename(folder), "the model's name") };
}

function requestOf(given: Given, io: Io, root: string, model: ModelName): InitRequest {
  const below = (option: string): string | undefined => {
    const written = given.text(option);
    if (written === undefined) return undefined;
    const path = relative(root, resolve(io.workingFolder, written)).split(sep).join("/");
    if (path === "" || path.startsWith("../") || path === ".." || path.startsWith("/"))
      throw new WrongUsage(`--${option} ${written} lies outside of ${root}, where a model's files belong: copy it there`);
    return path;
  };
  const [predictions, baseline] = [below("predictions"), below("baseline")];
  if (predictions === undefined || baseline === undefined)
    throw new WrongUsage(
      "slipway init needs --predictions <file> and --baseline <file>: what the candidate and what it is compared with predicted",
    );
  const columns = Object.fromEntries(
    (["query", "item", "score", "label", "propensity"] as const).flatMap((role) => {
      const column = given.text(role);
      return column === undefined ? [] : [[role, column]];
    }),
  );
  return {
    model,
    predictions,
    baseline,
    labels: below("labels"),
    artifact: below("artifact"),
    task: taskOf(given.text("task")),
    columns,
    positive: given.text("positive"),
  };
}

function taskOf(written: string | undefined): GatePresetName | undefined {
  if (written === undefined) return undefined;
  const task = gatePresetNames.find((known) => known === written);
  if (task === undefined) throw new WrongUsage(`--task ${JSON.stringify(written)}: slipway init knows ${gatePresetNames.join(", ")}`);
  return task;
}

/** Asks until an answer is one of the choices, by its number or its name. */
async function asked({ text, choices }: Question, { ask }: Io): Promise<string | undefined> {
  if (ask === undefined) return undefined;
  const lines = [text, ...choices.map((choice, index) => `  ${index + 1}  ${choice}`)].map(terminalText);
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const answer = (await ask(`${lines.join("\n")}\n> `)).trim();
    const chosen = choices.find((choice, index) => answer === choice || answer === String(index + 1));
    if (chosen !== undefined) return chosen;
  }
  return undefined;
}

function refuse(reasons: readonly string[], io: Io): number {
  io.note(reasons.map((reason) => `slipway: ${terminalText(reason)}\n`).join(""));
  return exitCodes.refused;
}

function linesOf(
  { files, gates, notes, baseline }: Extract<InitAnswer, { kind: "proposed" }>,
  root: string,
  model: ModelName,
  io: Io,
): readonly string[] {
  const folder = shown(io, dirname(join(root, definitionPath(model))));
  return [
    ...[...files.keys()].map((path) => `wrote ${shown(io, join(root, path))}`),
    ...notes,
    "Gates:",
    ...gates.map(
      ({ rule, reason }) =>
        `  ${rule.metric} no worse than ${rule.noWorseThan}${rule.blocks === undefined ? "" : ", blocks on harm only"}: ${reason}`,
    ),
    "Next:",
    `  slipway validate ${folder}`,
    `  slipway evaluate ${folder} --baseline ${baseline}`,
  ];
}

function shown(io: Io, path: string): string {
  return relative(io.workingFolder, path) || ".";
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
