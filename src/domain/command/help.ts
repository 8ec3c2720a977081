import type { CommandDefinition } from "./command-definition.ts";
import { malformed, type ParsedArguments, quoted, readArguments } from "./grammar.ts";

export interface HelpCommand {
  readonly kind: "help";
  /** The command that is asked about, known or not; null: all of them. */
  readonly topic: string | null;
}

export const help: CommandDefinition<HelpCommand> = {
  name: "help",
  usage: "/slipway help [verb]",
  summary: "Lists the commands, or explains one.",
  examples: ["/slipway help", "/slipway help deploy"],
  role: null,
  mutating: false,
  parse,
};

function parse(given: readonly string[]): ParsedArguments<HelpCommand> {
  const read = readArguments(given, { words: 1, sha: false, options: [] });
  if (read.kind === "malformed") return read;
  const topic = read.words[0]?.toLowerCase() ?? null;
  if (topic !== null && !/^[a-z][a-z-]{0,31}$/.test(topic)) return malformed(`${quoted(topic)} is not the name of a command.`);
  return { kind: "command", command: { kind: "help", topic } };
}
