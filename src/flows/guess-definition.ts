import { type GatePresetName, gatePresetNames } from "#domain/gate/gate-preset.ts";
import { presetMetrics } from "#domain/gate/propose-gates.ts";
import type { DescribedColumn, DescribedFile } from "#domain/model/described-file.ts";
import { type ColumnRole, guessColumn } from "#domain/model/guess-columns.ts";
import { guessTask, repeats } from "#domain/model/guess-task.ts";
import type { ProposedDefinition } from "#domain/model/proposed-definition.ts";

/** Something that the files do not tell, and the option that tells it. */
export interface Question {
  readonly option: string;
  readonly text: string;
  readonly choices: readonly string[];
}

export interface Asking {
  /** Asks the person; undefined when there is nobody to ask. */
  ask(question: Question): Promise<string | undefined>;
}

/** What the person said beforehand. */
export interface SaidDefinition {
  readonly task: GatePresetName | undefined;
  readonly columns: Readonly<Partial<Record<ColumnRole, string>>>;
  readonly positive: string | undefined;
}

/** Something cannot be known or used; the message says what to do. */
export class Refused extends Error {
  override readonly name = "Refused";
}

export interface SeenFiles {
  readonly candidate: DescribedFile;
  readonly baseline: DescribedFile;
  readonly labels: DescribedFile | null;
}

export interface GuessedDefinition {
  readonly task: GatePresetName;
  readonly columns: ProposedDefinition["columns"];
  readonly metrics: readonly string[];
  readonly notes: readonly string[];
}

/** What the files mean: as the person said, else as their names and values tell, else as the person answers. */
export async function guessDefinition(
  world: Asking,
  request: SaidDefinition,
  { candidate, baseline, labels }: SeenFiles,
): Promise<GuessedDefinition> {
  const arms = [candidate, baseline];
  const keyed = labels === null ? arms : [...arms, labels];
  const taken: string[] = [];
  const take = async (role: ColumnRole, files: readonly DescribedFile[]): Promise<string> => {
    const column =
      request.columns[role] === undefined ? await columnFor(world, role, files, taken) : given(role, request.columns[role], files);
    taken.push(column);
    return column;
  };
  const score = await take("score", arms);
  const label = await take("label", labels === null ? arms : [labels]);
  const labelColumn = (labels ?? candidate).columns.find(({ name }) => name === label);
  const query = request.columns.query ?? guessedOrNone("query", keyed, taken);
  const likelyItem = request.columns.item ?? guessedOrNone("item", keyed, [...taken, ...(query === undefined ? [] : [query])]);
  const told = guessTask(candidate, { query, item: likelyItem, label: labelColumn });
  const task = request.task ?? told ?? (await taskAsked(world));
  if (task === "ranking") {
    const found = await take("query", keyed);
    const item = await take("item", keyed);
    return {
      task,
      columns: { query: found, item, score, label },
      metrics: presetMetrics(task),
      notes: [said(task, { query: found, item, score, label })],
    };
  }
  const item = await take("item", keyed);
  const positive = task === "classification" ? await positiveOf(world, request.positive, labelColumn) : undefined;
  // Rows of one user speak together: what repeats is the cluster.
  const cluster = query !== item && repeats(candidate, query) ? query : undefined;
  const columns = { item, score, label, ...(positive !== undefined && { positive }), ...(cluster !== undefined && { cluster }) };
  const probabilities = [candidate, baseline].every((file) => file.columns.some((column) => column.name === score && isShare(column)));
  const metrics = presetMetrics(task).filter((metric) => metric !== "log_loss" || probabilities);
  return { task, columns, metrics, notes: [said(task, columns)] };
}

function said(task: GatePresetName, columns: ProposedDefinition["columns"]): string {
  const parts = Object.entries(columns).map(([role, column]) => `${role} ${JSON.stringify(column)}`);
  return `Taken for ${task}, with ${parts.join(", ")}.`;
}

function guessedOrNone(role: ColumnRole, files: readonly DescribedFile[], taken: readonly string[]): string | undefined {
  const guess = guessColumn(role, files, taken);
  return guess.kind === "guessed" ? guess.column : undefined;
}

async function columnFor({ ask }: Asking, role: ColumnRole, files: readonly DescribedFile[], taken: readonly string[]): Promise<string> {
  const guess = guessColumn(role, files, taken);
  if (guess.kind === "guessed") return guess.column;
  const where = files.map(({ name }) => name).join(" and ");
  const what = { query: "the query", item: "the item or row", score: "the model's score", label: "the truth" }[role];
  if (guess.among.length === 0) {
    const columns = files[0]?.columns.map(({ name }) => JSON.stringify(name)).join(", ") ?? "";
    throw new Refused(
      `No column could hold ${what} in ${where}. Found: ${columns}. Add one${role === "label" ? ", or name a file of labels with --labels" : ""}.`,
    );
  }
  const text = `Which column of ${where} holds ${what}?`;
  const answer = await ask({ option: role, text, choices: guess.among });
  if (answer === undefined)
    throw new Refused(`${text} Name it with --${role} <column>: ${guess.among.map((name) => JSON.stringify(name)).join(", ")}.`);
  return answer;
}

function given(role: ColumnRole, column: string, files: readonly DescribedFile[]): string {
  const lacking = files.find((file) => !file.columns.some(({ name }) => name === column));
  if (lacking === undefined) return column;
  const found = lacking.columns.map(({ name }) => JSON.stringify(name)).join(", ");
  throw new Refused(`--${role}: ${lacking.name} has no column ${JSON.stringify(column)}. Found: ${found}.`);
}

async function taskAsked({ ask }: Asking): Promise<GatePresetName> {
  const text = "The files do not tell what the model does.";
  const answer = await ask({ option: "task", text: `${text} What is it?`, choices: gatePresetNames });
  const task = gatePresetNames.find((choice) => choice === answer);
  if (task === undefined) throw new Refused(`${text} Name it with --task: ${gatePresetNames.join(", ")}.`);
  return task;
}

/** Labels of 0 and 1, false and true, or no and yes need no word about which is positive. */
async function positiveOf(
  { ask }: Asking,
  named: string | undefined,
  label: DescribedColumn | undefined,
): Promise<string | boolean | undefined> {
  if (named !== undefined) return named;
  if (label === undefined || label.type === "boolean") return label === undefined ? undefined : true;
  const { name, type, values } = label;
  if (type === "number" && values?.every((value) => Number(value) === 0 || Number(value) === 1) === true) return undefined;
  const yes = values?.length === 2 ? values.filter((value) => /^(?:true|yes|t|y|1|pos|positive)$/i.test(value)) : [];
  if (yes.length === 1) return yes[0];
  const text = `Which value of ${JSON.stringify(name)} is the positive one?`;
  const answer = values === null ? undefined : await ask({ option: "positive", text, choices: values });
  if (answer === undefined) throw new Refused(`${text} Name it with --positive <value>${values === null ? "" : `: ${values.join(", ")}`}.`);
  return answer;
}

function isShare({ least, greatest }: DescribedColumn): boolean {
  return least !== null && greatest !== null && least >= 0 && greatest <= 1;
}
