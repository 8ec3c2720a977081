import type { GatePresetName } from "#domain/gate/gate-preset.ts";
import { presetMetrics } from "#domain/gate/propose-gates.ts";
import type { DescribedColumn, DescribedFile } from "#domain/model/described-file.ts";
import { type ColumnRole, guessColumn } from "#domain/model/guess-columns.ts";
import { guessTask, repeats, taskByColumns } from "#domain/model/guess-task.ts";
import type { ProposedDefinition } from "#domain/model/proposed-definition.ts";
import { taskColumns } from "./guess-task-columns.ts";
import { Refused } from "./refused.ts";

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
  readonly columns: Readonly<Partial<Record<string, string>>>;
  readonly positive: string | undefined;
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
    const option = optionOf[role] ?? role;
    const named = request.columns[option];
    const column = named === undefined ? await columnFor(world, role, files, taken) : given(option, named, files);
    taken.push(column);
    return column;
  };
  const certain = request.task ?? taskByColumns(candidate, labels);
  if (certain === "retrieval" || certain === "bandit" || certain === "judged") {
    const maybe = (role: ColumnRole, files: readonly DescribedFile[]): string | undefined => {
      const found = guessedOrNone(role, files, taken);
      if (found !== undefined) taken.push(found);
      return found;
    };
    const { columns, metrics } = await taskColumns(certain, { take, maybe }, { candidate, baseline, labels });
    return { task: certain, columns, metrics, notes: [said(certain, columns)] };
  }
  const score = await take("score", arms);
  const label = await take("label", labels === null ? arms : [labels]);
  const labelColumn = (labels ?? candidate).columns.find(({ name }) => name === label);
  const query = request.columns["query"] ?? guessedOrNone("query", keyed, taken);
  const likelyItem = request.columns["item"] ?? guessedOrNone("item", keyed, [...taken, ...(query === undefined ? [] : [query])]);
  const told = guessTask(candidate, { query, item: likelyItem, label: labelColumn });
  const task = certain ?? told ?? (await taskAsked(world));
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

const roleNames: Readonly<Partial<Record<ColumnRole, string>>> = {
  item: "the item or row",
  score: "the model's score",
  label: "the truth",
  propensity: "the probability with which the logged action was taken",
  verdict: "what the judge said",
};

/** The option that names a role's column: of tasks with roles of their own, the option of what comes closest. */
const optionOf: Readonly<Partial<Record<ColumnRole, string>>> = { reward: "label", verdict: "score", unit: "item" };

async function columnFor({ ask }: Asking, role: ColumnRole, files: readonly DescribedFile[], taken: readonly string[]): Promise<string> {
  const guess = guessColumn(role, files, taken);
  if (guess.kind === "guessed") return guess.column;
  const where = files.map(({ name }) => name).join(" and ");
  const what = roleNames[role] ?? `the ${role}`;
  if (guess.among.length === 0) {
    const columns = files[0]?.columns.map(({ name }) => JSON.stringify(name)).join(", ") ?? "";
    throw new Refused(
      `No column could hold ${what} in ${where}. Found: ${columns}. Add one${role === "label" ? ", or name a file of labels with --labels" : ""}.`,
    );
  }
  const text = `Which column of ${where} holds ${what}?`;
  const option = optionOf[role] ?? role;
  const answer = await ask({ option, text, choices: guess.among });
  if (answer === undefined)
    throw new Refused(`${text} Name it with --${option} <column>: ${guess.among.map((name) => JSON.stringify(name)).join(", ")}.`);
  return answer;
}

function given(role: string, column: string, files: readonly DescribedFile[]): string {
  const lacking = files.find((file) => !file.columns.some(({ name }) => name === column));
  if (lacking === undefined) return column;
  const found = lacking.columns.map(({ name }) => JSON.stringify(name)).join(", ");
  throw new Refused(`--${role}: ${lacking.name} has no column ${JSON.stringify(column)}. Found: ${found}.`);
}

/** Tasks of a score and a label; the others have columns that tell, or are named beforehand. */
const labelledTasks = ["ranking", "classification", "regression"] as const satisfies readonly GatePresetName[];

async function taskAsked({ ask }: Asking): Promise<(typeof labelledTasks)[number]> {
  const text = "The files do not tell what the model does.";
  const answer = await ask({ option: "task", text: `${text} What is it?`, choices: labelledTasks });
  const task = labelledTasks.find((choice) => choice === answer);
  if (task === undefined) throw new Refused(`${text} Name it with --task: ${labelledTasks.join(", ")}.`);
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
