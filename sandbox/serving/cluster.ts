/**
 * The cluster: what Git asks for (stored objects), what runs (pools of processes) and what traffic really meets (routings).
 *
 * A changed route takes effect when every backend that it gives weight has a ready replica, as a proxy warms a cluster before it swaps;
 * until then the old routing stands and `observedGeneration` lags behind. A pool that traffic can still reach is never stopped.
 */
import type { Deployment, HttpRoute, Manifests, Service } from "./manifests.ts";
import { selects } from "./manifests.ts";
import type { Pool } from "./pools.ts";
import { Pools, readyIn } from "./pools.ts";
import type { Replica } from "./replica.ts";
import type { Stored } from "./stored-objects.ts";
import { applied } from "./stored-objects.ts";

export type RoutedBackend = { readonly pool: Pool; readonly weight: number };

/** What the router obeys for one HTTPRoute. */
export type Routing = {
  readonly model: string;
  readonly generation: number;
  readonly since: string;
  readonly backends: readonly RoutedBackend[];
};

/** Whether a route as written can take effect, and if not, why not yet. */
export type Resolution =
  | { readonly kind: "resolved"; readonly backends: readonly RoutedBackend[] }
  | { readonly kind: "unresolved"; readonly reason: "BackendNotFound" | "BackendNotReady"; readonly message: string };

export class Cluster {
  readonly #pools: Pools;
  readonly #now: () => string;
  readonly #routingChanged: (route: string, routing: Routing) => void;
  #deployments: ReadonlyMap<string, Stored<Deployment>> = new Map();
  #services: ReadonlyMap<string, Stored<Service>> = new Map();
  #routes: ReadonlyMap<string, Stored<HttpRoute>> = new Map();
  readonly #routings = new Map<string, Routing>();
  #revision = 1;
  #stopped = false;

  constructor(
    start: (digest: string, changed: () => void) => Replica,
    now: () => string,
    routingChanged: (route: string, routing: Routing) => void = () => {},
  ) {
    this.#pools = new Pools((digest) => start(digest, () => queueMicrotask(() => this.#reconcile())));
    this.#now = now;
    this.#routingChanged = routingChanged;
  }

  apply(models: ReadonlyMap<string, Manifests>): void {
    const now = this.#now();
    const all = [...models];
    const wanted = <M>(pick: (manifests: Manifests) => readonly M[]): { model: string; manifest: M }[] =>
      all.flatMap(([model, manifests]) => pick(manifests).map((manifest) => ({ model, manifest })));
    this.#deployments = applied(
      this.#deployments,
      wanted((each) => each.deployments),
      now,
    );
    this.#services = applied(
      this.#services,
      wanted((each) => each.services),
      now,
    );
    this.#routes = applied(
      this.#routes,
      wanted((each) => each.routes),
      now,
    );
    this.#reconcile();
  }

  /** Counts everything that ever changed; it serves as the resourceVersion. */
  revision(): number {
    return this.#revision;
  }

  deployments(): readonly Stored<Deployment>[] {
    return [...this.#deployments.values()];
  }

  routes(): readonly Stored<HttpRoute>[] {
    return [...this.#routes.values()];
  }

  poolOf(deployment: Deployment): Pool | undefined {
    return this.#pools.of(deployment);
  }

  routing(route: string): Routing | undefined {
    return this.#routings.get(route);
  }

  /** Service names become pools, or the first reason why not. */
  resolve(route: HttpRoute): Resolution {
    const backends: RoutedBackend[] = [];
    for (const { name, weight } of route.spec.rules[0]?.backendRefs ?? []) {
      const selector = this.#services.get(name)?.manifest.spec.selector;
      if (selector === undefined) return unresolved("BackendNotFound", `no Service ${name}`);
      const deployment = [...this.#deployments.values()].find(({ manifest }) => selects(selector, manifest.spec.template.metadata.labels));
      const pool = deployment === undefined ? undefined : this.#pools.of(deployment.manifest);
      if (pool === undefined && weight === 0) continue;
      if (pool === undefined) return unresolved("BackendNotReady", `Service ${name} selects no Deployment that names its digest`);
      if (weight > 0 && readyIn(pool).length === 0)
        return unresolved("BackendNotReady", `Deployment ${pool.deployment} has no ready replica`);
      backends.push({ pool, weight });
    }
    return { kind: "resolved", backends };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#pools.stopAll();
  }

  #reconcile(): void {
    if (this.#stopped) return;
    this.#revision += 1;
    for (const { manifest } of this.#deployments.values()) this.#pools.grow(manifest);
    for (const name of [...this.#routings.keys()].filter((each) => !this.#routes.has(each))) this.#routings.delete(name);
    for (const [name, stored] of this.#routes) this.#route(name, stored);
    const desired = [...this.#deployments.values()].map(({ manifest }) => this.#pools.of(manifest)).filter((pool) => pool !== undefined);
    const reachable = [...this.#routings.values()].flatMap(({ backends }) => backends.map(({ pool }) => pool));
    this.#pools.keep(new Set([...desired, ...reachable]));
  }

  #route(name: string, { manifest, model, generation }: Stored<HttpRoute>): void {
    const resolution = this.resolve(manifest);
    if (resolution.kind === "unresolved") return;
    const { backends } = resolution;
    const old = this.#routings.get(name);
    if (old !== undefined && old.generation === generation && sameBackends(old.backends, backends)) return;
    const routing = { model, generation, since: this.#now(), backends };
    this.#routings.set(name, routing);
    this.#routingChanged(name, routing);
  }
}

function unresolved(reason: "BackendNotFound" | "BackendNotReady", message: string): Resolution {
  return { kind: "unresolved", reason, message };
}

function sameBackends(some: readonly RoutedBackend[], others: readonly RoutedBackend[]): boolean {
  return some.length === others.length && some.every(({ pool, weight }, i) => pool === others[i]?.pool && weight === others[i]?.weight);
}
