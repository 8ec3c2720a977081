import { textTable } from "./terminal-text.ts";
import type { Verb } from "./verb.ts";

const indent = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);

export function overview(verbs: readonly Verb[]): string {
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

export function helpFor(verb: Verb): string {
  const options = Object.entries(verb.options).map(([name, { value, about }]) => [
    value === undefined ? `--${name}` : `--${name} ${value}`,
    about,
  ]);
  return [
    `slipway ${verb.name} ${verb.words}`,
    "",
    verb.summary,
    ...(options.length === 0 ? [] : ["", "Options:", ...indent(textTable(options))]),
    ...verb.notes.flatMap((note) => ["", note]),
    "",
    "Examples:",
    ...indent(verb.examples),
    "",
  ].join("\n");
}
