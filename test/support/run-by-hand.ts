import { createHash } from "node:crypto";
import { z } from "zod";
import { printEvidence } from "#domain/evaluation/evidence.ts";
import { parseReport, printReport, type Report } from "#domain/evaluation/report.ts";
import { digestOf } from "#domain/evidence/accept-run.ts";
import { StartedRun } from "#sandbox/github/runner.ts";
import { zip } from "#sandbox/github/zip.ts";
import { type Stage, trustedWorkflow } from "#sandbox/stage/stage.ts";
import { models } from "./app-stage.ts";

/** A run whose files are made by whoever controls its job, not by the Action. GitHub's own facts of it (id, head, claims) stay GitHub's. */
export interface RunByHand {
  readonly pullRequest: number;
  /** A finished report, which is made to be of this run. */
  readonly report: Report;
  /** The reusable workflow that the job runs, and its commit: the trusted one when left out, the caller itself when null. */
  readonly called?: { readonly ref: string; readonly sha: string } | null;
  readonly change?: (report: Report) => Report;
  /** The token that lies beside the evidence: by default one of this run for this evidence; null is none. */
  readonly token?: ((own: OwnToken) => Promise<string | null>) | undefined;
  /** The artifact's bytes in place of a zip archive of the evidence. */
  readonly bytes?: Buffer;
}

export interface OwnToken {
  readonly digest: string;
  /** A token of this run, for whatever audience its job asks for. */
  issue(audience: string): Promise<string>;
}

/** Records a run, leaves its artifact and ends it; answers its id. */
export async function runByHand(stage: Stage, wanted: RunByHand): Promise<number> {
  const started = await start(stage, wanted.pullRequest, wanted.called);
  const { run, env } = started;
  const identity = { id: run.id, attempt: run.attempt, pullRequest: wanted.pullRequest, head: run.headSha };
  const stamped = { ...wanted.report, run: wanted.report.run && { ...wanted.report.run, ...identity } };
  const report = parsed(printReport(wanted.change?.(stamped as Report) ?? (stamped as Report)));
  const reportText = printReport(report);
  const file = `report-${report.model}.json`;
  const listed = { model: report.model, file, digest: digestOf(Buffer.from(reportText)) };
  const evidence = printEvidence({ schema: "slipway/evidence/v1", run: report.run, reports: [listed] });
  const digest = digestOf(Buffer.from(evidence));
  const own: OwnToken = { digest, issue: (audience) => idToken(env, audience) };
  const token = wanted.token === undefined ? await own.issue(`slipway:${digest}`) : await wanted.token(own);
  const files = [
    { name: "evidence.json", bytes: Buffer.from(evidence) },
    { name: file, bytes: Buffer.from(reportText) },
    ...(token === null ? [] : [{ name: "token.jwt", bytes: Buffer.from(token) }]),
  ];
  await upload(env, wanted.bytes ?? zip(files));
  await stage.double.ask("POST", `runs/${run.id}/complete`, {});
  return run.id;
}

/** A token of a run that leaves nothing, for whatever audience. */
export async function strangersToken(stage: Stage, pullRequest: number, audience: string): Promise<string> {
  return idToken((await start(stage, pullRequest, undefined)).env, audience);
}

/** The report about a head that is in the evidence log, as Git holds it. */
export async function recordedReport(stage: Stage, pullRequest: number): Promise<Report> {
  const { environments: checkout } = stage;
  await checkout.git("fetch", "--quiet", "origin", `refs/slipway/evidence/1/${pullRequest}`);
  const paths = (await checkout.git("ls-tree", "-r", "--name-only", "FETCH_HEAD")).split("\n");
  const path = paths.find((candidate) => candidate.includes("/reports/"));
  if (path === undefined) throw new Error(`no report about #${pullRequest} among ${paths.join(", ")}`);
  return parsed(`${await checkout.git("show", `FETCH_HEAD:${path}`)}\n`);
}

async function start(stage: Stage, pullRequest: number, called: RunByHand["called"]): Promise<StartedRun> {
  const trusted = { ref: `${trustedWorkflow}@${stage.workflowSha}`, sha: stage.workflowSha };
  const recorded = await stage.double.ask("POST", "runs", {
    repository: models,
    event: "pull_request",
    pullRequest,
    workflow: ".github/workflows/slipway.yml",
    ...(called !== null && { called: called ?? trusted }),
  });
  return StartedRun.parse(recorded);
}

function parsed(text: string): Report {
  const read = parseReport(text);
  if (read.kind === "refused") throw new Error(read.message);
  return read.report;
}

async function idToken(env: Readonly<Record<string, string>>, audience: string): Promise<string> {
  const response = await fetch(`${env["ACTIONS_ID_TOKEN_REQUEST_URL"]}&audience=${encodeURIComponent(audience)}`, {
    headers: { authorization: `Bearer ${env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]}` },
  });
  return z.object({ value: z.string() }).parse(await response.json()).value;
}

/** The runner's artifact protocol, with any bytes. */
async function upload(env: Readonly<Record<string, string>>, bytes: Buffer): Promise<void> {
  const call = async (method: string, body: object): Promise<unknown> => {
    const url = new URL(`/twirp/github.actions.results.api.v1.ArtifactService/${method}`, env["ACTIONS_RESULTS_URL"]);
    const headers = { authorization: `Bearer ${env["ACTIONS_RUNTIME_TOKEN"]}`, "content-type": "application/json" };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ name: "slipway-evidence", ...body }) });
    if (!response.ok) throw new Error(`${method}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const { signed_upload_url } = z.object({ signed_upload_url: z.string() }).parse(await call("CreateArtifact", { version: 4 }));
  await fetch(signed_upload_url, { method: "PUT", headers: { "x-ms-blob-type": "BlockBlob" }, body: Uint8Array.from(bytes) });
  await call("FinalizeArtifact", { size: String(bytes.length), hash: `sha256:${createHash("sha256").update(bytes).digest("hex")}` });
}
