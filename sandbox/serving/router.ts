import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { request as httpRequest } from "node:http";
import { z } from "zod";
import type { Cluster, RoutedBackend, Routing } from "./cluster.ts";
import type { Pool, ReadyState } from "./pools.ts";
import { readyIn } from "./pools.ts";
import type { RequestLog } from "./request-log.ts";
import { atPoint, unitHash } from "./unit-hash.ts";

/** How long a client is kept waiting before it gets 504. */
const patience = 1_000;
/** What the log says when the client left before the answer: nginx's number for it. */
const clientClosedRequest = 499;

export type RouterOptions = {
  readonly environment: string;
  readonly cluster: Cluster;
  readonly log: RequestLog;
  readonly click: (query: string, unit: string, turn: number, documents: readonly string[]) => number | null;
  readonly now: () => string;
};

const answerSchema = z.object({ documents: z.array(z.string()) });

/** `GET /search?q=<query id>&unit=<unit id>[&model=<model>]`: sends the unit to its version by weight, and logs how it went. */
export function searchHandler(options: RouterOptions): (url: URL, response: ServerResponse) => void {
  let turn = 0;
  return (url, response) => {
    const started = performance.now();
    const unit = url.searchParams.get("unit");
    const query = url.searchParams.get("q");
    if (unit === null || unit === "" || query === null) return send(response, 400, { error: "search needs q and unit" });
    const routing = routingFor(options.cluster, url.searchParams.get("model"));
    const backend = routing === undefined ? undefined : atPoint(routing.backends, unitHash(unit));
    if (routing === undefined || backend === undefined) return send(response, 503, { error: "no route has a backend with weight" });

    turn += 1;
    const now = turn;
    const { version, digest } = backend.pool;
    const write = (status: number, body: Buffer | undefined): void => {
      const rank = status === 200 && body !== undefined ? options.click(query, unit, now, documentsIn(body)) : null;
      options.log.append({
        time: options.now(),
        environment: options.environment,
        model: routing.model,
        version,
        digest,
        query_id: query,
        unit,
        latency_ms: Math.round((performance.now() - started) * 1_000) / 1_000,
        status,
        clicked: rank !== null,
        clicked_rank: rank,
      });
    };
    response.setHeader("x-slipway-version", version);
    response.setHeader("x-slipway-digest", digest);
    proxy(backend, `/rank?q=${encodeURIComponent(query)}`, response, write);
  };
}

/** Answers once: with the backend's answer, its failure, or the end of patience. It logs once, when the response has left or the client has. */
function proxy(
  { pool }: RoutedBackend,
  path: string,
  response: ServerResponse,
  write: (status: number, body: Buffer | undefined) => void,
): void {
  let upstream: ClientRequest | undefined;
  let answered: { readonly status: number; readonly body: Buffer | undefined } | undefined;
  const settle = (status: number, body: Buffer | undefined): void => {
    if (answered !== undefined || response.destroyed) return;
    answered = { status, body };
    clearTimeout(timer);
    if (body === undefined) send(response, status, { error: `the backend of ${pool.version} gave no answer` });
    else sendBytes(response, status, body);
  };
  const timer = setTimeout(() => {
    settle(504, undefined);
    upstream?.destroy();
  }, patience);
  response.on("close", () => {
    clearTimeout(timer);
    if (answered !== undefined && response.writableFinished) return write(answered.status, answered.body);
    upstream?.destroy();
    return write(clientClosedRequest, undefined);
  });
  const ready = next(pool);
  if (ready === undefined) return settle(503, undefined);
  const { port, agent } = ready.endpoint;
  upstream = httpRequest({ host: "127.0.0.1", port, path, agent }, (answer) => {
    collect(
      answer,
      (body) => settle(answer.statusCode ?? 502, body),
      () => settle(502, undefined),
    );
  });
  upstream.on("error", () => settle(502, undefined));
  upstream.end();
}

const turns = new WeakMap<Pool, number>();

function next(pool: Pool): ReadyState | undefined {
  const ready = readyIn(pool);
  const turn = turns.get(pool) ?? 0;
  turns.set(pool, turn + 1);
  return ready[turn % ready.length];
}

/** The named model's route; without a name, the only one. */
function routingFor(cluster: Cluster, model: string | null): Routing | undefined {
  const routings = cluster.routes().map(({ manifest }) => cluster.routing(manifest.metadata.name));
  if (model === null) return routings.length === 1 ? routings[0] : undefined;
  return routings.find((routing) => routing?.model === model);
}

function collect(answer: IncomingMessage, done: (body: Buffer) => void, failed: () => void): void {
  const chunks: Buffer[] = [];
  answer.on("data", (chunk: Buffer) => chunks.push(chunk));
  answer.on("end", () => done(Buffer.concat(chunks)));
  answer.on("error", failed);
}

function documentsIn(body: Buffer): readonly string[] {
  return answerSchema.parse(JSON.parse(body.toString("utf8"))).documents;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  sendBytes(response, status, Buffer.from(`${JSON.stringify(body)}\n`));
}

function sendBytes(response: ServerResponse, status: number, body: Buffer): void {
  response.writeHead(status, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
}
