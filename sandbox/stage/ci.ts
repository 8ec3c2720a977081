import { join } from "node:path";
import { runWorkflow, StartedRun, type StepResult, type WorkflowResult } from "#sandbox/github/runner.ts";
import { type Stage, trustedWorkflow } from "./stage.ts";

const action = join(import.meta.dirname, "../../src/entry/action.ts");

export interface CiOptions {
  readonly pullRequest: number;
  /** Whether the run calls the trusted workflow; if not, the author's own workflow runs the same Action. */
  readonly trusted?: boolean;
  /** Whether the job may ask for an OIDC token. */
  readonly idToken?: boolean;
  /** There is no App: the job writes the report itself, with these permissions of its token. */
  readonly alone?: Readonly<Record<string, "read" | "write">>;
}

export interface CiResult extends WorkflowResult {
  readonly run: number;
  readonly evaluate: StepResult;
}

/** What GitHub Actions does on a pull request: a run that the double recorded, two checkouts, and the Action's steps as processes. */
export async function runCi(stage: Stage, { pullRequest, trusted = true, idToken = true, alone }: CiOptions): Promise<CiResult> {
  const recorded = await stage.double.ask("POST", "runs", {
    repository: "acme/models",
    event: "pull_request",
    pullRequest,
    workflow: ".github/workflows/slipway.yml",
    ...(trusted && { called: { ref: `${trustedWorkflow}@${stage.workflowSha}`, sha: stage.workflowSha } }),
    permissions: { contents: "read", ...alone },
    idToken,
  });
  const run = StartedRun.parse(recorded);
  const result = await runWorkflow({
    double: stage.double.url,
    run,
    trees: { base: "trusted", head: "head" },
    env: {
      SLIPWAY_INPUT_TRUSTED: "trusted",
      SLIPWAY_INPUT_HEAD: "head",
      SLIPWAY_INPUT_APP_URL: stage.appUrl,
      SLIPWAY_INPUT_OUT: "evidence",
      ...(alone && { SLIPWAY_INPUT_APP_URL: "", SLIPWAY_INPUT_REPORT: "github", SLIPWAY_INPUT_TOKEN: run.env["GITHUB_TOKEN"] ?? "" }),
    },
    steps: [
      { name: "evaluate", run: [process.execPath, action, "evaluate"] },
      { name: "upload", run: "upload-artifact", path: "evidence", artifactName: "slipway-evidence", if: "always" },
      { name: "notify", run: [process.execPath, action, "notify"], if: "always" },
    ],
  });
  const [evaluate] = result.steps;
  if (evaluate === undefined) throw new Error("the workflow had no steps");
  return { ...result, run: run.run.id, evaluate };
}
