import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import type { StartedRun } from "#sandbox/github/runner.ts";
import { type RunLog, readLog } from "./read-log.ts";

export interface WorkflowUnderAct {
  /** Folder of the bare repositories, `owner/name.git` below it. */
  readonly repositories: string;
  /** The run that the GitHub double recorded: its tokens, its addresses and its event are what the job gets. */
  readonly run: StartedRun;
  /** The workflow file of the run's repository, as it is at the run's commit. */
  readonly workflow: string;
  /** What `uses:` names, each with the folder that stands for it: `acme/slipway@<commit>`. */
  readonly actions: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  /** `node_modules` for Slipway's checkout; left out, the Action installs them itself. */
  readonly modules?: string;
}

export interface EndedWorkflow extends RunLog {
  /** 1 if any job failed or none matched the event. */
  readonly code: number | null;
  readonly stderr: string;
}

const patience = 480_000;

/** Runs one workflow for one event with nektos/act, without a container: its steps are plain processes of this machine. */
export async function runUnderAct(act: string, wanted: WorkflowUnderAct): Promise<EndedWorkflow> {
  const folder = await mkdtemp(join(tmpdir(), "act-"));
  try {
    const file = (name: string): string => join(folder, name);
    await checkOut(join(wanted.repositories, `${wanted.run.run.repository}.git`), String(wanted.run.env["GITHUB_SHA"]), file("work"));
    await writeFile(file("event.json"), JSON.stringify(wanted.run.event));
    await writeFile(file("empty"), "");
    // JSON is YAML; a secret given by argument or variable would reach every step.
    await writeFile(file("secrets.yml"), JSON.stringify({ GITHUB_TOKEN: wanted.run.env["GITHUB_TOKEN"] ?? "" }), { mode: 0o600 });
    const options = [
      ["--platform", "ubuntu-24.04=-self-hosted"],
      ["--workflows", wanted.workflow],
      ["--eventpath", file("event.json")],
      ["--env-file", file("empty")],
      ["--secret-file", file("secrets.yml")],
      ["--var-file", file("empty")],
      ["--input-file", file("empty")],
      ["--action-cache-path", file("cache")],
      ["--actor", wanted.run.env["GITHUB_ACTOR"] ?? ""],
      ...Object.entries(wanted.variables ?? {}).map(([name, value]) => ["--var", `${name}=${value}`]),
      ...Object.entries({ ...(await standIns(wanted.actions)), ...wanted.actions }).map(([ref, path]) => [
        "--local-repository",
        `${ref}=${path}`,
      ]),
      ...Object.entries(environmentOf(wanted)).map(([name, value]) => ["--env", `${name}=${value}`]),
    ].flat();
    const flags = ["--json", "--no-cache-server", "--action-offline-mode", "--no-skip-checkout"];
    return await ended(act, [wanted.run.env["GITHUB_EVENT_NAME"] ?? "", ...flags, ...options], folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** act reads .actrc, .env and .secrets beside the workflow: a clone of its own holds only what is committed. */
async function checkOut(repository: string, commit: string, folder: string): Promise<void> {
  const git = (...args: readonly string[]) => promisify(execFile)("git", args);
  await git("init", "--quiet", folder);
  await git("-C", folder, "fetch", "--quiet", "--", repository, commit);
  await git("-C", folder, "-c", "advice.detachedHead=false", "checkout", "--quiet", "FETCH_HEAD");
}

/** Whatever commit of these actions the workflows pin, the stand-in answers to it. */
async function standIns(actions: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const files = Object.values(actions).flatMap((folder) => [
    join(folder, ".github/workflows/evaluate.yml"),
    join(folder, "action/action.yml"),
  ]);
  const texts = await Promise.all(files.map((path) => readFile(path, "utf8")));
  const pinned = texts.flatMap((text) => [
    ...text.matchAll(/uses: (actions\/(checkout|upload-artifact|attest-build-provenance)@[0-9a-f]{40})/g),
  ]);
  return Object.fromEntries(pinned.map(([, ref = "", name = ""]) => [ref, join(import.meta.dirname, "stand-ins", name)]));
}

function environmentOf({ run, repositories, modules = "" }: WorkflowUnderAct): Readonly<Record<string, string>> {
  const { GITHUB_TOKEN: _secret, ...env } = run.env;
  return {
    ...env,
    // act's own name for what github.sha and GITHUB_SHA become.
    SHA_REF: env["GITHUB_SHA"] ?? "",
    STAND_IN_REPOSITORIES: `file://${repositories}`,
    STAND_IN_NODE: process.execPath,
    STAND_IN_UPLOAD: join(import.meta.dirname, "upload.ts"),
    STAND_IN_MODULES: modules,
    npm_config_cache: join(process.env["HOME"] ?? tmpdir(), ".npm"),
  };
}

/** act hands its own environment to every step, so it gets almost none; and no path into our own node_modules. */
async function ended(act: string, args: readonly string[], folder: string): Promise<EndedWorkflow> {
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((entry) => !entry.includes("node_modules"));
  const child = spawn(act, args, {
    cwd: join(folder, "work"),
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: path.join(delimiter), HOME: folder, LANG: "C.UTF-8" },
    // A group of its own: act's steps are its children and end with it.
    detached: true,
  });
  const timer = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), patience);
  const [stdout, stderr]: [string[], string[]] = [[], []];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => stdout.push(chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => stderr.push(chunk));
  await once(child, "close");
  clearTimeout(timer);
  return { code: child.exitCode, stderr: stderr.join(""), ...readLog(stdout.join("")) };
}
