import type { ServerResponse } from "node:http";
import type { AgentState } from "./agent.ts";
import type { Cluster } from "./cluster.ts";
import type { Replica } from "./replica.ts";

type Served = { readonly environment: string; readonly namespace: string; readonly agent: AgentState; readonly cluster: Cluster };

/** `GET /_serving/state`: for people and the demo; Slipway asks the Kubernetes API instead. */
export function servingState(response: ServerResponse, { environment, namespace, agent, cluster }: Served): void {
  const routes = cluster.routes().map(({ manifest, model, generation }) => {
    const routing = cluster.routing(manifest.metadata.name);
    const resolution = cluster.resolve(manifest);
    return {
      name: manifest.metadata.name,
      model,
      generation,
      observedGeneration: routing?.generation ?? 0,
      since: routing?.since ?? null,
      waitsFor: resolution.kind === "unresolved" ? resolution.message : null,
      backends: routing?.backends.map(({ pool, weight }) => ({ ...described(pool), weight })) ?? [],
    };
  });
  const deployments = cluster.deployments().map(({ manifest, model }) => {
    const pool = cluster.poolOf(manifest);
    return { name: manifest.metadata.name, model, replicas: pool?.replicas.map(replicaState) ?? [] };
  });
  const body = Buffer.from(`${JSON.stringify({ environment, namespace, ...agent, routes, deployments }, null, 2)}\n`);
  response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
}

function described({ deployment, version, digest }: { deployment: string; version: string; digest: string }) {
  return { deployment, version, digest };
}

function replicaState(replica: Replica) {
  const state = replica.state();
  const restarts = replica.restarts();
  switch (state.kind) {
    case "ready":
      return { state: state.kind, restarts, pid: state.pid, port: state.endpoint.port };
    case "waiting-to-restart":
      return { state: state.kind, restarts, why: state.why };
    case "starting":
    case "stopped":
      return { state: state.kind, restarts };
  }
}
