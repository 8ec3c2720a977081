/**
 * `npm run test:integration`: brings the programs that npm does not (act, actionlint, zizmor, check-jsonschema, a BigQuery emulator, a
 * Kubernetes control plane, a Prometheus) into a cache folder, then runs the tests that use them. On a laptop without Go, Python or apt it
 * leaves their tests out and says so; in CI (`CI=true`) that is a failure.
 */
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

interface Program {
  readonly name: string;
  /** Installed before, if this exists. */
  readonly file: string;
  /** The variable by which its tests find it. */
  readonly variable: string;
  install(): Promise<void>;
  readonly needs: string;
}

interface Suite {
  readonly about: string;
  readonly files: string;
  readonly programs: readonly Program[];
}

const cache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "slipway");
/** A control plane is compiled from its sources, once. */
const patience = 2_400_000;

async function run(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}, cwd?: string): Promise<void> {
  await promisify(execFile)(command, args, {
    cwd,
    env: { ...process.env, ...environment },
    timeout: patience,
    maxBuffer: 64 * 1024 * 1024,
  });
}

function goProgram(name: string, module: string, version: string, variable: string): Program {
  const folder = join(cache, `${name}-${version}`);
  const install = () => run("go", ["install", `${module}@${version}`], { GOBIN: folder, GOFLAGS: "-modcacherw" });
  return { name: `${name} ${version}`, file: join(folder, name), variable, needs: "Go", install };
}

/**
 * What a file of requirements pins, in an environment of its own. The folder is of use only with the last file in it: an install that was
 * interrupted is begun anew.
 */
function pythonPrograms(name: string, folderName: string, variable: string, last: (folder: string) => Promise<void>): Program {
  const requirements = join(import.meta.dirname, `${folderName}.txt`);
  const folder = join(cache, folderName);
  const file = join(folder, "installed.txt");
  const wanted = readFileSync(requirements, "utf8");
  if (existsSync(file) && readFileSync(file, "utf8") !== wanted) rmSync(file);
  return {
    name,
    file,
    variable,
    needs: "Python 3 with venv",
    install: async () => {
      rmSync(folder, { recursive: true, force: true });
      await run("python3", ["-m", "venv", folder]);
      await run(join(folder, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r", requirements]);
      await last(folder);
      writeFileSync(file, wanted);
    },
  };
}

/** The emulator loads DuckDB's spatial extension when it starts: out of its package into a home of its own, so nothing is downloaded then. */
async function spatialExtension(folder: string): Promise<void> {
  const home = join(folder, "home");
  mkdirSync(home);
  await run(join(folder, "bin", "python"), ["-c", 'from duckdb_extensions import import_extension; import_extension("spatial")'], {
    HOME: home,
  });
}

const kubernetes = join(import.meta.dirname, "kubernetes");
const kubernetesCache = join(cache, "kubernetes");
process.env["KUBELAB_CACHE"] = kubernetesCache;

/** The control plane, the GitOps agent, the controllers and the definitions; the file is named after all that they are built from. */
function kubernetesPrograms(variable: string): Program {
  const sources = ["main.go", "up.go", "stages.yaml", "go.mod", "go.sum", "build", "extra", "crds", "prepare"];
  const hash = createHash("sha256");
  for (const source of sources) hash.update(readFileSync(join(kubernetes, source)));
  const file = join(kubernetesCache, `prepared-${hash.digest("hex").slice(0, 16)}`);
  return { name: "a Kubernetes control plane", file, variable, needs: "Go 1.26", install: () => run(join(kubernetes, "prepare"), [file]) };
}

/** Debian's own package, as the machine's distribution has it: unpacked and not installed, so no service, and no root. */
function debianPackage(name: string, binary: string, variable: string): Program {
  const folder = join(cache, `debian-${name}`);
  const fresh = `${folder}.fresh`;
  return {
    name: `${name} (Debian's package)`,
    file: join(folder, "usr/bin", binary),
    variable,
    needs: "apt-get and dpkg",
    install: async () => {
      for (const old of [fresh, folder]) rmSync(old, { recursive: true, force: true });
      mkdirSync(fresh);
      const download = () => run("apt-get", ["download", "-qq", "-o", `APT::Sandbox::User=${userInfo().username}`, name], {}, fresh);
      // A fresh machine has no lists yet; only root can get them.
      await download().catch(() => run("apt-get", ["update", "-qq"]).then(download));
      const [archive = ""] = readdirSync(fresh);
      await run("dpkg", ["--extract", join(fresh, archive), fresh]);
      renameSync(fresh, folder);
    },
  };
}

const suites: readonly Suite[] = [
  {
    about: "canaries judged by a Prometheus",
    files: "test/integration/prometheus/",
    programs: [debianPackage("prometheus", "prometheus", "SLIPWAY_PROMETHEUS")],
  },
  {
    about: "a real Kubernetes control plane, GitOps agent and controllers",
    files: "test/integration/kubernetes/",
    programs: [kubernetesPrograms("SLIPWAY_KUBERNETES")],
  },
  {
    about: "consumers' workflows under act",
    files: "test/integration/consumer/",
    programs: [goProgram("act", "github.com/nektos/act", "v0.2.89", "SLIPWAY_ACT")],
  },
  {
    about: "linters of workflows and of the Action",
    files: "test/integration/workflows/",
    programs: [
      goProgram("actionlint", "github.com/rhysd/actionlint/cmd/actionlint", "v1.7.12", "SLIPWAY_ACTIONLINT"),
      pythonPrograms("zizmor, check-jsonschema and shellcheck", "workflow-linters", "SLIPWAY_WORKFLOW_LINTERS", async () => {}),
    ],
  },
  {
    about: "metrics on a BigQuery emulator",
    files: "test/integration/bigquery/",
    programs: [pythonPrograms("a BigQuery emulator", "bigquery-emulator", "SLIPWAY_BIGQUERY_EMULATOR", spatialExtension)],
  },
];

/** Why the program is not there, in one line; undefined when it is. */
async function missing(program: Program): Promise<string | undefined> {
  if (existsSync(program.file)) return undefined;
  console.log(`Installing ${program.name} into ${cache} …`);
  try {
    mkdirSync(cache, { recursive: true });
    await program.install();
    return undefined;
  } catch (error) {
    const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return `${program.name} could not be installed; it needs ${program.needs} and its registry (${line})`;
  }
}

const ready: Suite[] = [];
const left: string[] = [];
for (const suite of suites) {
  const reasons: string[] = [];
  for (const program of suite.programs) {
    const reason = await missing(program);
    if (reason !== undefined) reasons.push(reason);
  }
  if (reasons.length === 0) ready.push(suite);
  else left.push(`SKIPPED: ${suite.about}. ${reasons.join("; ")}.`);
}
for (const line of left) console.log(line);

if (left.length > 0 && process.env["CI"] === "true") {
  console.log("In CI nothing of it may be left out.");
  process.exitCode = 1;
} else if (ready.length > 0) {
  const [command = "", ...args] = process.argv.slice(2);
  const named = args.some((argument) => argument.startsWith("test/"));
  const variables = ready.flatMap(({ programs }) => programs.map(({ variable, file }) => [variable, file]));
  const child = spawn(join("node_modules", ".bin", command), [...args, ...(named ? [] : ready.map(({ files }) => files))], {
    stdio: "inherit",
    env: { ...process.env, ...Object.fromEntries(variables) },
  });
  const [code] = await once(child, "close");
  process.exitCode = typeof code === "number" ? code : 1;
}
