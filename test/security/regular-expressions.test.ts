import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markdownCode, markdownCodeBlock } from "#adapters/templates/markdown-code.ts";
import { markdownText } from "#adapters/templates/markdown-text.ts";
import { parseComment } from "#domain/command/parse-comment.ts";
import { parseTrailers } from "#domain/environment/trailers.ts";
import { fileLocation } from "#domain/evaluation/file-location.ts";
import { modelDefinitionSchema } from "#domain/model/model-definition.ts";
import { codeOwnersOf } from "#domain/policy/code-owners.ts";
import { parseWithSchema } from "#domain/text/parse-with-schema.ts";
import { projectFolder } from "#test/support/run-entry.ts";

const seconds = (run: () => unknown): number => {
  const before = process.cpuUsage();
  run();
  return process.cpuUsage(before).user / 1e6;
};

/** Where regular expressions meet what a stranger wrote. */
const readers: readonly (readonly [string, (text: string) => unknown])[] = [
  ["the parser of comments", parseComment],
  ["the reader of model.yaml", (text) => parseWithSchema(modelDefinitionSchema, text, "model.yaml")],
  ["text in Markdown", markdownText],
  ["code in Markdown", markdownCode],
  ["blocks of code in Markdown", markdownCodeBlock],
  ["trailers of commits", parseTrailers],
  ["locations of files", (text) => fileLocation(text, "models/ranker")],
  ["CODEOWNERS", (text) => codeOwnersOf("models/ranker/model.yaml", text)],
];

const pieces = [
  "a",
  " ",
  "\t",
  "-",
  "--",
  "`",
  "<!--",
  "-->",
  "<",
  ">",
  "&",
  "@",
  "#",
  "/slipway ",
  "> ",
  "\n",
  "\\",
  "|",
  ":",
  "[",
  "{",
  "*",
  "_",
  "0",
  ".",
  "/",
  "\u200b",
];
const longest = 65_536;
const attack = fc
  .tuple(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 4 }), fc.constantFrom(...pieces, "!", "\u0000"))
  .map(([repeated, end]) => `${repeated.join("").repeat(longest).slice(0, longest)}${end}`);

describe("a long text made to make a pattern try everything", () => {
  test.each(readers)("does not keep %s busy", (_, read) => {
    fc.assert(
      fc.property(attack, (text) => seconds(() => read(text)) < 2),
      { numRuns: 25, endOnFailure: true },
    );
  });
});

/** Patterns as they stand in the source, each tried by itself on repetitions of what it asks for. */
function patternsIn(text: string): readonly RegExp[] {
  const literal = /(?<=[=(,:[!&|?{;\s])\/(?![*/])((?:\\.|\[(?:\\.|[^\]\n\\])*\]|[^/\n\\[])+)\/([dgimsuvy]*)(?=[\s.,;:)\]}])/g;
  return [...text.matchAll(literal)].flatMap(([, source = "", flags = ""]) => {
    try {
      return [new RegExp(source, flags.replace(/[gy]/g, ""))];
    } catch {
      return [];
    }
  });
}

const folders = [
  "src/domain",
  "src/flows",
  "src/adapters/templates",
  "src/adapters/github",
  "src/adapters/git",
  "src/adapters/oidc",
  "src/entry",
];
const patterns = new Map(
  folders.flatMap((folder) =>
    readdirSync(join(projectFolder, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => patternsIn(readFileSync(join(projectFolder, folder, name), "utf8")))
      .map((pattern) => [String(pattern), pattern] as const),
  ),
);

/** Texts that nearly fit: runs of the characters that the pattern names, and an end that does not. */
function nearMisses(pattern: RegExp, length: number): readonly string[] {
  const named = [...new Set(pattern.source.replaceAll(/\\[a-zA-Z]|[()[\]{}?+*|^$\\]/g, ""))].slice(0, 12);
  const units = [...named, "a", "0", " ", "-", ...named.flatMap((one, index) => [`${one}${named[index + 1] ?? "a"}`])];
  return units.flatMap((unit) => ["", named[0] ?? ""].map((start) => `${start}${unit.repeat(length / unit.length)}\u0001`));
}

test("there are patterns to try", () => {
  expect(patterns.size).toBeGreaterThan(80);
});

test("no pattern of the source takes more than its text's length squared, and none more than a second on ten thousand characters", () => {
  const slow = [...patterns.values()].filter((pattern) =>
    [28, 10_000].some((length) => nearMisses(pattern, length).some((text) => seconds(() => pattern.test(text)) > (length < 100 ? 0.2 : 1))),
  );
  expect(slow.map(String)).toEqual([]);
});

test("the trial bites", () => {
  const exponential = /^(?:a+)+$/;
  expect(nearMisses(exponential, 28).some((text) => seconds(() => exponential.test(text)) > 0.2)).toBe(true);
  expect(patternsIn("const a = /^(?:x+)+$/;").map(String)).toEqual(["/^(?:x+)+$/"]);
});
