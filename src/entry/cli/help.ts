import { textTable } from "./terminal-text.ts";
import type { ListedVerb, Verb } from "./verb.ts";

const indent = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);

export function overview(verbs: readonly ListedVerb[]): string {
  return [
    "Slipway ships machine-learning models from pull request to production.",
    "",
    "slipway <verb> …",
    ...indent(
      textTable([
        ...verbs.map(({ name, summary }) => [name, summary]),
        ["help [verb]", "Explains a verb."],
        ["--version", "Prints the version."],
      ]),
    ),
    "",
    "Exit codes: 0 done, or verdict pass; 1 verdict fail, or refused; 2 inconclusive; 3 no-data; 4 error; 64 wrong usage; 70 a fault of Slipway or of the machine.",
    "",
  ].join("\n");
}

export function helpFor({ name, summary }: ListedVerb, verb: Verb): string {
  const options = Object.entries(verb.options).map(([option, { value, about }]) => [
    value === undefined ? `--${option}` : `--${option} ${value}`,
    about,
  ]);
  return [
    `slipway ${name} ${verb.words}`,
    "",
    summary,
    ...(options.length === 0 ? [] : ["", "Options:", ...indent(textTable(options))]),
    ...verb.notes.flatMap((note) => ["", note]),
    "",
    "Examples:",
    ...indent(verb.examples),
    "",
  ].join("\n");
}
