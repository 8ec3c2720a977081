import { relative, resolve } from "node:path";
import { actionsRunner } from "#adapters/actions-runner/actions-runner.ts";
import { checkedOutCommit, checkedOutFiles } from "#adapters/actions-runner/checked-out.ts";
import { httpSlipwayApp } from "#adapters/slipway-app/http-slipway-app.ts";
import { localWorkspace } from "#adapters/workspace/local-workspace.ts";
import { writeWholeFolder } from "#adapters/workspace/write-whole.ts";
import type { Run } from "#domain/evaluation/report.ts";
import { hexOf, type ModelName, short } from "#domain/model/names.ts";
import { changedModels } from "#domain/report/changed-models.ts";
import type { PullRequestJudgement } from "#domain/report/judgement.ts";
import { withRemoteSources } from "#entry/evaluation-engine.ts";
import { remoteSettings } from "#entry/remote-settings.ts";
import { evaluateHead } from "#flows/evaluate-head.ts";
import type { Annotation, Runner } from "#ports/runner.ts";
import { ActionError, type ActionInputs, type ActionOutput, readInputs } from "./action-io.ts";
import { annotationsOf } from "./annotations.ts";
import { readJob, readRun } from "./job.ts";
import { ownJudgement } from "./own-judgement.ts";
import { stepSummary } from "./step-summary.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Measures what the pull request proposes and leaves the evidence in a folder, whole or not at all. A bad verdict is no failure of this step. */
export async function evaluate(environment: Environment): Promise<void> {
  const inputs = readInputs(environment);
  const job = readJob(environment);
  const run = await readRun(environment);
  const runner = actionsRunner(environment);
  const trees = { trusted: resolve(job.workspace, inputs.trusted), head: resolve(job.workspace, inputs.head) };
  await requireHead(trees.head, inputs, run);
  const models = inputs.models.length > 0 ? inputs.models : await modelsThatDiffer(trees);
  const app =
    inputs.appUrl === undefined ? undefined : httpSlipwayApp({ url: inputs.appUrl, token: () => runner.identityToken("slipway:app") });

  const remote = remoteSettings(environment, environment["SLIPWAY_MAX_BYTES_SCANNED"], environment["SLIPWAY_REMOTE_PREFIXES"]);
  if (remote.kind === "wrong") throw new ActionError(remote.message);
  const evaluation = await withRemoteSources(
    (engine, access) =>
      evaluateHead({ trusted: localWorkspace(trees.trusted), head: localWorkspace(trees.head), engine, remote: access, app }, run, models),
    { remote: remote.settings },
  );

  const token = await evidenceToken(runner, evaluation.evidence.digest);
  const files = new Map([...evaluation.reports, ["evidence.json", evaluation.evidence.text] as const]);
  if (token !== undefined) files.set("token.jwt", `${token}\n`);
  const out = resolve(job.workspace, inputs.out);
  if (relative(trees.head, out).split("/")[0] !== "..")
    throw new ActionError(`input out: ${inputs.out} lies in the head's checkout; name a folder outside of it`);
  await writeWholeFolder(out, files, isEvidence);

  const annotations = await annotationsOf(evaluation, localWorkspace(trees.head));
  for (const annotation of annotations) runner.annotate(annotation);
  const alone = inputs.report === "github";
  const judgement = ownJudgement(evaluation, run, alone ? "alone" : token === undefined ? "unsigned" : "signed");
  await runner.summary(stepSummary(judgement));
  if (alone) await writeReport(judgement, annotations, { token: inputs.token, environment, runner });
  const outputs: Readonly<Record<ActionOutput, string>> = {
    verdict: evaluation.verdict,
    evidence: out,
    digest: evaluation.evidence.digest,
  };
  for (const [name, value] of Object.entries(outputs)) runner.output(name, value);
}

/** The client of GitHub's API is loaded only where it is used: with an App the Action never writes. */
async function writeReport(
  judgement: PullRequestJudgement,
  annotations: readonly Annotation[],
  { runner, ...access }: { readonly token: string; readonly environment: Environment; readonly runner: Runner },
): Promise<void> {
  const { report } = await import("./report.ts");
  for (const { view, reason } of await report(judgement, annotations, access)) {
    const message = `The ${view} is not written: this workflow's token may not. A fork's run has one that only reads; any other needs ${permissionOf[view]}: write. ${reason}`;
    runner.annotate({ level: "notice", message });
    await runner.summary(`\n> The ${view} is not written: this workflow's token may not, as in every run for a fork.\n`);
  }
}

const permissionOf = { comment: "pull-requests", check: "checks" } as const;

/** The reports say which head they are of; this makes it true. */
async function requireHead(folder: string, inputs: ActionInputs, run: Run): Promise<void> {
  const commit = await checkedOutCommit(folder);
  if (commit === run.head) return;
  const wanted = "check out github.event.pull_request.head.sha, not the merge commit";
  throw new ActionError(`${inputs.head} has ${short(commit)} checked out, and the pull request's head is ${short(run.head)}: ${wanted}.`);
}

async function modelsThatDiffer(trees: { readonly trusted: string; readonly head: string }): Promise<readonly ModelName[]> {
  const [trusted, head] = await Promise.all([checkedOutFiles(trees.trusted, "models"), checkedOutFiles(trees.head, "models")]);
  const paths = new Set([...trusted.keys(), ...head.keys()]);
  return changedModels([...paths].filter((path) => trusted.get(path) !== head.get(path)));
}

/** Bound to this very evidence, so that it is of no use for anything else. Without it the evidence is self-reported, and that is said. */
async function evidenceToken(runner: Runner, digest: Parameters<typeof hexOf>[0]): Promise<string | undefined> {
  const identity = await runner.identityToken(`slipway:sha256:${hexOf(digest)}`);
  if (identity.kind === "token") return identity.token;
  runner.annotate({ level: "notice", message: `This evidence is self-reported, shown but never gating: ${identity.reason}.` });
  return undefined;
}

/** What an earlier run of ours left in the folder, and may be replaced. */
function isEvidence(name: string): boolean {
  return ["evidence.json", "token.jwt", "evidence.sigstore.json"].includes(name) || /^report-[a-z0-9-]+\.json$/.test(name);
}
