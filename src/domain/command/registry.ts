import { nearest } from "#domain/text/nearest.ts";
import { approve } from "./approve.ts";
import type { CommandDefinition } from "./command-definition.ts";
import { deploy, promote } from "./deploy.ts";
import { evaluate } from "./evaluate.ts";
import { explain } from "./explain.ts";
import { freeze, unfreeze } from "./freeze-verbs.ts";
import { help } from "./help.ts";
import { hold, unhold } from "./hold-verbs.ts";
import { lock, unlock } from "./lock-verbs.ts";
import { override } from "./override-command.ts";
import { abort, pause, resume, retry, rollback } from "./release-verbs.ts";
import { status } from "./status.ts";

/** Every slash command: a new one is one file and one word here. */
const definitions = [
  help,
  status,
  evaluate,
  deploy,
  promote,
  approve,
  override,
  explain,
  pause,
  resume,
  abort,
  rollback,
  retry,
  hold,
  unhold,
  lock,
  unlock,
  freeze,
  unfreeze,
] as const satisfies readonly CommandDefinition<{ readonly kind: string }>[];

type Definition = (typeof definitions)[number];

export type Command = Extract<ReturnType<Definition["parse"]>, { readonly kind: "command" }>["command"];
export type CommandName = Command["kind"];

export const commandNames: readonly CommandName[] = definitions.map(({ name }) => name);

export function commandNamed(word: string): Definition | undefined {
  return definitions.find(({ name }) => name === word);
}

/** The command that a mistyped word most likely meant. */
export function nearestCommand(word: string): CommandName | null {
  const meant = nearest(word, commandNames);
  return commandNames.find((name) => name === meant) ?? null;
}

/** A command as help and the docs show it. */
export type CommandRow = Omit<Definition, "parse">;

/** The table of all commands, in the order in which people meet them. */
export function commandTable(): readonly CommandRow[] {
  return definitions.map(({ parse: _, ...row }) => row);
}

export interface HelpText {
  readonly commands: readonly CommandRow[];
  /** What was asked about and does not exist; then all commands are listed. */
  readonly unknown: { readonly word: string; readonly nearest: CommandName | null } | null;
}

export function helpOn(topic: string | null): HelpText {
  const all = commandTable();
  if (topic === null) return { commands: all, unknown: null };
  const asked = all.filter(({ name }) => name === topic);
  if (asked.length > 0) return { commands: asked, unknown: null };
  return { commands: all, unknown: { word: topic, nearest: nearestCommand(topic) } };
}
