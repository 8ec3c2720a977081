import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { runCi } from "#sandbox/stage/ci.ts";
import { model } from "#sandbox/stage/contents.ts";
import { eventually } from "#sandbox/stage/eventually.ts";
import { Stage } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { type SteadyServing, startSteadyServing } from "./steady-serving.ts";

const run = promisify(execFile);

/** Long enough that an App which has not been killed yet is never helped by its own resync. */
const never = 3600;
const soon = 5;
/** How long to wait for anything, on a machine that is busy. */
const patience = 120_000;
/** How often to ask: asking costs the App time. */
const every = 250;
const wholeSecond = 1100;
const writes = ["POST", "PUT", "PATCH", "DELETE"];

const requestsSchema = z.array(z.looseObject({ method: z.string(), path: z.string(), held: z.boolean().optional() }));

export interface Held {
  readonly method: string;
  /** A regular expression. */
  readonly path: string;
  /** before: nothing of the call is done; after: all is done, and the App does not hear of it. */
  readonly when?: "before" | "after";
}

/** The calls and pushes around which the App was killed. */
export interface KilledAt {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/**
 * One model from pull request to rollback, told step by step to a real App, with everything around it real but the traffic. The App can be
 * stopped dead at any call to GitHub: the call gets no answer, and then the process gets SIGKILL.
 */
export class Story {
  readonly stage: Stage;
  readonly serving: SteadyServing;
  #pull: { readonly number: number; readonly sha: string } | undefined;

  private constructor(stage: Stage, serving: SteadyServing) {
    this.stage = stage;
    this.serving = serving;
  }

  static async begin(): Promise<Story> {
    const stage = await Stage.set({ folder: await mkdtemp(join(tmpdir(), "slipway-crash-")), resyncSeconds: never });
    await judgeByWindowsAlone(stage);
    return new Story(stage, await startSteadyServing(stage));
  }

  async end(): Promise<void> {
    await this.stage.stop();
    await this.serving.stop();
    await rm(this.stage.folder, { recursive: true, force: true });
  }

  get pull(): { readonly number: number; readonly sha: string } {
    if (this.#pull === undefined) throw new Error("nothing is proposed yet");
    return this.#pull;
  }

  /** Starts it, and waits until its first resync has looked at everything: what is told afterwards it hears of by webhooks alone. */
  async startApp(): Promise<void> {
    await this.stage.startApp();
    await eventually(
      "the App to have looked at everything once",
      async () => ((await this.#requests()).some(looksAtComments) ? true : undefined),
      patience,
      every,
    );
  }

  /** After the first start nobody waits an hour for a resync. */
  async restartApp(): Promise<void> {
    this.stage.appEnvironment["SLIPWAY_RESYNC_SECONDS"] = String(soon);
    await this.stage.startApp();
  }

  /** The end of the App's log, for whoever must find out why a story did not end well. */
  async lastWords(): Promise<string> {
    const log = await readFile(join(this.stage.folder, "logs/slipway.log"), "utf8");
    return log.split("\n").slice(-15).join("\n");
  }

  async killApp(): Promise<void> {
    await this.stage.app?.kill("SIGKILL");
  }

  /** Events from now on never reach the App. */
  async loseWebhooks(): Promise<void> {
    await this.stage.double.webhooks({ url: null });
  }

  async hearWebhooks(): Promise<void> {
    await this.stage.double.webhooks({ url: `${this.stage.appUrl}/api/github/webhooks` });
  }

  async propose(): Promise<void> {
    this.#pull = await this.stage.propose("bm25", "Rank by BM25", versions.slow, inShort);
  }

  /** The trusted workflow runs and leaves its evidence, whether the App hears of it or not. */
  async evaluate(): Promise<void> {
    const { evaluate } = await runCi(this.stage, { pullRequest: this.pull.number });
    if (evaluate.exitCode !== 0) throw new Error(`the evaluation ended with exit code ${evaluate.exitCode}`);
  }

  async reported(): Promise<void> {
    await eventually("a check that passes, and a comment that says so", () => this.isReported(), patience, every);
  }

  async isReported(): Promise<true | undefined> {
    const check = (await this.stage.people.lee.checks("acme/models", this.pull.sha)).find(({ conclusion }) => conclusion === "success");
    const comment = (await this.comments()).find(({ body }) => body.startsWith("<!-- slipway:report -->") && body.includes("Pass"));
    return check && comment && true;
  }

  async deploy(): Promise<void> {
    await pause(wholeSecond); // GitHub's times are whole seconds, and a short commit counts only when it was evaluated before the comment
    await this.stage.people.lee.comment("acme/models", this.pull.number, `/slipway deploy production @${this.pull.sha.slice(0, 12)}`);
  }

  async rolledBack(): Promise<void> {
    await eventually(
      "the end of the rollback, the answer, and traffic for the verified version alone",
      () => this.isRolledBack(),
      patience,
      every,
    );
  }

  async isRolledBack(): Promise<true | undefined> {
    const { [versions.slow.digest]: slow = 0, [versions.baseline.digest]: baseline } = this.serving.weights();
    if (slow !== 0 || baseline !== 100) return undefined;
    if (!(await this.steps()).includes("rolled back")) return undefined;
    return (await this.comments()).some(({ body }) => body.startsWith("<!-- slipway:answer ")) || undefined;
  }

  comments() {
    return this.stage.people.lee.comments("acme/models", this.pull.number);
  }

  /** Waits for a step of the release to be in Git. */
  async step(name: string): Promise<void> {
    await eventually(
      `a commit with Slipway-Step: ${name}`,
      async () => ((await this.steps()).includes(name) ? true : undefined),
      patience,
      every,
    );
  }

  /** The steps in Git so far, oldest first. Asked of the host's own repository: it costs one process, on a machine that is busy. */
  async steps(): Promise<readonly string[]> {
    const log = ["log", "--reverse", "--first-parent", "--format=%(trailers:key=Slipway-Step,valueonly)", "main"];
    const { stdout } = await run("git", ["--git-dir", join(this.stage.folder, "github/repositories/acme/environments.git"), ...log]);
    return stdout.split("\n").filter((line) => line !== "");
  }

  /** From now on, calls that fit get no answer. */
  async hold({ method, path, when = "before" }: Held): Promise<void> {
    await this.stage.double.fault({ method, path, kind: when === "before" ? "hold" : "apply-then-hold", times: 1000 });
  }

  /** Kills the App once a call waits for its answer, and lets calls be answered again. Answers the calls that waited. */
  async killAtHeldCall(): Promise<readonly string[]> {
    await eventually("a call to be held", async () => (await this.#heldCalls())[0], patience, 50);
    return this.#killNow();
  }

  /**
   * Kills the App before and after every different call that writes to GitHub and every different push, starting it anew each time, until the story is where it is
   * to come to. The App must not run when this begins, and does not when it ends. Answers the calls, each once.
   */
  async killAroundEveryWrite(arrived: () => Promise<true | undefined>): Promise<KilledAt> {
    const struck = { before: new Set<string>(), after: new Set<string>() };
    for (;;) {
      for (const method of writes) {
        await this.hold({ method, path: only(struck.before, method, struck.after), when: "after" });
        await this.hold({ method, path: allBut(struck.before, method), when: "before" });
      }
      await this.holdPushes(only(struck.before, "PUSH", struck.after), "apply-then-hold");
      await this.holdPushes(`^(?!(?:${pathsOf(struck.before, "PUSH")})$)refs/`, "hold");
      await this.restartApp();
      const came = await eventually(
        "a call that writes, or the end",
        async () => (await this.#heldCalls())[0] ?? ((await arrived()) && "the end"),
        patience,
        every,
      );
      for (const call of await this.#killNow()) struck[struck.before.has(call) ? "after" : "before"].add(call);
      if (came === "the end") return { before: [...struck.before].toSorted(), after: [...struck.after].toSorted() };
    }
  }

  /**
   * An App that is started once more looks at everything, and finds nothing to do but to bring the check's buttons up to date, which
   * follow a release at a resync; started again it finds nothing at all.
   */
  async settle(): Promise<void> {
    this.stage.appEnvironment["SLIPWAY_RESYNC_SECONDS"] = "1";
    for (const mayWrite of [/^PATCH .*\/check-runs\/\d+$/, /^$/]) {
      await this.#killNow();
      await this.stage.startApp();
      await eventually(
        "the App to have looked at everything twice",
        async () => ((await this.#requests()).filter(looksAtComments).length > 2 ? true : undefined),
        patience,
        every,
      );
      await this.killApp();
      const written = (await this.#requests()).filter(({ method, path }) => writes.includes(method) && path.startsWith("/repos/"));
      const unexpected = written.filter(({ method, path }) => !mayWrite.test(`${method} ${path}`));
      if (unexpected.length > 0) throw new Error(`the App was at its end and wrote again: ${JSON.stringify(unexpected)}`);
    }
  }

  /** What was on its way when the process died is still held, and is counted: faults go first, the list of calls last. */
  async #killNow(): Promise<readonly string[]> {
    await this.killApp();
    await this.#requests();
    await this.stage.double.ask("DELETE", "faults");
    const held = await this.#heldCalls();
    await this.stage.double.ask("DELETE", "requests");
    return held;
  }

  /** From now on, pushes whose keys fit are not applied, or their answer is lost; a key says the ref and where it stands. */
  async holdPushes(key: string, kind: "hold" | "apply-then-hold" = "hold"): Promise<void> {
    await this.stage.double.fault({ target: "git", on: "push", kind, key, times: 1000 });
  }

  async #heldCalls(): Promise<readonly string[]> {
    return (await this.#requests()).filter(({ held }) => held === true).map(({ method, path }) => `${method} ${path}`);
  }

  async #requests() {
    return requestsSchema.parse(await this.stage.double.ask("GET", "requests"));
  }
}

/** The last thing that a resync asks GitHub for. */
function looksAtComments({ method, path }: { readonly method: string; readonly path: string }): boolean {
  return method === "GET" && path.startsWith("/repos/acme/models/issues/comments?");
}

/** Expressions on the paths of calls of a method; the paths have nothing in them that means something else in an expression. */
function only(calls: ReadonlySet<string>, method: string, without: ReadonlySet<string>): string {
  return `^(?:${pathsOf(new Set([...calls].filter((call) => !without.has(call))), method)})$`;
}

function allBut(calls: ReadonlySet<string>, method: string): string {
  return `^(?!(?:${pathsOf(calls, method)})$)/repos/`;
}

function pathsOf(calls: ReadonlySet<string>, method: string): string {
  return [...calls].flatMap((call) => (call.startsWith(`${method} `) ? [call.slice(method.length + 1)] : [])).join("|");
}

async function judgeByWindowsAlone({ models }: Stage): Promise<void> {
  await models.pull();
  const path = `models/${model}/model.yaml`;
  await models.write(path, inShort(await models.read(path)));
  await models.push("Judge the ranker by windows alone");
}

/** Which of two rules sees a breach first depends on the moment, so this story has one rule; its windows are short, its patience is long. */
function inShort(modelYaml: string): string {
  return modelYaml
    .replace(/^ {4}burnRate: .*\n/m, "")
    .replaceAll("window: 2s", "window: 1s")
    .replace("deadline: 30s", "deadline: 5m");
}
