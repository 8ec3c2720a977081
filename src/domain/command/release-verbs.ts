import { type EnvironmentName, environmentNameSchema, type ModelName } from "#domain/model/names.ts";
import type { CommandDefinition } from "./command-definition.ts";
import { malformed, type ParsedArguments, quoted, readArguments } from "./grammar.ts";
import { optionalModel } from "./optional-model.ts";
import type { ShaPrefix } from "./sha-prefix.ts";

/** A command about the one release of a model in an environment. */
export interface ReleaseVerb<Kind extends string> {
  readonly kind: Kind;
  readonly environment: EnvironmentName;
  /** null: the one model that the pull request changes. */
  readonly model: ModelName | null;
  /** The commit of the environments repository by which somebody edited the files: it is this edit that is set aside. */
  readonly edit: ShaPrefix | null;
  /** Empty when none was given. */
  readonly reason: string;
}

interface Shape<Kind extends string> extends Pick<CommandDefinition<ReleaseVerb<Kind>>, "usage" | "summary" | "examples"> {
  readonly sha?: boolean;
}

export const pause = releaseVerb("pause", {
  usage: "/slipway pause <env> [reason] [--model <name>]",
  summary: "Keeps the release at its weight until somebody resumes it; it is still watched, and rolled back when it breaks an objective.",
  examples: ["/slipway pause production", "/slipway pause production the feature store is being moved"],
});

export const resume = releaseVerb("resume", {
  usage: "/slipway resume <env> [@<edit>] [--model <name>]",
  summary: "Takes a paused step again, its window from the beginning; after an edit by a person names the commit of that edit.",
  examples: ["/slipway resume production", "/slipway resume production @1f3c9a7be042"],
  sha: true,
});

export const abort = releaseVerb("abort", {
  usage: "/slipway abort <env> [@<edit>] [reason] [--model <name>]",
  summary: "Ends the release: what is live serves alone again, by the files that served it when it was verified. Holds nothing.",
  examples: ["/slipway abort production", "/slipway abort production superseded by #12"],
  sha: true,
});

export const rollback = releaseVerb("rollback", {
  usage: "/slipway rollback <env> [reason] [--model <name>]",
  summary:
    "Rolls back the release on its way, or what is live when none is: weight back and hold at once, then a pull request that restores the newest version verified there that is not held.",
  examples: ["/slipway rollback production", "/slipway rollback production it recommends what is sold out"],
});

export const retry = releaseVerb("retry", {
  usage: "/slipway retry <env> [--model <name>]",
  summary: "Runs again what failed: a step that Slipway paused, or a rollback whose pull request was closed.",
  examples: ["/slipway retry production"],
});

function releaseVerb<const Kind extends string>(name: Kind, { sha = false, ...shown }: Shape<Kind>): CommandDefinition<ReleaseVerb<Kind>> {
  return {
    name,
    ...shown,
    role: "deployer",
    mutating: true,
    parse: (given): ParsedArguments<ReleaseVerb<Kind>> => {
      const read = readArguments(given, { words: 1, sha, options: ["model"], text: true });
      if (read.kind === "malformed") return read;
      const [word] = read.words;
      if (word === undefined) return malformed("It does not say which environment.");
      const environment = environmentNameSchema.safeParse(word);
      if (!environment.success) return malformed(`${quoted(word)} is not the name of an environment.`);
      const model = optionalModel(read.options.get("model"));
      if (model === "invalid") return malformed(`${quoted(read.options.get("model") ?? "")} is not the name of a model.`);
      return { kind: "command", command: { kind: name, environment: environment.data, model, edit: read.sha, reason: read.text } };
    },
  };
}
