import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { programIn } from "#test/support/program-in.ts";
import { projectFolder } from "#test/support/run-entry.ts";

const actionlint = programIn("SLIPWAY_ACTIONLINT");
const python = join(dirname(programIn("SLIPWAY_WORKFLOW_LINTERS")), "bin");

const workflows = readdirSync(join(projectFolder, ".github/workflows")).map((name) => `.github/workflows/${name}`);
const ofSchema = (schema: string, files: readonly string[]): readonly string[] => ["--builtin-schema", `vendor.${schema}`, ...files];

/** What a linter says, and with which exit code. */
function lint(
  program: string,
  args: readonly string[],
  folder = projectFolder,
): Promise<{ readonly code: number; readonly output: string }> {
  // actionlint looks for shellcheck on PATH, to read the scripts inside of workflows.
  const env = { ...process.env, PATH: [python, process.env["PATH"]].join(delimiter), NO_COLOR: "1" };
  return new Promise((done) => {
    execFile(program, args, { cwd: folder, env }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : typeof error.code === "number" ? error.code : 1, output: stdout + stderr });
    });
  });
}

const zizmor = ["--offline", "--no-progress", "--strict-collection", "."];
const checks: readonly (readonly [string, string, readonly string[]])[] = [
  ["actionlint", actionlint, ["-no-color"]],
  ["zizmor", join(python, "zizmor"), zizmor],
  ["the schema of workflows", join(python, "check-jsonschema"), ofSchema("github-workflows", workflows)],
  ["the schema of actions", join(python, "check-jsonschema"), ofSchema("github-actions", ["action/action.yml"])],
];

describe("the workflows and the Action of this repository pass", () => {
  it.each(checks)("%s", async (_, program, args) => {
    const { code, output } = await lint(program, args);
    expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
  });
});

describe("the linters bite:", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "linters-"));
    mkdirSync(join(folder, ".github/workflows"), { recursive: true });
    mkdirSync(join(folder, "action"));
    const uses = "      - uses: actions/checkout@main\n";
    const script = "      - run: echo ${{ github.event.pull_request.title }}; cat $UNQUOTED\n";
    const job = "jobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n";
    writeFileSync(join(folder, ".github/workflows/bad.yml"), `on: pull_request_target\n${job}${uses}${script}`);
    writeFileSync(join(folder, "action/action.yml"), "name: a\ndescription: b\nruns:\n  using: composite\n  steps:\n    - run: echo\n");
    writeFileSync(join(folder, ".github/workflows/broken.yml"), "on: pull_request\njobs: {a: {steps: [{}]}}\n");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    [
      "actionlint finds untrusted text in a script",
      actionlint,
      ["-no-color", "-ignore", "runs-on", ".github/workflows/bad.yml"],
      "potentially untrusted",
    ],
    ["actionlint reads scripts with shellcheck", actionlint, ["-no-color", ".github/workflows/bad.yml"], "SC2086"],
    [
      "zizmor finds an unpinned action",
      join(python, "zizmor"),
      ["--offline", "--no-progress", ".github/workflows/bad.yml"],
      "unpinned-uses",
    ],
    ["zizmor refuses a file that it cannot read", join(python, "zizmor"), zizmor, "broken.yml"],
    [
      "a step of a composite action without a shell",
      join(python, "check-jsonschema"),
      ofSchema("github-actions", ["action/action.yml"]),
      "{'run': 'echo'}",
    ],
    ["a job without a runner", join(python, "check-jsonschema"), ofSchema("github-workflows", [".github/workflows/broken.yml"]), "runs-on"],
  ])("%s", async (_, program, args, finding) => {
    const { code, output } = await lint(program, args, folder);
    expect(code).not.toBe(0);
    expect(output).toContain(finding);
  });
});
