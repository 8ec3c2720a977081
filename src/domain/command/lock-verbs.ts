import { type EnvironmentName, environmentNameSchema, type ModelName } from "#domain/model/names.ts";
import type { CommandDefinition } from "./command-definition.ts";
import { malformed, type ParsedArguments, quoted, readArguments } from "./grammar.ts";
import { optionalModel } from "./optional-model.ts";

export interface LockVerb<Kind extends string> {
  readonly kind: Kind;
  readonly environment: EnvironmentName;
  readonly model: ModelName | null;
  /** Whether the lock outlives the pull request in which it was typed. */
  readonly keep: boolean;
  readonly reason: string;
}

export const lock = lockVerb("lock", {
  usage: "/slipway lock <env> [reason] [--keep] [--model <name>]",
  summary: "Lets no new release start there; what is on its way goes on. Ends with this pull request, unless it says --keep.",
  examples: ["/slipway lock production", "/slipway lock production the catalogue moves this week --keep"],
});

export const unlock = lockVerb("unlock", {
  usage: "/slipway unlock <env> [--model <name>]",
  summary: "Lets releases start again.",
  examples: ["/slipway unlock production"],
});

function lockVerb<const Kind extends string>(
  name: Kind,
  shown: Pick<CommandDefinition<LockVerb<Kind>>, "usage" | "summary" | "examples">,
): CommandDefinition<LockVerb<Kind>> {
  return {
    name,
    ...shown,
    role: "deployer",
    mutating: true,
    parse: (given): ParsedArguments<LockVerb<Kind>> => {
      const flags = name === "lock" ? ["keep"] : [];
      const read = readArguments(given, { words: 1, sha: false, options: ["model"], flags, text: true });
      if (read.kind === "malformed") return read;
      const [word] = read.words;
      if (word === undefined) return malformed("It does not say which environment.");
      const environment = environmentNameSchema.safeParse(word);
      if (!environment.success) return malformed(`${quoted(word)} is not the name of an environment.`);
      const model = optionalModel(read.options.get("model"));
      if (model === "invalid") return malformed(`${quoted(read.options.get("model") ?? "")} is not the name of a model.`);
      const keep = read.flags.has("keep");
      return { kind: "command", command: { kind: name, environment: environment.data, model, keep, reason: read.text } };
    },
  };
}
