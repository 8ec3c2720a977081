/**
 * `node delivered-story.ts <target>`: one model from pull request to rollback, told to a real App over a git host, a GitOps agent, a
 * Kubernetes control plane and the target's own controller. Prints what happened as one line of JSON. The controllers listen on all
 * addresses, so it is run where there is a loopback device and nothing else.
 */
import { spawn } from "node:child_process";
import { createWriteStream, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { kubernetesCluster } from "#adapters/kubernetes/cluster.ts";
import { environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import { type TargetName, targetNameSchema } from "#domain/rollout/target-name.ts";
import { requestLog } from "#sandbox/serving/request-log.ts";
import { Checkout } from "#sandbox/stage/checkout.ts";
import { runCi } from "#sandbox/stage/ci.ts";
import { model } from "#sandbox/stage/contents.ts";
import { eventually } from "#sandbox/stage/eventually.ts";
import { Stage } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { gatewayOf } from "./gateway.ts";
import { defineResources, type Kubelab, startKubelab } from "./kubelab.ts";
import { told } from "./told-target.ts";

const patience = 180_000;
const every = 300;
const namespace = "production";
const program = (name: string): string => join(process.env["KUBELAB_CACHE"] ?? "", name);

/** What the cluster was seen to give the candidate, each value once in a row; and what was in Git. */
export interface Delivered {
  readonly weights: readonly number[];
  readonly steps: readonly string[];
  /** Digests that the pods' templates name at the end, without those that were scaled away. */
  readonly running: readonly string[];
  readonly milliseconds: Readonly<Record<string, number>>;
}

async function deliver(target: TargetName): Promise<Delivered> {
  const { sets, controller, stageTarget, slowFrom } = told(target);
  const begun = Date.now();
  const milliseconds: Record<string, number> = {};
  const mark = (name: string): void => {
    milliseconds[name] = Date.now() - begun;
  };
  const lab = startKubelab();
  const ends: (() => unknown)[] = [() => lab.stop()];
  try {
    defineResources(lab, sets);
    lab.kubectl(["create", "namespace", namespace]);
    mark("cluster");
    const stage = await Stage.set({ folder: await mkdtemp(join(tmpdir(), "slipway-delivered-")), resyncSeconds: 2, ...stageTarget });
    ends.push(
      () => rm(stage.folder, { recursive: true, force: true }),
      () => stage.stop(),
    );

    const deployed = await Checkout.of(stage.people.petra.clone("acme/environments"), join(lab.folder, "deployed"), "agent");
    const working = { on: true };
    ends.push(() => (working.on = false));
    const loop = async (work: () => Promise<unknown>): Promise<void> => {
      while (working.on) {
        await work().catch((error: unknown) => console.error(String(error)));
        await pause(every);
      }
    };
    void loop(() => deployed.git("pull", "--quiet", "--ff-only", "origin", "main"));
    const gateway = gatewayOf(lab.kubeconfig, namespace);
    void loop(() => gateway.acceptRoutes());
    for (const { name, args } of controller(lab)) ends.push(started(lab, name, args));
    const path = `environments/${namespace}`;
    ends.push(
      started(lab, "gitops-agent-v0.7.3", [
        deployed.folder,
        "--path",
        path,
        "--resync-seconds",
        "1",
        "--default-namespace",
        namespace,
        "--kubeconfig",
        lab.kubeconfig,
      ]),
    );

    const cluster = kubernetesCluster({ kubeconfigFile: lab.kubeconfig });
    const see = () => cluster.observe(modelNameSchema.parse(model), environmentNameSchema.parse(namespace), namespace, target);
    await eventually("the live version to be served", async () => ((await see()).kind === "seen" ? true : undefined), patience, every);
    mark("live version served");
    const logFile = join(stage.folder, "requests.jsonl");
    const log = requestLog(logFile);
    const weights: number[] = [];
    void loop(async () => {
      const exposure = await see();
      if (exposure.kind !== "seen" || !exposure.accepted) return;
      const weight = exposure.backends.find(({ digest }) => digest === versions.slow.digest)?.weight ?? 0;
      if (weights.at(-1) !== weight) weights.push(weight);
      // The candidate is fast until it has real traffic.
      for (let request = 0; weight > 0 && request < 60; request += 1) log.append(requestAt(weight >= slowFrom));
    });

    Object.assign(stage.appEnvironment, { SLIPWAY_KUBECONFIG: lab.kubeconfig, SLIPWAY_REQUEST_LOGS: logFile });
    await stage.startApp();
    const pull = await stage.propose("bm25", "Rank by BM25", versions.slow, stageTarget.target?.rollout);
    const { evaluate } = await runCi(stage, { pullRequest: pull.number });
    if (evaluate.exitCode !== 0) throw new Error(`the evaluation ended with exit code ${evaluate.exitCode}: ${evaluate.stderr}`);
    await eventually(
      "a check that passes",
      async () => (await stage.people.lee.checks("acme/models", pull.sha)).find(({ conclusion }) => conclusion === "success"),
      patience,
      every,
    );
    mark("evidence judged");
    await pause(1100); // GitHub's times are whole seconds
    await stage.people.lee.comment("acme/models", pull.number, `/slipway deploy production @${pull.sha.slice(0, 12)}`);
    const reached = async (step: string): Promise<void> => {
      await eventually(`Slipway-Step: ${step}`, async () => ((await stepsIn(stage)).includes(step) ? true : undefined), patience, every);
      mark(step);
    };
    await reached("start");
    await reached("stop");
    await reached("rolled back");
    await eventually(
      "the candidate to be gone from the cluster",
      async () => (runningIn(lab).every((digest) => digest !== versions.slow.digest) ? true : undefined),
      patience,
      every,
    );
    await eventually("the weight to be back", async () => (weights.at(-1) === 0 ? true : undefined), patience, every);
    mark("cluster as before");
    return { weights, steps: await stepsIn(stage), running: runningIn(lab), milliseconds };
  } catch (error) {
    console.error(lastWords(lab));
    throw error;
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

function requestAt(slow: boolean) {
  const { version, digest } = versions.slow;
  return {
    time: new Date().toISOString(),
    environment: namespace,
    model,
    version,
    digest,
    query_id: "1",
    unit: "u1",
    latency_ms: slow ? 500 : 5,
    status: 200,
    clicked: false,
    clicked_rank: null,
  };
}

async function stepsIn(stage: Stage): Promise<readonly string[]> {
  const log = await (await stage.look()).git(
    "log",
    "--reverse",
    "--first-parent",
    "--format=%(trailers:key=Slipway-Step,valueonly)",
    "origin/main",
  );
  return log.split("\n").filter((line) => line !== "");
}

/** What runs, by the annotation that every pod of a version carries. */
function runningIn(lab: Kubelab): readonly string[] {
  const path = 'jsonpath={range .items[*]}{.metadata.annotations.slipway\\.dev/digest}{"\\n"}{end}';
  const pods = lab.kubectl(["get", "pods", "--namespace", namespace, "--output", path]);
  return [...new Set(pods.split("\n").filter((line) => line !== ""))].toSorted();
}

/** For whoever must find out why a story did not end well: what the cluster holds, and the ends of the logs. */
function lastWords(lab: Kubelab): string {
  const objects = lab.kubectl(["get", "all", "--namespace", namespace]);
  const folder = join(lab.folder, "logs");
  const logs = readdirSync(folder).filter((name) => /agent|flagger|rollouts/.test(name));
  const ends = logs.map((name) => `== ${name}\n${readFileSync(join(folder, name), "utf8").split("\n").slice(-25).join("\n")}`);
  return [objects, ...ends].join("\n");
}

function started(lab: Kubelab, name: string, args: readonly string[]): () => void {
  const child = spawn(program(name), args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, KUBECONFIG: lab.kubeconfig } });
  const log = createWriteStream(join(lab.folder, "logs", `${name}.log`));
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  return () => child.kill();
}

process.stdout.write(`${JSON.stringify(await deliver(targetNameSchema.parse(process.argv[2])))}\n`);
