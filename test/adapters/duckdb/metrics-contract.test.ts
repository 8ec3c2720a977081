import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type RequestMetrics, requestMetrics } from "#adapters/duckdb/request-metrics.ts";
import { type Digest, digestSchema, environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import { instantOf, millisecondsOf } from "#domain/model/time.ts";
import type { Metrics, RequestQuery } from "#ports/metrics.ts";
import { fakeMetrics, type Service } from "#test/support/fakes/metrics.ts";

const candidate = digestSchema.parse(`sha256:${"a".repeat(64)}`);
const baseline = digestSchema.parse(`sha256:${"b".repeat(64)}`);
const start = Date.UTC(2026, 10, 20, 8);

type World = { readonly metrics: Metrics; readonly serve: (digest: Digest, service: Service) => void };

let folder: string;
let opened: RequestMetrics | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "metrics-contract-"));
});
afterEach(() => {
  opened?.close();
  opened = null;
  rmSync(folder, { recursive: true, force: true });
});

const worlds: Readonly<Record<string, () => Promise<World>>> = {
  "the fake": async () => {
    const metrics = fakeMetrics();
    return { metrics, serve: metrics.serve };
  },
  "DuckDB over a log": async () => {
    const log = join(folder, "requests.jsonl");
    opened = await requestMetrics([log], { threads: 1, memoryLimit: "128MB", temporaryDirectory: join(folder, "tmp") });
    return { metrics: opened, serve: (digest, service) => appendFileSync(log, tenSecondsOf(digest, service)) };
  },
};

describe.each(Object.entries(worlds))("request metrics: %s", (_, build) => {
  test("a version that answers nothing has no request, and no first bad one", async () => {
    const { metrics, serve } = await build();
    serve(baseline, { perSecond: 50, goodShare: 0.5 });
    expect(await metrics.count(query(0, 2000))).toEqual({ good: 0, total: 0 });
    expect(await metrics.firstBad(query(0, 2000))).toBeNull();
  });

  test("counts one version's requests in the stretch, and the good ones among them", async () => {
    const { metrics, serve } = await build();
    serve(candidate, { perSecond: 50, goodShare: 0.9 });
    serve(baseline, { perSecond: 50, goodShare: 1 });
    expect(await metrics.count(query(0, 2000))).toEqual({ good: 90, total: 100 });
    expect(await metrics.count(query(1000, 2000))).toEqual({ good: 45, total: 50 });
    expect(await metrics.count(query(2000, 2000))).toEqual({ good: 0, total: 0 });
  });

  test("two halves of a stretch hold what the whole holds", async () => {
    const { metrics, serve } = await build();
    serve(candidate, { perSecond: 50, goodShare: 0.8 });
    const [whole, first, second] = await Promise.all(
      [query(0, 4000), query(0, 2000), query(2000, 4000)].map((part) => metrics.count(part)),
    );
    expect(whole?.total).toBe((first?.total ?? 0) + (second?.total ?? 0));
    expect(whole?.good).toBe((first?.good ?? 0) + (second?.good ?? 0));
  });

  test("the first bad request lies in the stretch, and there is none where all are good", async () => {
    const { metrics, serve } = await build();
    serve(candidate, { perSecond: 50, goodShare: 0.9 });
    serve(baseline, { perSecond: 50, goodShare: 1 });
    const first = millisecondsOf((await metrics.firstBad(query(1000, 2000))) ?? instantOf(0)) - start;
    expect(first).toBeGreaterThanOrEqual(1000);
    expect(first).toBeLessThan(2000);
    expect(await metrics.firstBad({ ...query(0, 2000), digest: baseline })).toBeNull();
  });
});

function query(from: number, to: number): RequestQuery {
  return {
    environment: environmentNameSchema.parse("production"),
    model: modelNameSchema.parse("search-ranker"),
    digest: candidate,
    from: instantOf(start + from),
    to: instantOf(start + to),
    indicator: { kind: "latency", atMostMilliseconds: 50 },
  };
}

/** Evenly spaced requests of which every tenth ones are bad, so that each second holds the same share. */
function tenSecondsOf(digest: Digest, { perSecond, goodShare }: Service): string {
  const bad = Math.round((1 - goodShare) * 10);
  return Array.from({ length: 10 * perSecond }, (_, n) => {
    const time = new Date(start + (n * 1000) / perSecond).toISOString();
    const latency = n % 10 >= 10 - bad ? 80 : 20;
    return `${JSON.stringify({ time, environment: "production", model: "search-ranker", digest, latency_ms: latency, status: 200 })}\n`;
  }).join("");
}
