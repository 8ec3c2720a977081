import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prometheusMetrics } from "#adapters/prometheus/request-metrics.ts";
import type { Metrics } from "#ports/metrics.ts";
import { metricsContract, tenSecondsOf } from "#test/ports/metrics-contract.ts";
import { type PrometheusServer, startPrometheus } from "#test/support/prometheus-server.ts";
import { type StoredSample, scrapedNames, scrapedRequests } from "#test/support/scraped-requests.ts";

metricsContract("a real Prometheus", async () => {
  const folder = mkdtempSync(join(tmpdir(), "prometheus-"));
  const stored: StoredSample[] = [];
  let server: Promise<PrometheusServer> | undefined;
  const metrics = async (): Promise<Metrics> => {
    server ??= startPrometheus({ folder, stored });
    return prometheusMetrics({ url: (await server).url, scrapeMilliseconds: 1000, ...scrapedNames });
  };
  return {
    metrics: {
      count: async (query) => (await metrics()).count(query),
      firstBad: async (query) => (await metrics()).firstBad(query),
    },
    serve: (digest, service) => void stored.push(...scrapedRequests(tenSecondsOf(digest, service))),
    close: async () => {
      await (await server)?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
});
