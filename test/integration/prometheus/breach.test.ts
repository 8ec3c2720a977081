import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "#sandbox/stage/eventually.ts";
import { type Serving, startServing } from "#sandbox/stage/serving.ts";
import type { Stage } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { appStage, ask, commitsWith, environments, evaluated, strike } from "#test/support/app-stage.ts";
import { type PrometheusServer, startPrometheus } from "#test/support/prometheus-server.ts";

let stage: Stage;
let serving: Serving;
let prometheus: PrometheusServer;

beforeAll(async () => {
  stage = await appStage({ resyncSeconds: 1 });
  serving = await startServing(stage);
  const folder = join(stage.folder, "prometheus");
  await mkdir(folder);
  prometheus = await startPrometheus({ folder, target: new URL(serving.url).host });
  // It scrapes four times a second; a busy machine may leave out a few.
  const scrapeSeconds = 2;
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

  // At 25 % it drowns; on a machine that is busy itself it does so earlier.
  await eventually("the rollback to be closed", async () => (await commitsWith(stage, "Slipway-Step", "rolled back"))[0], 120_000);
  const rollback = (await stage.people.petra.pullRequests(environments)).find(({ head }) => head.ref.startsWith("slipway/rollback/"));
  expect(rollback?.title).toContain("Roll back search-ranker in production");
  expect(rollback?.body).toMatch(/latency/);
});
