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
import { appStage, ask, commitsWith, environments, evaluated, strike } from "#test/support/app-stage.ts";
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
  const scrapeSeconds = 2;
  metrics = prometheusMetrics({ url: prometheus.url, scrapeMilliseconds: scrapeSeconds * 1000, ...scrapedNames });
  Object.assign(stage.appEnvironment, {
    SLIPWAY_REQUEST_LOGS: "",
    SLIPWAY_PROMETHEUS_URL: prometheus.url,
    SLIPWAY_PROMETHEUS_SCRAPE_SECONDS: String(scrapeSeconds),
  });
  await stage.app?.kill("SIGTERM");
  await stage.startApp();
}, 240_000);
afterAll(async () => {
  await prometheus?.stop();
  await strike(stage);
});

test("a canary that drowns is seen through Prometheus, and rolled back by a pull request that says so", async () => {
  const pull = await stage.propose("bm25", "Rank by BM25", versions.slow);
  await evaluated(stage, pull, "Pass");
  serving.search();
  await ask(stage.people.lee, pull.number, `/slipway deploy production @${pull.sha}`);

  await eventually("25 %", async () => (await commitsWith(stage, "Slipway-Step", "weight 25"))[0], 120_000);
  await eventually("the rollback to be closed", async () => (await commitsWith(stage, "Slipway-Step", "rolled back"))[0], 120_000);
  const rollback = (await stage.people.petra.pullRequests(environments)).find(({ head }) => head.ref.startsWith("slipway/rollback/"));
  expect(rollback?.title).toContain("Roll back search-ranker in production");
  expect(rollback?.body).toMatch(/latency/);
});

test("the same numbers can be asked for again, and a gateway that is gone is an error at once, then no data", async () => {
  const now = Date.now();
  const { good, total } = await metrics.count(window(now - 5000, now));
  expect(total).toBeGreaterThan(100);
  expect(good / total).toBeGreaterThan(0.5);
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
