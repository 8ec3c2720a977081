import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { remedies } from "#domain/command/refusal-reasons.ts";
import { projectFolder } from "#test/support/run-entry.ts";

const folders = ["src/adapters/{duckdb,bigquery,downloads}/**/*.ts", "src/domain/{evaluation,sql}/**/*.ts", "src/flows/*.ts"];
/** What measures finds; what answers commands refuses, and has codes of its own. */
const answersCommands = /^src\/flows\/(?:answer-|refus)/;
/** How a finding's code is written in the sources. */
const written =
  /(?:(?:DataProblem|BigQueryProblem|DownloadProblem)\(\s*|\bcode: |const (?:code|rarelyPasses) = |\bproblem\()["`]([^"`]+)["`]|"([a-z]+-varies-within-[a-z]+)"/g;
/** Not findings: how the codes of a missing file begin, and what the App says. */
const others = new Set([
  "predictions",
  "labels",
  "artifact",
  "benchmark",
  "catalogue",
  "training-units",
  "scores",
  "judged-by",
  "policy-unreadable",
  // Of the App's own health, not of data.
  "evidence log",
  ...Object.keys(remedies),
]);

const page = readFileSync(join(projectFolder, "docs", "preflight.md"), "utf8");
const codes = [...page.matchAll(/^\| `([a-z<>-]+)` \| `/gm)]
  .map(([, code = ""]) => code)
  .filter((code) => code.includes("-") || code === "repeats" || code === "judges");
const patterns = codes.map((code) => new RegExp(`^${code.replace(/<[a-z]+>/, "[a-z-]+")}$`));

function found(): ReadonlySet<string> {
  const texts = folders
    .flatMap((pattern) => globSync(pattern, { cwd: projectFolder }))
    .filter((file) => !answersCommands.test(file))
    .map((file) => readFileSync(join(projectFolder, file), "utf8"));
  const all = texts.flatMap((text) =>
    [...text.matchAll(written)].map(([, code, varying]) => (code ?? varying ?? "").replace(/\$\{[a-z]+\}/, "some")),
  );
  return new Set(all.filter((code) => !others.has(code)));
}

it("every code of a finding is on the page of preflight; a new one is a line of tools/preflight-checks.ts", () => {
  const unknown = [...found()].filter((code) => !patterns.some((pattern) => pattern.test(code)));
  expect(unknown).toEqual([]);
});

it("the page has no code that no check has, and none twice", () => {
  const all = [...found()];
  const gone = codes.filter((_, index) => !all.some((code) => patterns[index]?.test(code)));
  expect(gone).toEqual([]);
  expect(new Set(codes).size).toBe(codes.length);
});
