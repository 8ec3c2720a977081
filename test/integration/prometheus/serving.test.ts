import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { prometheusMetrics } from "#adapters/prometheus/request-metrics.ts";
import { digestSchema, environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import { instantOf } from "#domain/model/time.ts";
import type { Metrics, RequestQuery } from "#ports/metrics.ts";
import { eventually } from "#sandbox/stage/eventually.ts";
import { type Serving, startServing } from "#sandbox/stage/serving.ts";
import type { Stage } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { appStage, strike } from "#test/support/app-stage.ts";
import { type PrometheusServer, startPrometheus } from "#test/support/prometheus-server.ts";
import { scrapedNames } from "#test/support/scraped-requests.ts";

let stage: Stage;
let serving: Serving;
let prometheus: PrometheusServer;
let metrics: Metrics;

beforeAll(async () => {
  stage = await appStage({ resyncSeconds: 1 });
  serving = await startServing(stage);
  const folder = join(stage.folder, "prometheus");
  await mkdir(folder);
  prometheus = await startPrometheus({ folder, target: new URL(serving.url).host });
  // It scrapes four times a second; a busy machine may leave out a few.
  metrics = prometheusMetrics({ url: prometheus.url, scrapeMilliseconds: 2000, ...scrapedNames });
  serving.search();
}, 240_000);
afterAll(async () => {
  await prometheus?.stop();
  await strike(stage);
});

test("what the sandbox serves is counted as Prometheus scrapes it; a gateway that is gone is an error, and later no data", async () => {
  const now = await eventually("people to search", async () => {
    const moment = Date.now();
    // For the first seconds it is an error: Prometheus was not there yet when the window began.
    const { total } = await metrics.count(window(moment - 5000, moment)).catch(() => ({ total: 0 }));
    return total > 200 ? moment : undefined;
  });
  const { good, total } = await metrics.count(window(now - 5000, now));
  expect(good).toBeGreaterThan(0);
  expect(good).toBeLessThanOrEqual(total);
  await expect(metrics.count({ ...window(now - 5000, now), indicator: { kind: "latency", atMostMilliseconds: 60 } })).rejects.toThrow(
    "its buckets end at 5 ms, 10 ms, 25 ms, 50 ms",
  );

  await serving.stack.kill("SIGKILL");
  const gone = Date.now();
  await eventually("the gateway to be missed", () => metrics.count(window(gone - 1000, Date.now())).then(() => undefined, String)).then(
    (reason) => expect(reason).toContain("vanished: its last scrape that succeeded was at"),
  );
  expect(await metrics.count(window(gone + 60_000, gone + 61_000))).toEqual({ good: 0, total: 0 });
});

function window(from: number, to: number): RequestQuery {
  return {
    environment: environmentNameSchema.parse("production"),
    model: modelNameSchema.parse("search-ranker"),
    digest: digestSchema.parse(versions.baseline.digest),
    from: instantOf(from),
    to: instantOf(to),
    indicator: { kind: "latency", atMostMilliseconds: 50 },
  };
}
