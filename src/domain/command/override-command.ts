import { floorPrefix } from "#domain/gate/gate.ts";
import { type EnvironmentName, environmentNameSchema, type ModelName } from "#domain/model/names.ts";
import type { CommandDefinition } from "./command-definition.ts";
import { malformed, type ParsedArguments, quoted, readArguments } from "./grammar.ts";
import { optionalModel } from "./optional-model.ts";
import type { ShaPrefix } from "./sha-prefix.ts";

export interface OverrideCommand {
  readonly kind: "override";
  /** The name of a gate or a freeze, and behind it the reason: names hold spaces, so only who knows the names can tell them apart. A floor may be written `floor:<gate>`. */
  readonly said: string;
  /** Of a freeze; null: the one in which it is in force. */
  readonly environment: EnvironmentName | null;
  /** null: the newest evaluation before the comment. */
  readonly sha: ShaPrefix | null;
  readonly model: ModelName | null;
}

export const override: CommandDefinition<OverrideCommand> = {
  name: "override",
  usage: "/slipway override <gate or freeze> <reason> [@<sha>] [--env <env>] [--model <name>]",
  summary: "Sets one named gate of the report, or one freeze, aside for this version, and says in its report by whom and why.",
  examples: [
    "/slipway override ndcg@10[locale=de] the German labels are from before the relaunch",
    "/slipway override peak the fix cannot wait --env production",
  ],
  role: "approver",
  mutating: true,
  parse,
};

function parse(given: readonly string[]): ParsedArguments<OverrideCommand> {
  const read = readArguments(given, { words: 1, sha: true, options: ["env", "model"], text: true });
  if (read.kind === "malformed") return read;
  const [word] = read.words;
  if (word === undefined) return malformed("It does not say which gate or freeze.");
  const written = read.options.get("env");
  const environment = written === undefined ? null : environmentNameSchema.safeParse(written).data;
  if (environment === undefined) return malformed(`${quoted(written ?? "")} is not the name of an environment.`);
  const model = optionalModel(read.options.get("model"));
  if (model === "invalid") return malformed(`${quoted(read.options.get("model") ?? "")} is not the name of a model.`);
  return {
    kind: "command",
    command: { kind: "override", said: `${word} ${read.text}`.trim().replace(/^floor:/, floorPrefix), environment, sha: read.sha, model },
  };
}
