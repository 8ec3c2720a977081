import { nearest } from "#domain/text/nearest.ts";
import { type ShaPrefix, shaPrefixSchema } from "./sha-prefix.ts";

/** What a command takes after its verb; every command's own parser is built on it, so all of them read the same. */
export interface ArgumentShape {
  /** How many words it takes at most. */
  readonly words: number;
  /** Whether it takes a commit, `@<sha>`. */
  readonly sha: boolean;
  /** Names of `--<name> <value>`. */
  readonly options: readonly string[];
  /** Names of `--<name>` without a value. */
  readonly flags?: readonly string[];
  /** Whether words beyond these are free text: a reason. */
  readonly text?: boolean;
}

export interface Arguments {
  readonly kind: "arguments";
  readonly words: readonly string[];
  readonly sha: ShaPrefix | null;
  readonly options: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
  /** The free text; empty when there is none. */
  readonly text: string;
}

export interface MalformedArguments {
  readonly kind: "malformed";
  /** What is wrong, as a sentence. */
  readonly problem: string;
}

export type ParsedArguments<Parsed> = { readonly kind: "command"; readonly command: Parsed } | MalformedArguments;

/** Sorts the words after a verb; what a word means is the command's matter. */
export function readArguments(given: readonly string[], shape: ArgumentShape): Arguments | MalformedArguments {
  const words: string[] = [];
  const options = new Map<string, string>();
  const flags = new Set<string>();
  const text: string[] = [];
  let sha: ShaPrefix | null = null;
  for (let index = 0; index < given.length; index += 1) {
    const word = given[index] ?? "";
    if (word.startsWith("--")) {
      const [name = "", inline] = splitOption(word.slice(2));
      if (shape.flags?.includes(name) && inline === undefined) {
        flags.add(name);
        continue;
      }
      if (!shape.options.includes(name))
        return malformed(`There is no option ${quoted(word)} here${suggestion(name, [...shape.options, ...(shape.flags ?? [])])}`);
      if (options.has(name)) return malformed(`--${name} is given twice.`);
      if (inline === undefined) index += 1;
      const value = inline ?? given[index];
      if (value === undefined || value === "" || value.startsWith("--")) return malformed(`--${name} lacks its value.`);
      options.set(name, value);
    } else if (word.startsWith("@") && shape.sha) {
      if (sha !== null) return malformed("Two commits are given; one is meant.");
      const parsed = shaPrefixSchema.safeParse(word.slice(1).toLowerCase());
      if (!parsed.success)
        return malformed(`${quoted(word)} is not a commit: '@' and 7 to 40 hexadecimal digits, without a space between.`);
      sha = parsed.data;
    } else if (words.length === shape.words && shape.text) {
      text.push(word);
    } else if (words.length === shape.words) {
      return malformed(`${quoted(word)} is one word too many${shape.sha ? commitHint(word) : ""}.`);
    } else {
      words.push(word);
    }
  }
  return { kind: "arguments", words, sha, options, flags, text: text.join(" ") };
}

export function malformed(problem: string): MalformedArguments {
  return { kind: "malformed", problem };
}

/** A word as it was typed, cut to what helps to recognise it. */
export function quoted(word: string): string {
  return `"${word.length > longestQuoted ? `${word.slice(0, longestQuoted)}…` : word}"`;
}

const longestQuoted = 60;

function splitOption(written: string): readonly [string, string | undefined] {
  const equals = written.indexOf("=");
  return equals < 0 ? [written, undefined] : [written.slice(0, equals), written.slice(equals + 1)];
}

function suggestion(name: string, options: readonly string[]): string {
  const meant = nearest(name, options);
  return meant === undefined ? "." : `; did you mean --${meant}?`;
}

function commitHint(word: string): string {
  return shaPrefixSchema.safeParse(word.toLowerCase()).success ? `; a commit is written @${word.toLowerCase()}` : "";
}
