import type { ServerResponse } from "node:http";
import { Counter, Histogram, Registry } from "prom-client";
import type { RequestLog } from "./request-log.ts";

const labelNames = ["environment", "model", "digest", "code"] as const;

/** As wide as the demo's objective asks for, with the limits that people usually set. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/** A log that also counts what is written to it, and `GET /metrics` for Prometheus. Client closed requests are its 499, as in the log. */
export function countedLog(log: RequestLog): RequestLog & { readonly metrics: (response: ServerResponse) => Promise<void> } {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({ name: "model_requests_total", help: "Requests answered or given up.", labelNames, registers });
  const durations = new Histogram({
    name: "model_request_duration_seconds",
    help: "From the request to the end of its answer.",
    labelNames,
    buckets,
    registers,
  });
  return {
    append(request) {
      log.append(request);
      const labels = { environment: request.environment, model: request.model, digest: request.digest, code: String(request.status) };
      requests.inc(labels);
      durations.observe(labels, request.latency_ms / 1000);
    },
    close: log.close,
    async metrics(response) {
      response.writeHead(200, { "content-type": registry.contentType }).end(await registry.metrics());
    },
  };
}
