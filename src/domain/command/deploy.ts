import { type EnvironmentName, environmentNameSchema, type ModelName } from "#domain/model/names.ts";
import type { CommandDefinition } from "./command-definition.ts";
import { malformed, type ParsedArguments, quoted, readArguments } from "./grammar.ts";
import { optionalModel } from "./optional-model.ts";
import type { ShaPrefix } from "./sha-prefix.ts";

export interface DeployCommand {
  readonly kind: "deploy";
  readonly environment: EnvironmentName;
  /** null: the newest evaluation before the comment. */
  readonly sha: ShaPrefix | null;
  /** null: the one model that the pull request changes. */
  readonly model: ModelName | null;
}

export const deploy: CommandDefinition<DeployCommand> = {
  name: "deploy",
  usage: "/slipway deploy <env> [@<sha>] [--model <name>]",
  summary: "Starts a gated canary of the version that this pull request proposes and Slipway evaluated.",
  examples: [
    "/slipway deploy staging",
    "/slipway deploy production @1f3c9a7be042",
    "/slipway deploy production @1f3c9a7be042 --model product-ranker",
  ],
  role: "deployer",
  mutating: true,
  parse,
};

function parse(given: readonly string[]): ParsedArguments<DeployCommand> {
  const read = readArguments(given, { words: 1, sha: true, options: ["model"] });
  if (read.kind === "malformed") return read;
  const [word] = read.words;
  if (word === undefined) return malformed("It does not say which environment.");
  const environment = environmentNameSchema.safeParse(word);
  if (!environment.success) return malformed(`${quoted(word)} is not the name of an environment.`);
  const model = optionalModel(read.options.get("model"));
  if (model === "invalid") return malformed(`${quoted(read.options.get("model") ?? "")} is not the name of a model.`);
  return { kind: "command", command: { kind: "deploy", environment: environment.data, sha: read.sha, model } };
}

/** The line that a person types for this command; `sha` may be any length that the grammar takes. */
export function printDeploy(command: {
  readonly environment: EnvironmentName;
  readonly sha: string | null;
  readonly model: ModelName | null;
}): string {
  const sha = command.sha === null ? "" : ` @${command.sha}`;
  const model = command.model === null ? "" : ` --model ${command.model}`;
  return `/slipway deploy ${command.environment}${sha}${model}`;
}
