import { type EnvironmentName, environmentNameSchema, type ModelName } from "#domain/model/names.ts";
import type { CommandDefinition } from "./command-definition.ts";
import { malformed, type ParsedArguments, quoted, readArguments } from "./grammar.ts";
import { optionalModel } from "./optional-model.ts";

export interface HoldVerb<Kind extends string> {
  readonly kind: Kind;
  readonly environment: EnvironmentName;
  /** From 8 hexadecimal digits of it to all 64. */
  readonly digest: string;
  readonly reason: string;
  readonly model: ModelName | null;
}

export const hold = holdVerb("hold", {
  usage: "/slipway hold <env> <digest> <reason> [--model <name>]",
  summary: "Lets nobody release this digest there, and pauses its release if it is on its way.",
  examples: ["/slipway hold production 210fd3e4a2ed it leaks memory"],
});

export const unhold = holdVerb("unhold", {
  usage: "/slipway unhold <env> <digest> <reason> [--model <name>]",
  summary: "Lifts a hold. It starts nothing.",
  examples: ["/slipway unhold production 210fd3e4a2ed the timeout was the gateway's"],
});

function holdVerb<const Kind extends string>(
  name: Kind,
  shown: Pick<CommandDefinition<HoldVerb<Kind>>, "usage" | "summary" | "examples">,
): CommandDefinition<HoldVerb<Kind>> {
  return {
    name,
    ...shown,
    role: "holder",
    mutating: true,
    parse: (given): ParsedArguments<HoldVerb<Kind>> => {
      const read = readArguments(given, { words: 2, sha: false, options: ["model"], text: true });
      if (read.kind === "malformed") return read;
      const [word, digest] = read.words;
      if (word === undefined) return malformed("It does not say which environment.");
      const environment = environmentNameSchema.safeParse(word);
      if (!environment.success) return malformed(`${quoted(word)} is not the name of an environment.`);
      if (digest === undefined) return malformed("It does not say which digest.");
      const digits = digest.toLowerCase().replace(/^sha256:/, "");
      if (!/^[0-9a-f]{8,64}$/.test(digits)) return malformed(`${quoted(digest)} is not a digest: 8 to 64 hexadecimal digits.`);
      if (read.text === "") return malformed("It does not say why.");
      const model = optionalModel(read.options.get("model"));
      if (model === "invalid") return malformed(`${quoted(read.options.get("model") ?? "")} is not the name of a model.`);
      return { kind: "command", command: { kind: name, environment: environment.data, digest: digits, reason: read.text, model } };
    },
  };
}
