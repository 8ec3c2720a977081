import { type EnvironmentName, environmentNameSchema, type ModelName } from "#domain/model/names.ts";
import type { CommandDefinition } from "./command-definition.ts";
import { malformed, type ParsedArguments, quoted, readArguments } from "./grammar.ts";
import { optionalModel } from "./optional-model.ts";
import type { ShaPrefix } from "./sha-prefix.ts";

/** Starts a release: `promote` asks in addition that an environment before has verified the version. */
export interface DeployCommand {
  readonly kind: "deploy" | "promote";
  readonly environment: EnvironmentName;
  /** null: the newest evaluation before the comment. */
  readonly sha: ShaPrefix | null;
  /** null: the one model that the pull request changes. */
  readonly model: ModelName | null;
  /** Whether it may end the release that is on its way. */
  readonly supersede?: true;
}

export const deploy: CommandDefinition<DeployCommand & { readonly kind: "deploy" }> = {
  name: "deploy",
  usage: "/slipway deploy <env> [@<sha>] [--supersede] [--model <name>]",
  summary: "Starts a gated canary of the version that this pull request proposes and Slipway evaluated.",
  examples: [
    "/slipway deploy staging",
    "/slipway deploy production @1f3c9a7be042 --supersede",
    "/slipway deploy production @1f3c9a7be042 --model product-ranker",
  ],
  role: "deployer",
  mutating: true,
  parse: (given) => parse("deploy", given),
};

export const promote: CommandDefinition<DeployCommand & { readonly kind: "promote" }> = {
  name: "promote",
  usage: "/slipway promote <env> [@<sha>] [--supersede] [--model <name>]",
  summary: "Starts a gated canary of the digest that the environment before has verified.",
  examples: ["/slipway promote production @1f3c9a7be042"],
  role: "deployer",
  mutating: true,
  parse: (given) => parse("promote", given),
};

function parse<Kind extends DeployCommand["kind"]>(
  kind: Kind,
  given: readonly string[],
): ParsedArguments<DeployCommand & { readonly kind: Kind }> {
  const read = readArguments(given, { words: 1, sha: true, options: ["model"], flags: ["supersede"] });
  if (read.kind === "malformed") return read;
  const [word] = read.words;
  if (word === undefined) return malformed("It does not say which environment.");
  const environment = environmentNameSchema.safeParse(word);
  if (!environment.success) return malformed(`${quoted(word)} is not the name of an environment.`);
  const model = optionalModel(read.options.get("model"));
  if (model === "invalid") return malformed(`${quoted(read.options.get("model") ?? "")} is not the name of a model.`);
  return {
    kind: "command",
    command: {
      kind,
      environment: environment.data,
      sha: read.sha,
      model,
      ...(read.flags.has("supersede") && { supersede: true as const }),
    },
  };
}

/** The line that a person types for this command; `sha` may be any length that the grammar takes. */
export function printDeploy(command: {
  readonly kind?: DeployCommand["kind"];
  readonly environment: EnvironmentName;
  readonly sha: string | null;
  readonly model: ModelName | null;
  readonly supersede?: boolean;
}): string {
  const sha = command.sha === null ? "" : ` @${command.sha}`;
  const model = command.model === null ? "" : ` --model ${command.model}`;
  const supersede = command.supersede ? " --supersede" : "";
  return `/slipway ${command.kind ?? "deploy"} ${command.environment}${sha}${supersede}${model}`;
}
