import type { CommandDefinition } from "./command-definition.ts";
import { type ParsedArguments, readArguments } from "./grammar.ts";
import type { ShaPrefix } from "./sha-prefix.ts";

export interface EvaluateCommand {
  readonly kind: "evaluate";
  /** null: the head, as it was before the comment. */
  readonly sha: ShaPrefix | null;
}

export const evaluate: CommandDefinition<EvaluateCommand> = {
  name: "evaluate",
  usage: "/slipway evaluate [@<sha>]",
  summary:
    "Runs the trusted workflow of the head again, where what is live or the default branch has moved on, or a run failed by accident.",
  examples: ["/slipway evaluate", "/slipway evaluate @1f3c9a7be042"],
  role: "deployer",
  mutating: true,
  parse,
};

function parse(given: readonly string[]): ParsedArguments<EvaluateCommand> {
  const read = readArguments(given, { words: 0, sha: true, options: [] });
  if (read.kind === "malformed") return read;
  return { kind: "command", command: { kind: "evaluate", sha: read.sha } };
}

/** The line that a person types to have this commit evaluated again. */
export function printEvaluate(sha: string | null): string {
  return sha === null ? "/slipway evaluate" : `/slipway evaluate @${sha}`;
}
