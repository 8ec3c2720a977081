import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { dump, loadAll } from "js-yaml";
import { projectFolder } from "#test/support/run-entry.ts";
import { withKserveCanary } from "#test/support/targets/kserve-canary.ts";

const tools = join(projectFolder, "tools", "kubernetes");

export interface Kubelab {
  readonly kubeconfig: string;
  /** Its logs and everything else it leaves behind, until it is stopped. */
  readonly folder: string;
  kubectl(args: readonly string[], input?: string): string;
  stop(): void;
}

/** A fresh control plane: etcd, API server, controllers and scheduler as processes, nodes simulated. Gone with this process at the latest. */
export function startKubelab(): Kubelab {
  const run = (script: string, args: readonly string[]): string =>
    execFileSync(join(tools, script), args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
  const kubeconfig = run("start", ["--owner-pid", String(process.pid)]);
  const folder = dirname(kubeconfig);
  return {
    kubeconfig,
    folder,
    kubectl: (args, input) =>
      execFileSync(join(folder, "kubelab"), ["kubectl", ...args], {
        encoding: "utf8",
        input: input ?? "",
        env: { ...process.env, KUBECONFIG: kubeconfig, KUBECACHEDIR: join(folder, "kubectl-cache") },
        stdio: ["pipe", "pipe", "pipe"],
        maxBuffer: 64 * 1024 * 1024,
      }),
    stop: () => void run("stop", [folder]),
  };
}

/** Applies the published definitions of the named sets; KServe's with `spec.canary[]`, Seldon's our own. */
export function defineResources(lab: Kubelab, sets: readonly string[]): void {
  const folders = execFileSync(
    join(tools, "crds"),
    sets.filter((set) => set !== "seldon"),
    { encoding: "utf8" },
  )
    .trim()
    .split("\n");
  const into = join(lab.folder, "definitions");
  mkdirSync(into, { recursive: true });
  for (const file of folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))) {
    const text = readFileSync(file, "utf8");
    const patched = file.includes("kserve")
      ? loadAll(text)
          .map((each) => dump(withKserveCanary(each), { noRefs: true }))
          .join("---\n")
      : text;
    writeFileSync(join(into, file.slice(file.lastIndexOf("/") + 1)), patched);
  }
  if (sets.includes("seldon")) writeFileSync(join(into, "seldon.yaml"), readFileSync(join(tools, "crds.d", "seldon.yaml"), "utf8"));
  lab.kubectl(["apply", "--server-side", "-f", into]);
  eventually(() => lab.kubectl(["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"]));
}

/** A definition that is very new has no conditions to wait for, which is an error. */
function eventually(ask: () => string): string {
  for (let tries = 0; ; tries += 1) {
    try {
      return ask();
    } catch (error) {
      if (tries === 5) throw error;
    }
  }
}
