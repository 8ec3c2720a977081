import { type EnvironmentName, environmentNameSchema, type ModelName } from "#domain/model/names.ts";
import type { CommandDefinition } from "./command-definition.ts";
import { malformed, type ParsedArguments, quoted, readArguments } from "./grammar.ts";
import { optionalModel } from "./optional-model.ts";
import type { ShaPrefix } from "./sha-prefix.ts";

export interface ApproveCommand {
  readonly kind: "approve";
  readonly environment: EnvironmentName;
  /** null: the newest evaluation before the comment. */
  readonly sha: ShaPrefix | null;
  /** null: the one model that the pull request changes. */
  readonly model: ModelName | null;
}

export const approve: CommandDefinition<ApproveCommand> = {
  name: "approve",
  usage: "/slipway approve <env> [@<sha>] [--model <name>]",
  summary: "Consents to the release of exactly this version, with today's manifests and policy, where the policy asks for approvals.",
  examples: ["/slipway approve production @1f3c9a7be042"],
  role: "approver",
  mutating: true,
  parse,
};

function parse(given: readonly string[]): ParsedArguments<ApproveCommand> {
  const read = readArguments(given, { words: 1, sha: true, options: ["model"] });
  if (read.kind === "malformed") return read;
  const [word] = read.words;
  if (word === undefined) return malformed("It does not say for which environment.");
  const environment = environmentNameSchema.safeParse(word);
  if (!environment.success) return malformed(`${quoted(word)} is not the name of an environment.`);
  const model = optionalModel(read.options.get("model"));
  if (model === "invalid") return malformed(`${quoted(read.options.get("model") ?? "")} is not the name of a model.`);
  return { kind: "command", command: { kind: "approve", environment: environment.data, sha: read.sha, model } };
}
