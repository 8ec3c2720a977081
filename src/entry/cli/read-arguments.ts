import { parseArgs } from "node:util";
import { nearest } from "#domain/text/nearest.ts";
import { type Given, type Verb, WrongUsage } from "./verb.ts";

/** Reads the words and options after a verb; an option that the verb does not know is answered with the one that was probably meant. */
export function readArguments(name: string, verb: Verb, written: readonly string[]): Given {
  const options = Object.fromEntries(
    Object.entries(verb.options).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  const { tokens } = parseArgs({ args: [...written], options, strict: false, tokens: true, allowPositionals: true });
  const texts = new Map<string, string>();
  const flags = new Set<string>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const known = Object.hasOwn(verb.options, token.name) ? verb.options[token.name] : undefined;
    if (known === undefined) throw unknownOption(name, verb, token.rawName, token.name);
    if (texts.has(token.name) || flags.has(token.name)) throw new WrongUsage(`--${token.name} is given twice`);
    if (known.value === undefined) {
      if (token.value !== undefined) throw new WrongUsage(`--${token.name} takes no value`);
      flags.add(token.name);
    } else {
      if (token.value === undefined || token.value === "")
        throw new WrongUsage(`--${token.name} needs a value: --${token.name} ${known.value}`);
      texts.set(token.name, token.value);
    }
  }
  return { positionals, text: (name) => texts.get(name), flag: (name) => flags.has(name) };
}

function unknownOption(called: string, verb: Verb, written: string, name: string): WrongUsage {
  const meant = nearest(name, Object.keys(verb.options));
  const advice = meant === undefined ? `; \`slipway help ${called}\` lists what it takes` : `; did you mean --${meant}?`;
  return new WrongUsage(`slipway ${called} has no option ${written}${advice}`);
}
