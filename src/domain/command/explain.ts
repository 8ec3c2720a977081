import { floorPrefix } from "#domain/gate/gate.ts";
import { type EnvironmentName, environmentNameSchema, type ModelName } from "#domain/model/names.ts";
import type { CommandDefinition } from "./command-definition.ts";
import { malformed, type ParsedArguments, quoted, readArguments } from "./grammar.ts";
import { optionalModel } from "./optional-model.ts";

export interface ExplainCommand {
  readonly kind: "explain";
  readonly about:
    | { readonly of: "gates" }
    | { readonly of: "gate"; readonly name: string }
    | { readonly of: "deploy"; readonly environment: EnvironmentName };
  /** null: the one model that the pull request changes. */
  readonly model: ModelName | null;
}

export const explain: CommandDefinition<ExplainCommand> = {
  name: "explain",
  usage: "/slipway explain [<gate> | deploy <env>] [--model <name>]",
  summary: "Says on what each gate's verdict rests and what would settle it, or which checks a deploy would pass now.",
  examples: ["/slipway explain", "/slipway explain ndcg@10[locale=de]", "/slipway explain deploy production"],
  role: null,
  mutating: false,
  parse,
};

function parse(given: readonly string[]): ParsedArguments<ExplainCommand> {
  const read = readArguments(given, { words: 1, sha: false, options: ["model"], text: true });
  if (read.kind === "malformed") return read;
  const model = optionalModel(read.options.get("model"));
  if (model === "invalid") return malformed(`${quoted(read.options.get("model") ?? "")} is not the name of a model.`);
  const [word] = read.words;
  if (word === undefined) return { kind: "command", command: { kind: "explain", about: { of: "gates" }, model } };
  if (word !== "deploy") {
    const name = `${word} ${read.text}`.trim().replace(/^floor:/, floorPrefix);
    return { kind: "command", command: { kind: "explain", about: { of: "gate", name }, model } };
  }
  if (read.text === "") return malformed("It does not say to which environment.");
  const environment = environmentNameSchema.safeParse(read.text);
  if (!environment.success) return malformed(`${quoted(read.text)} is not the name of an environment.`);
  return { kind: "command", command: { kind: "explain", about: { of: "deploy", environment: environment.data }, model } };
}
