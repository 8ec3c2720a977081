import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf, readRankerArtifact } from "#sandbox/rankers/ranker-artifact.ts";

const artifacts = join(import.meta.dirname, "..", "..", "..", "sandbox", "rankers", "artifacts");
export const artifactPath = (name: string): string => join(artifacts, `${name}.json`);
export const digestOfArtifact = (name: string): string => digestOf(readFileSync(artifactPath(name)));
export const deploymentName = (name: string): string => `search-ranker-${digestOfArtifact(name).slice(7, 15)}`;

/** A bare repository with an environments folder, changed by whole commits. */
export class Environments {
  readonly bare: string;
  readonly #work: string;

  constructor(folder: string) {
    this.bare = join(folder, "environments.git");
    this.#work = join(folder, "work");
    this.#git(folder, "init", "--quiet", "--bare", "--initial-branch=main", this.bare);
    this.#git(folder, "init", "--quiet", "--initial-branch=main", this.#work);
  }

  /** Commits the model's folder with these files and nothing else in it, and returns the commit. */
  commit(files: Readonly<Record<string, string>>): string {
    const folder = join(this.#work, "environments", "production", "search-ranker");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    this.#git(this.#work, "add", "--all");
    this.#git(this.#work, "-c", "user.name=a", "-c", "user.email=a@example.test", "commit", "--quiet", "--allow-empty", "-m", "change");
    this.#git(this.#work, "push", "--quiet", this.bare, "HEAD:main");
    return this.#git(this.#work, "rev-parse", "HEAD").trim();
  }

  #git(cwd: string, ...words: string[]): string {
    return execFileSync("git", words, { cwd, encoding: "utf8" });
  }
}

/** The manifests that Slipway's templates render: scalars are JSON-quoted, a Deployment and its Service share a file. */
export function manifests(weights: Readonly<Record<string, number>>): Record<string, string> {
  const names = Object.keys(weights);
  const references = names.map((name) => `        - {name: "${deploymentName(name)}", port: 80, weight: ${weights[name]}}`);
  const route = [
    "apiVersion: gateway.networking.k8s.io/v1",
    "kind: HTTPRoute",
    'metadata: {name: "search-ranker"}',
    "spec:",
    '  parentRefs: [{name: "gateway"}]',
    "  rules:",
    "    - backendRefs:",
    ...references,
    "",
  ].join("\n");
  return { ...Object.fromEntries(names.map((name) => [`${name}.yaml`, pair(name)])), "httproute.yaml": route };
}

function pair(name: string): string {
  const digest = digestOfArtifact(name);
  const short = JSON.stringify(digest.slice(7, 23));
  const labels = `{"app.kubernetes.io/name": "search-ranker", "slipway.dev/digest": ${short}}`;
  return `apiVersion: "apps/v1"
kind: "Deployment"
metadata:
  name: "${deploymentName(name)}"
  labels: ${labels}
  annotations:
    slipway.dev/version: ${JSON.stringify(readRankerArtifact(artifactPath(name)).version)}
    slipway.dev/digest: ${JSON.stringify(digest)}
spec:
  replicas: 1
  selector: {matchLabels: {"slipway.dev/digest": ${short}}}
  template:
    metadata: {labels: ${labels}}
    spec: {containers: [{name: "ranker", image: "example.test/ranker"}]}
---
apiVersion: "v1"
kind: "Service"
metadata: {name: "${deploymentName(name)}"}
spec: {selector: {"slipway.dev/digest": ${short}}, ports: [{port: 80}]}
`;
}
