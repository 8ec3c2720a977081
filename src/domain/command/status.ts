import type { ModelName } from "#domain/model/names.ts";
import type { CommandDefinition } from "./command-definition.ts";
import { malformed, type ParsedArguments, quoted, readArguments } from "./grammar.ts";
import { optionalModel } from "./optional-model.ts";

export interface StatusCommand {
  readonly kind: "status";
  /** null: every model that the pull request changes. */
  readonly model: ModelName | null;
}

export const status: CommandDefinition<StatusCommand> = {
  name: "status",
  usage: "/slipway status [--model <name>]",
  summary: "Says what is live, what is on its way, and what stands in the way.",
  examples: ["/slipway status", "/slipway status --model product-ranker"],
  role: null,
  mutating: false,
  parse,
};

function parse(given: readonly string[]): ParsedArguments<StatusCommand> {
  const read = readArguments(given, { words: 0, sha: false, options: ["model"] });
  if (read.kind === "malformed") return read;
  const model = optionalModel(read.options.get("model"));
  if (model === "invalid") return malformed(`${quoted(read.options.get("model") ?? "")} is not the name of a model.`);
  return { kind: "command", command: { kind: "status", model } };
}
