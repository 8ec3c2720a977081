// Plays the runner for a run that the double recorded: two trees, the environment, real processes for the steps.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { git } from "./git.ts";
import { type UploadedArtifact, uploadArtifact } from "./upload-artifact.ts";

/** What `POST /_double/runs` (or `…/start`) answered. */
export const StartedRun = z.object({
  run: z.looseObject({
    id: z.number(),
    attempt: z.number(),
    repository: z.string(),
    headSha: z.string(),
    headRepository: z.string(),
    baseRef: z.string().nullable(),
  }),
  env: z.record(z.string(), z.string()),
  event: z.record(z.string(), z.unknown()),
});
export type StartedRun = z.infer<typeof StartedRun>;

export interface Step {
  readonly name: string;
  /** A command and its arguments, without a shell; or the artifact upload. */
  readonly run: readonly [string, ...string[]] | "upload-artifact";
  readonly env?: Readonly<Record<string, string>>;
  /** Working folder of a command, or what to upload; relative to the workspace. */
  readonly path?: string;
  readonly artifactName?: string;
  /** Also when an earlier step failed. */
  readonly if?: "always";
}

export interface StepResult {
  readonly name: string;
  /** Null: skipped, because an earlier step failed. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly artifact?: UploadedArtifact;
}

export interface WorkflowOptions {
  /** The double's address. */
  readonly double: string;
  readonly run: StartedRun;
  /** Reaches every step, as inputs and settings do; PATH and HOME are set anyway. */
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  /** Made and kept when given; else temporary and removed. */
  readonly workspace?: string;
  /** Folder of the default branch's tree and of the head's, below the workspace. */
  readonly trees?: { readonly base: string; readonly head: string };
  /** Tell the double how it ended; default true. */
  readonly complete?: boolean;
}

export interface WorkflowResult {
  readonly conclusion: "success" | "failure";
  readonly workspace: string;
  readonly steps: readonly StepResult[];
}

export async function runWorkflow(options: WorkflowOptions): Promise<WorkflowResult> {
  const { run } = options;
  const workspace = resolve(options.workspace ?? (await mkdtemp(join(tmpdir(), "runner-"))));
  const temp = await mkdtemp(join(tmpdir(), "runner-temp-"));
  try {
    await mkdir(workspace, { recursive: true });
    await checkOutTrees(options, workspace);
    await writeFile(join(temp, "event.json"), JSON.stringify(run.event));
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: temp,
      ...run.env,
      GITHUB_WORKSPACE: workspace,
      GITHUB_EVENT_PATH: join(temp, "event.json"),
      RUNNER_TEMP: temp,
      RUNNER_TOOL_CACHE: temp,
      ...options.env,
    };
    const steps: StepResult[] = [];
    for (const [index, step] of options.steps.entries()) {
      const failed = steps.some((earlier) => earlier.exitCode !== 0 && earlier.exitCode !== null);
      const skipped = { name: step.name, exitCode: null, stdout: "", stderr: "", outputs: {}, summary: "" };
      steps.push(failed && step.if !== "always" ? skipped : await runStep(step, index, { workspace, temp, env, earlier: steps }));
    }
    const conclusion = steps.every((step) => step.exitCode === 0) ? "success" : "failure";
    if (options.complete ?? true) await complete(options, conclusion);
    return { conclusion, workspace, steps };
  } finally {
    await rm(temp, { recursive: true, force: true });
    if (options.workspace === undefined) await rm(workspace, { recursive: true, force: true });
  }
}

/** As the trusted workflow does: the default branch and the head, side by side, credentials not persisted. */
async function checkOutTrees({ double, run, trees }: WorkflowOptions, workspace: string): Promise<void> {
  const { base, head } = trees ?? { base: "base", head: "head" };
  const Repository = z.object({ default_branch: z.string() });
  const { default_branch: branch } = Repository.parse(run.event.repository);
  const same = run.run.headRepository === run.run.repository;
  await checkOut(double, run, join(workspace, base), `refs/heads/${branch}`);
  // A fork's head is reached through the base repository's refs/pull, which needs no right on the fork.
  const pull = z.object({ number: z.number() }).safeParse(run.event);
  await checkOut(double, run, join(workspace, head), same || !pull.success ? run.run.headSha : `refs/pull/${pull.data.number}/head`);
}

async function checkOut(double: string, { run, env }: StartedRun, folder: string, what: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const basic = Buffer.from(`x-access-token:${env.GITHUB_TOKEN}`).toString("base64");
  const credentials = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "http.extraHeader", GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}` };
  await git(folder, ["init", "--quiet"]);
  await git(folder, ["fetch", "--quiet", "--no-tags", "--depth=1", `${double}/${run.repository}.git`, what], { env: credentials });
  await git(folder, ["checkout", "--quiet", "--detach", "FETCH_HEAD"]);
}

interface Surroundings {
  readonly workspace: string;
  readonly temp: string;
  readonly env: Readonly<Record<string, string>>;
  readonly earlier: readonly StepResult[];
}

async function runStep(step: Step, index: number, { workspace, temp, env, earlier }: Surroundings): Promise<StepResult> {
  const path = resolve(workspace, step.path ?? ".");
  if (step.run === "upload-artifact") return await upload(step, path, env);
  const files = ["output", "summary", "env", "path", "state"].map((kind): [string, string] => [kind, join(temp, `${kind}-${index}`)]);
  await Promise.all(files.map(([, file]) => writeFile(file, "")));
  const [output = "", summary = "", envFile = "", pathFile = "", state = ""] = files.map(([, file]) => file);
  const child = spawn(step.run[0], step.run.slice(1), {
    cwd: path,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...env,
      ...settingsOf(step, earlier),
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_ENV: envFile,
      GITHUB_PATH: pathFile,
      GITHUB_STATE: state,
      GITHUB_ACTION: `__run_${index}`,
    },
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  await once(child, "close");
  return {
    name: step.name,
    exitCode: child.exitCode ?? 128,
    stdout: Buffer.concat(out).toString(),
    stderr: Buffer.concat(err).toString(),
    outputs: parseOutputs(await readFile(output, "utf8")),
    summary: await readFile(summary, "utf8"),
  };
}

/** A setting `$outputs.<name>` is what an earlier step put out under that name, as `${{ steps.….outputs.<name> }}` would be. */
function settingsOf(step: Step, earlier: readonly StepResult[]): Readonly<Record<string, string>> {
  const soFar = new Map(earlier.flatMap((result) => Object.entries(result.outputs)));
  const settings = Object.entries(step.env ?? {});
  return Object.fromEntries(
    settings.map(([key, value]) => [key, value.startsWith("$outputs.") ? (soFar.get(value.slice(9)) ?? "") : value]),
  );
}

async function upload(step: Step, path: string, env: Readonly<Record<string, string>>): Promise<StepResult> {
  const done = { name: step.name, stdout: "", outputs: {}, summary: "" };
  if (!existsSync(path)) return { ...done, exitCode: 1, stderr: `No files were found with the provided path: ${path}.` };
  try {
    const artifact = await uploadArtifact(env, step.artifactName ?? "artifact", path);
    return {
      ...done,
      exitCode: 0,
      stderr: "",
      artifact,
      outputs: { "artifact-id": String(artifact.id), "artifact-digest": artifact.digest },
    };
  } catch (error) {
    return { ...done, exitCode: 1, stderr: String(error) };
  }
}

/** `name=value` lines, and `name<<DELIMITER` … `DELIMITER` for values of several lines. */
function parseOutputs(text: string): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {};
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const block = /^([^=]+?)<<(.+)$/.exec(line);
    if (block?.[1] !== undefined && block[2] !== undefined) {
      const end = lines.indexOf(block[2], at + 1);
      outputs[block[1]] = lines.slice(at + 1, end).join("\n");
      at = end < 0 ? lines.length : end;
    } else if (line.includes("=")) {
      outputs[line.slice(0, line.indexOf("="))] = line.slice(line.indexOf("=") + 1);
    }
  }
  return outputs;
}

async function complete({ double, run }: WorkflowOptions, conclusion: string): Promise<void> {
  const answer = await fetch(`${double}/_double/runs/${run.run.id}/complete`, { method: "POST", body: JSON.stringify({ conclusion }) });
  if (!answer.ok) throw new Error(`the double did not take the run's end: ${answer.status} ${await answer.text()}`);
}
