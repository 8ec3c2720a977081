import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type RequestMetrics, requestMetrics } from "#adapters/duckdb/request-metrics.ts";
import { digestSchema, environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import { instantOf, instantSchema } from "#domain/model/time.ts";
import type { RequestQuery } from "#ports/metrics.ts";

const candidate = digestSchema.parse(`sha256:${"a".repeat(64)}`);
const baseline = digestSchema.parse(`sha256:${"b".repeat(64)}`);
const start = Date.UTC(2026, 10, 20, 8);

let folder: string;
let log: string;
let metrics: RequestMetrics;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "request-metrics-"));
  log = join(folder, "requests.jsonl");
  metrics = await requestMetrics([log], { threads: 2, memoryLimit: "256MB", temporaryDirectory: folder });
});

afterEach(() => {
  metrics.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("requests of one version in a stretch of time", () => {
  test("there are none while the log does not exist, or is empty", async () => {
    expect(await metrics.count(query({}))).toEqual({ good: 0, total: 0 });
    writeFileSync(log, "");
    expect(await metrics.count(query({}))).toEqual({ good: 0, total: 0 });
    expect(await metrics.firstBad(query({}))).toBeNull();
  });

  test("are those of the environment, model and digest from the beginning up to, not including, the end", async () => {
    write([
      request({ at: -1 }),
      request({ at: 0 }),
      request({ at: 999 }),
      request({ at: 1000 }),
      request({ at: 10, digest: baseline }),
      request({ at: 10, environment: "staging" }),
      request({ at: 10, model: "other-ranker" }),
    ]);
    expect(await metrics.count(query({}))).toEqual({ good: 2, total: 2 });
  });

  test("are good by latency up to the limit, and never when they failed", async () => {
    write([
      request({ latency: 50 }),
      request({ latency: 50.1 }),
      request({ latency: 1, status: 503 }),
      request({ latency: 20, status: 404 }),
    ]);
    expect(await metrics.count(query({}))).toEqual({ good: 2, total: 4 });
  });

  test("are good by availability unless the server failed", async () => {
    write([request({ latency: 900 }), request({ status: 500 }), request({ status: 404 })]);
    expect(await metrics.count(query({ indicator: { kind: "availability" } }))).toEqual({ good: 2, total: 3 });
  });

  test("a torn last line is passed over, and counted once it is whole", async () => {
    write([request({}), request({})]);
    const line = request({ latency: 80 });
    appendFileSync(log, line.slice(0, 60));
    expect(await metrics.count(query({}))).toEqual({ good: 2, total: 2 });
    appendFileSync(log, `${line.slice(60)}\n`);
    expect(await metrics.count(query({}))).toEqual({ good: 2, total: 3 });
  });

  test("a line that is no request does not hide the others", async () => {
    write([request({}), "not json at all", request({})]);
    expect(await metrics.count(query({}))).toEqual({ good: 2, total: 2 });
  });

  test("the first bad one is found by its time, not by its place in the log", async () => {
    write([request({ at: 700, latency: 90 }), request({ at: 300, latency: 90 }), request({ at: 100 })]);
    expect(await metrics.firstBad(query({}))).toBe(instantOf(start + 300));
  });

  test("are counted in a log of many more requests than the window has, however often it is asked", async () => {
    write(Array.from({ length: 5000 }, (_, n) => request({ at: n, latency: n % 100 })));
    for (let round = 0; round < 2; round += 1) expect(await metrics.count(query({}))).toEqual({ good: 510, total: 1000 });
  });
});

function query(over: Partial<RequestQuery>): RequestQuery {
  return {
    environment: environmentNameSchema.parse("production"),
    model: modelNameSchema.parse("search-ranker"),
    digest: candidate,
    from: instantOf(start),
    to: instantSchema.parse(instantOf(start + 1000)),
    indicator: { kind: "latency", atMostMilliseconds: 50 },
    ...over,
  };
}

function request({
  at = 500,
  digest = candidate,
  environment = "production",
  model = "search-ranker",
  latency = 20,
  status = 200,
}): string {
  const time = new Date(start + at).toISOString();
  return JSON.stringify({
    time,
    environment,
    model,
    version: "1",
    digest,
    query_id: "7",
    unit: "7",
    latency_ms: latency,
    status,
    clicked: false,
    clicked_rank: null,
  });
}

function write(lines: readonly string[]): void {
  writeFileSync(log, lines.map((line) => `${line}\n`).join(""));
}
