import { commandLines } from "./command-lines.ts";
import { type Command, type CommandName, commandNamed, nearestCommand } from "./registry.ts";

/** One command line of a comment; `line` is what was typed, safe to show. */
export type ParsedLine =
  | { readonly kind: "command"; readonly command: Command; readonly line: string }
  | { readonly kind: "unknown"; readonly word: string; readonly nearest: CommandName | null; readonly line: string }
  | {
      readonly kind: "malformed";
      /** null when the line could not be read that far. */
      readonly verb: CommandName | null;
      readonly problem: string;
      readonly usage: string;
      readonly line: string;
    };

/** More in one comment is no conversation, and every line gets an answer. */
const mostCommands = 10;

/** The longest line that any command needs, several times over. */
const longestLine = 400;

/**
 * The commands in a comment, in the order in which they stand. At most one of them changes something: that a comment was executed is
 * recorded once, by its id, so a second one could be lost between two writes.
 */
export function parseComment(body: string): readonly ParsedLine[] {
  const parsed: ParsedLine[] = [];
  let changes = false;
  for (const typed of commandLines(body).slice(0, mostCommands + 1)) {
    const line = typed.replaceAll("\t", " ");
    if (parsed.length === mostCommands) {
      parsed.push(unreadable(line, `Only the first ${mostCommands} commands of a comment are read.`));
      break;
    }
    const next = parseLine(line, changes);
    changes ||= next.kind === "command" && commandNamed(next.command.kind)?.mutating === true;
    parsed.push(next);
  }
  return parsed;
}

function parseLine(line: string, changedBefore: boolean): ParsedLine {
  if (line.length > longestLine) return unreadable(line, `The line is longer than ${longestLine} characters.`);
  if (invisible.test(line)) return unreadable(line, "The line holds invisible characters.");
  const [, word = "help", ...rest] = line.split(/[ \u00a0]+/).filter((part) => part !== "");

  const definition = commandNamed(word.toLowerCase());
  if (definition === undefined) return { kind: "unknown", word, nearest: nearestCommand(word), line: shown(line) };
  const malformed = (problem: string): ParsedLine => ({
    kind: "malformed",
    verb: definition.name,
    problem,
    usage: definition.usage,
    line: shown(line),
  });
  const read = definition.parse(rest);
  if (read.kind === "malformed") return malformed(read.problem);
  if (definition.mutating && changedBefore) {
    return malformed("A comment carries one command that changes something; this one needs a comment of its own.");
  }
  return { kind: "command", command: read.command, line: shown(line) };
}

function unreadable(line: string, problem: string): ParsedLine {
  return { kind: "malformed", verb: null, problem, usage: commandNamed("help")?.usage ?? "", line: shown(line) };
}

/** Control and formatting characters, which could make a line look like another one. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const everyInvisible = new RegExp(invisible, "gu");

const longestShown = 200;

function shown(line: string): string {
  const cut = line.slice(0, longestShown).replaceAll(everyInvisible, "\ufffd");
  return line.length > longestShown ? `${cut}…` : cut.trimEnd();
}
