import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requestMetrics } from "#adapters/duckdb/request-metrics.ts";
import { prometheusMetrics } from "#adapters/prometheus/request-metrics.ts";
import { fakeMetrics } from "#test/support/fakes/metrics.ts";
import { startPrometheusDouble } from "#test/support/fakes/prometheus.ts";
import { scrapedNames, scrapedRequests } from "#test/support/scraped-requests.ts";
import { metricsContract, tenSecondsOf } from "./metrics-contract.ts";

metricsContract("the fake", async () => {
  const metrics = fakeMetrics();
  return { metrics, serve: metrics.serve, close: () => {} };
});

metricsContract("DuckDB over a log", async () => {
  const folder = mkdtempSync(join(tmpdir(), "metrics-contract-"));
  const log = join(folder, "requests.jsonl");
  const metrics = await requestMetrics([log], { threads: 1, memoryLimit: "128MB", temporaryDirectory: join(folder, "tmp") });
  return {
    metrics,
    serve: (digest, service) => {
      const lines = tenSecondsOf(digest, service).map(({ at, milliseconds, ...rest }) =>
        JSON.stringify({ time: new Date(at).toISOString(), latency_ms: milliseconds, ...rest }),
      );
      appendFileSync(log, `${lines.join("\n")}\n`);
    },
    close: () => {
      metrics.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});

metricsContract("Prometheus over HTTP", async () => {
  const double = await startPrometheusDouble();
  return {
    metrics: prometheusMetrics({ url: double.url, scrapeMilliseconds: 1000, ...scrapedNames }),
    serve: (digest, service) => double.add(scrapedRequests(tenSecondsOf(digest, service))),
    close: double.close,
  };
});
