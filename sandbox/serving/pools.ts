import type { Deployment } from "./manifests.ts";
import type { Replica, ReplicaState } from "./replica.ts";

/** The replicas that serve one digest for one Deployment. */
export type Pool = {
  readonly deployment: string;
  readonly version: string;
  readonly digest: string;
  readonly replicas: Replica[];
};

export type ReadyState = Extract<ReplicaState, { kind: "ready" }>;

export function readyIn(pool: Pool): readonly ReadyState[] {
  return pool.replicas.map((replica) => replica.state()).filter((state) => state.kind === "ready");
}

/** Holds one pool per Deployment and digest; `keep` makes the processes match what is asked for. */
export class Pools {
  readonly #pools = new Map<string, Pool>();
  readonly #start: (digest: string) => Replica;
  readonly #stopping = new Set<Promise<void>>();

  constructor(start: (digest: string) => Replica) {
    this.#start = start;
  }

  /** The pool that serves a Deployment as it is written now; none when it does not say what it serves. */
  of(deployment: Deployment): Pool | undefined {
    return this.#pools.get(keyOf(deployment));
  }

  grow(deployment: Deployment): void {
    const digest = digestIn(deployment);
    if (digest === undefined) return;
    const { name } = deployment.metadata;
    const pool = this.#pools.get(keyOf(deployment)) ?? { deployment: name, version: versionIn(deployment), digest, replicas: [] };
    this.#pools.set(keyOf(deployment), pool);
    while (pool.replicas.length < deployment.spec.replicas) pool.replicas.push(this.#start(digest));
    for (const replica of pool.replicas.splice(deployment.spec.replicas)) this.#stop(replica);
  }

  keep(wanted: ReadonlySet<Pool>): void {
    for (const [key, pool] of this.#pools) {
      if (wanted.has(pool)) continue;
      this.#pools.delete(key);
      for (const replica of pool.replicas.splice(0)) this.#stop(replica);
    }
  }

  async stopAll(): Promise<void> {
    this.keep(new Set());
    await Promise.all(this.#stopping);
  }

  #stop(replica: Replica): void {
    const stopped = replica.stop().finally(() => this.#stopping.delete(stopped));
    this.#stopping.add(stopped);
  }
}

function keyOf(deployment: Deployment): string {
  return [deployment.metadata.name, versionIn(deployment), digestIn(deployment)].join(" ");
}

function versionIn(deployment: Deployment): string {
  return deployment.metadata.annotations["slipway.dev/version"] ?? "";
}

function digestIn(deployment: Deployment): string | undefined {
  const digest = deployment.metadata.annotations["slipway.dev/digest"];
  return digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest) ? digest : undefined;
}
