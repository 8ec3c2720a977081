import { execFileSync } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { Checkout } from "./checkout.ts";
import { callerYaml, datasetYaml, model, modelYaml, policyYaml, slipwayYaml } from "./contents.ts";
import { DoubleControl } from "./double.ts";
import { freePort } from "./free-port.ts";
import { Person } from "./person.ts";
import { Processes, type Running } from "./processes.ts";
import { rankerPredictions } from "./ranker-predictions.ts";
import { slipway } from "./slipway-command.ts";
import { type RankerVersion, versions } from "./versions.ts";

const root = join(import.meta.dirname, "../..");

export const trustedWorkflow = "acme/slipway/.github/workflows/evaluate.yml";

/** Who is in the story. */
export interface People {
  /** Platform engineer: writes the policy, owns the environments repository. */
  readonly petra: Person;
  /** ML engineer: opens pull requests. */
  readonly maria: Person;
  /** Maintainer of the models: deploys. */
  readonly lee: Person;
  /** On call: lifts holds. */
  readonly omar: Person;
}

export interface StageOptions {
  /** All that the stage leaves behind lies below it; emptied first. */
  readonly folder: string;
  /** Every webhook twice. */
  readonly duplicateWebhooks?: boolean;
  readonly resyncSeconds?: number;
  /** The files of the repository `acme/slipway`; left out, the trusted workflow alone. */
  readonly slipway?: string;
  /** What serves the model; left out, an HTTPRoute over Deployments. */
  readonly target?: StageTarget;
}

export interface StageTarget {
  readonly name: string;
  readonly replicas: number;
  /** Makes model.yaml ask for it. */
  readonly rollout: (modelYaml: string) => string;
}

/** A GitHub double, two repositories with people, and Slipway's App: everything but the serving stack, each a process of its own. */
export class Stage {
  readonly folder: string;
  readonly processes = new Processes();
  readonly double: DoubleControl;
  readonly people: People;
  readonly models: Checkout;
  readonly environments: Checkout;
  /** The commit of the trusted workflow. */
  readonly workflowSha: string;
  readonly modelsId: number;
  readonly #appEnvironment: Record<string, string>;
  readonly #appPort: number;
  app: Running | undefined;

  private constructor(parts: {
    folder: string;
    processes: Processes;
    double: DoubleControl;
    people: People;
    models: Checkout;
    environments: Checkout;
    workflowSha: string;
    modelsId: number;
    appEnvironment: Record<string, string>;
    appPort: number;
  }) {
    this.folder = parts.folder;
    this.processes = parts.processes;
    this.double = parts.double;
    this.people = parts.people;
    this.models = parts.models;
    this.environments = parts.environments;
    this.workflowSha = parts.workflowSha;
    this.modelsId = parts.modelsId;
    this.#appEnvironment = parts.appEnvironment;
    this.#appPort = parts.appPort;
  }

  static async set({
    folder,
    duplicateWebhooks = false,
    resyncSeconds = 5,
    slipway: files = join(root, ".github"),
    target,
  }: StageOptions): Promise<Stage> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const processes = new Processes();
    try {
      const envFile = join(folder, "app.env");
      const argv = [join(root, "sandbox/github/main.ts"), "--data", join(folder, "github"), "--env", envFile];
      const github = processes.start({
        name: "github",
        argv: duplicateWebhooks ? [...argv, "--duplicate"] : argv,
        logFile: join(folder, "logs/github.log"),
        yields: true,
      });
      const { url } = await github.line((line) => line["ready"] === true);
      const double = new DoubleControl(String(url));

      const people = await settle(double);
      const { modelsId, workflowSha } = await makeRepositories(double, files);
      const models = await Checkout.of(people.maria.clone("acme/models"), join(folder, "models"), "maria");
      const environments = await Checkout.of(people.petra.clone("acme/environments"), join(folder, "environments"), "petra");
      await writeModels(models, workflowSha, target?.rollout);
      await writeEnvironments(environments, { modelsId, workflow: trustedWorkflow, sha: workflowSha }, target);
      await writeArtifacts(join(folder, "artifacts"));

      const appPort = await freePort();
      const appEnvironment = {
        ...Object.fromEntries(Object.entries(parseEnv(await readFile(envFile, "utf8"))).map(([name, value]) => [name, value ?? ""])),
        SLIPWAY_PORT: String(appPort),
        SLIPWAY_RESYNC_SECONDS: String(resyncSeconds),
        SLIPWAY_CONTENT_SPACING_MS: "0",
        SLIPWAY_CACHE: join(folder, "cache"),
      };
      const stage = new Stage({ folder, processes, double, people, models, environments, workflowSha, modelsId, appEnvironment, appPort });
      await double.webhooks({ url: `${stage.appUrl}/api/github/webhooks` });
      return stage;
    } catch (error) {
      await processes.stop();
      throw error;
    }
  }

  get appUrl(): string {
    return `http://127.0.0.1:${this.#appPort}`;
  }

  /** The settings of the App; more are added, such as where the serving stack is. */
  get appEnvironment(): Record<string, string> {
    return this.#appEnvironment;
  }

  async startApp(): Promise<Running> {
    this.app = await this.#start("slipway", this.#appEnvironment);
    return this.app;
  }

  /** Another process of the same App, with a port and a cache of its own: nothing but Git and GitHub is between the two. */
  async startReplica(): Promise<Running> {
    const own = { SLIPWAY_PORT: String(await freePort()), SLIPWAY_CACHE: join(this.folder, "cache-of-replica") };
    return this.#start("slipway-replica", { ...this.#appEnvironment, ...own });
  }

  async #start(name: string, env: Readonly<Record<string, string>>): Promise<Running> {
    const logFile = join(this.folder, `logs/${name}.log`);
    const app = this.processes.start({ name, argv: [join(root, "src/entry/app.ts")], env, logFile, yields: true });
    await app.line((line) => line["event"] === "Slipway is ready");
    return app;
  }

  /** A branch and a pull request of the ML engineer that bump the model to a version. */
  async propose(
    branch: string,
    title: string,
    next: RankerVersion,
    change: (modelYaml: string) => string = (text) => text,
  ): Promise<{ readonly number: number; readonly sha: string }> {
    await this.models.branch(branch);
    await writeVersion(this.models, next, change);
    const sha = await this.models.push(title);
    const { number } = await this.people.maria.openPullRequest("acme/models", { head: branch, title });
    return { number, sha };
  }

  /** Another version on the branch that was proposed last: a push to an open pull request. */
  async replaceHead(next: RankerVersion, message: string): Promise<string> {
    await writeVersion(this.models, next);
    return this.models.push(message);
  }

  /** The tip of the environments repository's default branch, as its host has it on disk. */
  async tip(): Promise<string> {
    return (await readFile(join(this.folder, "github/repositories/acme/environments.git/refs/heads/main"), "utf8")).trim();
  }

  /** The environments repository as it is now, in a checkout that nobody else uses. */
  async look(): Promise<Checkout> {
    await this.environments.pull();
    return this.environments;
  }

  /** Petra puts an environment before production: its policy, the manifests of what it serves, and `slipway adopt`. */
  async addStaging(live: RankerVersion): Promise<void> {
    const environments = await this.look();
    await environments.write(
      ".slipway/policy.yaml",
      policyYaml({ modelsId: this.modelsId, workflow: trustedWorkflow, sha: this.workflowSha, staged: true }),
    );
    await serve(environments, "staging", live);
    await environments.push("Let staging verify what production takes");
    await slipway(["adopt", "staging", "--repository", environments.folder]);
  }

  async stop(): Promise<void> {
    await this.processes.stop();
  }
}

async function settle(double: DoubleControl): Promise<People> {
  const person = async (login: string): Promise<Person> => new Person(double.url, login, (await double.user(login)).token);
  const people = { petra: await person("petra"), maria: await person("maria"), lee: await person("lee"), omar: await person("omar") };
  const members = Object.values(people).map(({ login }) => login);
  await double.organization({ login: "acme", members, teams: { ranking: ["maria", "lee"] } });
  return people;
}

async function makeRepositories(
  double: DoubleControl,
  files: string,
): Promise<{ readonly modelsId: number; readonly workflowSha: string }> {
  const permissions = { petra: "admin", lee: "maintain", maria: "write", omar: "write" };
  const models = await double.repository({
    owner: "acme",
    name: "models",
    from: join(import.meta.dirname, "seed/models"),
    author: "petra",
    permissions,
  });
  await double.repository({
    owner: "acme",
    name: "environments",
    from: join(import.meta.dirname, "seed/environments"),
    author: "petra",
    permissions,
  });
  const slipwayRepository = await double.repository({
    owner: "acme",
    name: "slipway",
    from: files,
    author: "petra",
    permissions: { petra: "admin" },
  });
  return {
    modelsId: models.id,
    workflowSha: execFileSync("git", ["-C", slipwayRepository.folder, "rev-parse", "refs/heads/main"], { encoding: "utf8" }).trim(),
  };
}

async function writeModels(models: Checkout, workflowSha: string, change?: StageTarget["rollout"]): Promise<void> {
  await models.write("slipway.yaml", slipwayYaml);
  await models.write("datasets/cranfield.yaml", datasetYaml);
  await models.write("datasets/cranfield/labels.csv", await readFile(join(root, "sandbox/data/cranfield/labels.csv")));
  await models.write("datasets/cranfield/README.md", await readFile(join(root, "sandbox/data/cranfield/README.md")));
  await models.write(".github/workflows/slipway.yml", callerYaml(trustedWorkflow, workflowSha));
  await writeVersion(models, versions.baseline, change);
  await models.push(`Describe the search ranker, ${versions.baseline.version}`);
}

async function writeVersion(models: Checkout, next: RankerVersion, change: (modelYaml: string) => string = (text) => text): Promise<void> {
  const folder = `models/${model}`;
  await models.write(`${folder}/model.yaml`, change(modelYaml(next)));
  await models.write(`${folder}/artifacts/${next.version}.json`, next.bytes);
  await models.write(`${folder}/predictions/${next.version}.parquet`, await rankerPredictions(next));
}

/** What a platform engineer does before Slipway comes: policy and the manifests of what is live. Then `slipway adopt`. */
async function writeEnvironments(environments: Checkout, choices: Parameters<typeof policyYaml>[0], target?: StageTarget): Promise<void> {
  await environments.write(".slipway/policy.yaml", policyYaml(choices));
  await serve(environments, "production", versions.baseline, target);
  await environments.push("Serve the search ranker, and say who may change that");
  await slipway(["adopt", "production", "--repository", environments.folder]);
}

/** The manifests of a version that has all the traffic of an environment. */
async function serve(
  environments: Checkout,
  environment: string,
  { version, digest }: RankerVersion,
  target?: Pick<StageTarget, "name" | "replicas">,
): Promise<void> {
  const by = target === undefined ? [] : ["--target", target.name, "--replicas", String(target.replicas)];
  const of = ["--model", model, "--version", version, "--digest", digest, "--artifact", `artifacts/${version}.json`, ...by];
  await slipway(["manifests", environment, ...of, "--image", `ghcr.io/acme/ranker@sha256:${"2".repeat(64)}`, "--out", environments.folder]);
}

async function writeArtifacts(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { digest, bytes } of Object.values(versions)) await writeFile(join(folder, `${digest.slice("sha256:".length)}.json`), bytes);
}
