/**
 * `node sandbox/serving/load.ts --router URL [--rate 300] [--seed N] [--units 10000] [--timeout 1000] [--environment NAME]`: an open-loop load generator.
 * Requests leave on schedule whatever the answers do, so a slow server meets its queue and not a patient client.
 */
import { Agent, get } from "node:http";
import { parseArgs } from "node:util";
import { cranfieldFolder, readCranfield } from "#sandbox/rankers/cranfield.ts";
import { unitHash } from "./unit-hash.ts";

export type LoadOptions = {
  readonly router: string;
  readonly rate: number;
  readonly seed: number;
  /** How many different people search. */
  readonly units: number;
  readonly timeoutMilliseconds: number;
  readonly queries: readonly string[];
  /** Where they search; the router's first environment when left out. */
  readonly environment?: string | undefined;
};

export type LoadCounts = {
  sent: number;
  answered: number;
  timedOut: number;
  failed: Record<string, number>;
  byStatus: Record<string, number>;
  byVersion: Record<string, number>;
};

export type Load = { counts(): Readonly<LoadCounts>; stop(): void };

export function startLoad({ router, rate, seed, units, timeoutMilliseconds, queries, environment }: LoadOptions): Load {
  const place = environment === undefined ? "" : `&environment=${environment}`;
  const { hostname, port } = new URL(router);
  const agent = new Agent({ keepAlive: true, maxSockets: 1_024 });
  const counts: LoadCounts = { sent: 0, answered: 0, timedOut: 0, failed: {}, byStatus: {}, byVersion: {} };
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const send = (turn: number): void => {
    const unit = `u${Math.floor(unitHash(`${seed}/unit/${turn}`) * units)}`;
    const query = queries[Math.floor(unitHash(`${seed}/query/${turn}`) * queries.length)] ?? "1";
    counts.sent += 1;
    const request = get({ hostname, port, agent, path: `/search?q=${query}&unit=${unit}${place}` }, (response) => {
      const version = String(response.headers["x-slipway-version"] ?? "none");
      counts.byStatus[String(response.statusCode)] = (counts.byStatus[String(response.statusCode)] ?? 0) + 1;
      counts.byVersion[version] = (counts.byVersion[version] ?? 0) + 1;
      response.on("end", () => {
        clearTimeout(patience);
        counts.answered += 1;
      });
      response.resume();
    });
    let late = false;
    const patience = setTimeout(() => {
      late = true;
      request.destroy();
    }, timeoutMilliseconds);
    request.on("error", (error) => {
      clearTimeout(patience);
      if (late) counts.timedOut += 1;
      else if (!stopped) counts.failed[error.message] = (counts.failed[error.message] ?? 0) + 1;
    });
  };
  const tick = (): void => {
    const due = ((performance.now() - started) * rate) / 1_000;
    while (counts.sent < due) send(counts.sent);
    timer = setTimeout(tick, Math.max(1, ((counts.sent + 1 - due) * 1_000) / rate));
  };
  tick();
  return {
    counts: () => counts,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      agent.destroy();
    },
  };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      router: { type: "string" },
      rate: { type: "string", default: "300" },
      seed: { type: "string", default: "1" },
      units: { type: "string", default: "10000" },
      timeout: { type: "string", default: "1500" },
      environment: { type: "string" },
    },
  });
  if (values.router === undefined) {
    process.stderr.write("usage: load.ts --router URL [--rate 300] [--seed 1] [--units 10000] [--timeout 1500] [--environment NAME]\n");
    process.exit(64);
  }
  const load = startLoad({
    router: values.router,
    rate: Number(values.rate),
    seed: Number(values.seed),
    units: Number(values.units),
    timeoutMilliseconds: Number(values.timeout),
    environment: values.environment,
    queries: [...readCranfield(cranfieldFolder).queries.keys()],
  });
  const stop = (): void => {
    load.stop();
    process.stdout.write(`${JSON.stringify(load.counts())}\n`, () => process.exit(0));
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}
