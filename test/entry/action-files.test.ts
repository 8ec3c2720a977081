import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { actionInputs, actionOutputs, inputVariable, readInputs, verdictVariable } from "#entry/action/action-io.ts";
import { projectFolder } from "#test/support/run-entry.ts";

const stepSchema = z.strictObject({
  name: z.string(),
  id: z.string().optional(),
  if: z.literal("inputs.attest == 'true'").optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.union([z.string(), z.boolean()])).optional(),
  shell: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  run: z.string().optional(),
});

const actionSchema = z.looseObject({
  inputs: z.record(z.string(), z.strictObject({ description: z.string(), default: z.string() })),
  outputs: z.record(z.string(), z.strictObject({ description: z.string(), value: z.string() })),
  runs: z.strictObject({ using: z.literal("composite"), steps: z.array(stepSchema) }),
});

const workflowSchema = z.looseObject({
  on: z.strictObject({ workflow_call: z.looseObject({ inputs: z.record(z.string(), z.looseObject({})) }) }),
  permissions: z.strictObject({}),
  jobs: z.strictObject({
    evaluate: z.looseObject({ name: z.string(), permissions: z.record(z.string(), z.string()), steps: z.array(stepSchema) }),
  }),
});

const text = (path: string): string => readFileSync(join(projectFolder, path), "utf8");
const action = actionSchema.parse(load(text("action/action.yml")));
const workflow = workflowSchema.parse(load(text(".github/workflows/evaluate.yml")));
const { evaluate: job } = workflow.jobs;
const named = (name: string) => job.steps.find((step) => step.name.startsWith(name));

/** Where the App reports, the Action never sees the workflow's token. */
const tokenWhereItWrites = "${{ inputs.report == 'github' && inputs.token || '' }}";

describe("action.yml", () => {
  it("declares the inputs and outputs that the code knows, in its words", () => {
    expect(action.inputs).toEqual(
      Object.fromEntries(
        Object.entries(actionInputs).map(([name, { about, default: value }]) => [name, { description: about, default: value }]),
      ),
    );
    expect(action.outputs).toEqual(
      Object.fromEntries(
        Object.entries(actionOutputs).map(([name, about]) => [
          name,
          { description: about, value: `\${{ steps.evaluate.outputs.${name} }}` },
        ]),
      ),
    );
  });

  it("hands every input to a step by its variable, and to no step one that the code does not read", () => {
    const handed = new Map(action.runs.steps.flatMap(({ env = {} }) => Object.entries(env)));
    const inputs = Object.keys(actionInputs) as (keyof typeof actionInputs)[];
    for (const name of inputs)
      expect(handed.get(inputVariable(name))).toBe(name === "token" ? tokenWhereItWrites : `\${{ inputs.${name} }}`);
    expect(handed.get(verdictVariable)).toBe("${{ steps.evaluate.outputs.verdict }}");
    expect(handed.get("SLIPWAY_EVIDENCE")).toBe("${{ steps.evaluate.outputs.evidence }}");
    expect(handed.get("SLIPWAY_BUNDLE")).toBe("${{ steps.attest.outputs.bundle-path }}");
    expect(handed.size).toBe(inputs.length + 3);
  });

  it("uploads what the evaluation left, under the name by which the App looks for it", () => {
    expect(action.runs.steps.find(({ uses }) => uses?.startsWith("actions/upload-artifact@"))?.with).toMatchObject({
      name: "slipway-evidence",
      path: "${{ steps.evaluate.outputs.evidence }}",
      "if-no-files-found": "error",
    });
  });

  it("attests the very file to which all digests lead, where it is asked to, and leaves the bundle before the upload", () => {
    const attesting = action.runs.steps.filter((step) => step.if !== undefined);
    expect(attesting.map(({ uses }) => uses?.split("@")[0])).toEqual(["actions/attest-build-provenance", undefined]);
    expect(attesting[0]?.with).toEqual({ "subject-path": "${{ steps.evaluate.outputs.evidence }}/evidence.json" });
    expect(attesting[1]?.run).toBe('cp -- "$SLIPWAY_BUNDLE" "$SLIPWAY_EVIDENCE/evidence.sigstore.json"');
    const names = action.runs.steps.map(({ name }) => name);
    expect(names.indexOf("Leave the attestation beside the evidence")).toBeLessThan(names.indexOf("Keep the evidence"));
  });

  it("is called by the trusted workflow with inputs that it has", () => {
    const call = named("Evaluate");
    expect(call?.uses).toBe("./slipway/action");
    for (const name of Object.keys(call?.with ?? {})) expect(Object.keys(actionInputs)).toContain(name);
    for (const name of Object.keys(workflow.on.workflow_call.inputs)) expect(call?.with?.[name]).toBe(`\${{ inputs.${name} }}`);
  });
});

describe("docs/action.md", () => {
  const rows = [...text("docs/action.md").matchAll(/^\| `([a-z-]+)` \| (?:(?:`([^`]*)`)? ?\| )?(.+?) \|$/gm)].map(
    ([, name = "", value = "", about = ""]) => ({ name, value, about }),
  );

  it("has a row for every input and output, and no other", () => {
    const inputs = Object.entries(actionInputs).map(([name, { about, default: value }]) => ({ name, value, about }));
    const outputs = Object.entries(actionOutputs).map(([name, about]) => ({ name, value: "", about }));
    expect(rows).toEqual([...inputs, ...outputs]);
  });
});

describe("the scripts of both files", () => {
  const steps = [...action.runs.steps, ...job.steps];

  it("have no expression spelled into them", () => {
    for (const { run = "", shell } of steps) {
      expect(run).not.toContain("${{");
      if (run !== "") expect(shell).toBe("bash");
    }
  });

  it("run nothing of the two trees: no path of theirs, no install but the Action's own, no work in their folder", () => {
    for (const { run = "", uses = "" } of steps) {
      expect(run).not.toMatch(/\b(?:head|trusted|predict)\//);
      expect(uses).not.toMatch(/^\.\/(?:head|trusted)/);
      expect(run).not.toMatch(/\b(?:pip|pnpm|yarn|make|python)\b|npm (?:run|test|i\b|install)/);
    }
    const installs = steps.filter(({ run = "" }) => run.includes("npm ci"));
    expect(installs.map(({ run }) => run?.split("\n")[0])).toEqual(['cd "$GITHUB_ACTION_PATH/.."']);
  });

  it("call the entry's steps in their order", () => {
    const called = action.runs.steps.flatMap(({ run = "" }) => /src\/entry\/action\.ts" (\w+)/.exec(run)?.[1] ?? []);
    expect(called).toEqual(["evaluate", "notify", "conclude"]);
  });
});

describe("the trusted workflow", () => {
  it("may read the repository and prove who it is, nothing else", () => {
    expect(job.permissions).toEqual({ contents: "read", "id-token": "write" });
  });

  it("keeps no credentials in any tree, and takes rules and proposal from where they belong", () => {
    const checkouts = job.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.map((step) => step.with)).toEqual([
      { repository: "${{ job.workflow_repository }}", ref: "${{ job.workflow_sha }}", path: "slipway", "persist-credentials": false },
      { ref: "${{ github.event.repository.default_branch }}", path: "trusted", "persist-credentials": false },
      {
        repository: "${{ github.event.pull_request.head.repo.full_name || github.repository }}",
        ref: "${{ github.event.pull_request.head.sha || github.event.merge_group.head_sha }}",
        path: "head",
        "persist-credentials": false,
      },
    ]);
  });

  it("stops before it would run the caller's repository in the place of its own", () => {
    const [first] = job.steps;
    expect(first?.env).toEqual({ WORKFLOW_REPOSITORY: "${{ job.workflow_repository }}", WORKFLOW_SHA: "${{ job.workflow_sha }}" });
    expect(first?.run).toContain("exit 1");
  });

  it("leaves the report to the App, and holds no token that could write one", () => {
    expect(named("Evaluate")?.with?.["report"]).toBe("app");
    expect(Object.keys(job.permissions).filter((name) => name !== "id-token" && job.permissions[name] === "write")).toEqual([]);
  });

  it("calls itself self-reported, since only the App's check counts", () => {
    expect(job.name).toBe("slipway (self-reported)");
  });
});

describe("inputs", () => {
  it("have the defaults that action.yml says", () => {
    expect(readInputs({})).toEqual({
      trusted: "trusted",
      head: "head",
      models: [],
      appUrl: undefined,
      out: "slipway-evidence",
      failOn: ["error"],
      report: "app",
      token: "",
    });
  });

  it("take lists by spaces, commas and lines", () => {
    expect(readInputs({ SLIPWAY_INPUT_MODELS: "a, b\nc", SLIPWAY_INPUT_FAIL_ON: "" })).toMatchObject({
      models: ["a", "b", "c"],
      failOn: [],
    });
  });
});
