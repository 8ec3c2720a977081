import { type EnvironmentName, environmentNameSchema, identifierSchema } from "#domain/model/names.ts";
import { durationSchema, type Instant, instantOf, writtenMomentSchema } from "#domain/model/time.ts";
import type { CommandDefinition } from "./command-definition.ts";
import { malformed, type ParsedArguments, quoted, readArguments } from "./grammar.ts";

export interface FreezeCommand {
  readonly kind: "freeze";
  /** null: all of them. */
  readonly environment: EnvironmentName | null;
  /** When it ends, or how many milliseconds after the comment; null: when somebody lifts it. */
  readonly until: { readonly at: Instant } | { readonly after: number } | null;
  readonly reason: string;
}

export interface UnfreezeCommand {
  readonly kind: "unfreeze";
  readonly name: string;
}

export const freeze: CommandDefinition<FreezeCommand> = {
  name: "freeze",
  usage: "/slipway freeze <env|all> [until <time|duration>] <reason>",
  summary: "Lets no exposure grow there from now on, of any model; rollbacks are never frozen.",
  examples: [
    "/slipway freeze all the catalogue is being restored",
    "/slipway freeze production until 24h the sale",
    "/slipway freeze production until 2026-12-02T00:00:00Z the sale",
  ],
  role: "holder",
  mutating: true,
  parse: parseFreeze,
};

export const unfreeze: CommandDefinition<UnfreezeCommand> = {
  name: "unfreeze",
  usage: "/slipway unfreeze <name>",
  summary: "Lifts a freeze that was set by a command; the policy's calendar is changed in the policy.",
  examples: ["/slipway unfreeze production-4711"],
  role: "holder",
  mutating: true,
  parse: parseUnfreeze,
};

function parseFreeze(given: readonly string[]): ParsedArguments<FreezeCommand> {
  const read = readArguments(given, { words: 1, sha: false, options: [], text: true });
  if (read.kind === "malformed") return read;
  const [word] = read.words;
  if (word === undefined) return malformed("It does not say which environment, or all.");
  const environment = word === "all" ? null : environmentNameSchema.safeParse(word);
  if (environment !== null && !environment.success) return malformed(`${quoted(word)} is not the name of an environment.`);
  const [first = "", when, ...rest] = read.text.split(" ");
  const timed = first.toLowerCase() === "until";
  const until = timed ? untilOf(when) : null;
  if (until === undefined)
    return malformed(`${quoted(when ?? "")} is no time: write one like 2026-12-02T00:00:00Z, or a duration like 90m, 24h or 7d.`);
  const reason = timed ? rest.join(" ") : read.text;
  if (reason === "") return malformed("It does not say why.");
  return { kind: "command", command: { kind: "freeze", environment: environment === null ? null : environment.data, until, reason } };
}

function untilOf(word = ""): Exclude<FreezeCommand["until"], null> | undefined {
  const duration = durationSchema.safeParse(word);
  if (duration.success && duration.data > 0) return { after: duration.data };
  const moment = writtenMomentSchema.safeParse(word);
  return moment.success ? { at: instantOf(Date.parse(moment.data)) } : undefined;
}

function parseUnfreeze(given: readonly string[]): ParsedArguments<UnfreezeCommand> {
  const read = readArguments(given, { words: 1, sha: false, options: [] });
  if (read.kind === "malformed") return read;
  const name = identifierSchema.safeParse(read.words[0]);
  if (!name.success) return malformed("It does not say which freeze; /slipway status names them.");
  return { kind: "command", command: { kind: "unfreeze", name: name.data } };
}
