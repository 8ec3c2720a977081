import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { prometheusMetrics } from "#adapters/prometheus/request-metrics.ts";
import { digestSchema, environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import { instantOf } from "#domain/model/time.ts";
import type { Indicator } from "#domain/slo/objective.ts";
import type { Metrics, RequestQuery } from "#ports/metrics.ts";
import { type PrometheusDouble, startPrometheusDouble } from "#test/support/fakes/prometheus.ts";
import { scrapedNames } from "#test/support/scraped-requests.ts";

const digest = digestSchema.parse(`sha256:${"a".repeat(64)}`);
const start = Date.UTC(2026, 10, 20, 8);
const pod = { job: "serving", instance: "10.0.0.1:9100" };
const otherPod = { job: "serving", instance: "10.0.0.2:9100" };
const version = { environment: "production", model: "search-ranker", digest };

let double: PrometheusDouble;
let metrics: Metrics;
beforeEach(async () => {
  double = await startPrometheusDouble();
  metrics = prometheusMetrics({ url: double.url, scrapeMilliseconds: 10_000, ...scrapedNames });
});
afterEach(() => double.close());

describe("counters are counted from scrape to scrape", () => {
  test("without extrapolation, from the last value before the stretch to the last one in it", async () => {
    up(pod, [-10, 0, 10, 20, 30]);
    counter(pod, "200", { "-10": 100, 0: 110, 10: 120, 20: 131, 30: 999 });
    expect(await metrics.count(availability(5, 25))).toEqual({ good: 21, total: 21 });
    expect(await metrics.count(availability(0, 30))).toEqual({ good: 31, total: 31 });
  });

  test("that fall began anew: what they say then came since", async () => {
    up(pod, [0, 10, 20, 30]);
    counter(pod, "200", { 0: 500, 10: 510, 20: 4, 30: 9 });
    expect(await metrics.count(availability(1, 31))).toEqual({ good: 19, total: 19 });
  });

  test("that are born with their first request count in full, where their target was scraped before", async () => {
    up(pod, [0, 10, 20]);
    counter(pod, "200", { 0: 50, 10: 60, 20: 70 });
    counter(pod, "503", { 20: 3 });
    expect(await metrics.count(availability(1, 21))).toEqual({ good: 20, total: 23 });
  });

  test("that were away while their target was scraped began anew, also when they came back higher", async () => {
    up(pod, [0, 10, 20, 30, 40]);
    counter(pod, "200", { 0: 5, 40: 8 });
    expect(await metrics.count(availability(1, 41))).toEqual({ good: 8, total: 8 });
  });

  test("of a target that is new count from its first scrape: what they hold from before belongs to no window", async () => {
    up(pod, [0, 10, 20]);
    counter(pod, "200", { 0: 10, 10: 20, 20: 30 });
    up(otherPod, [10, 20]);
    counter(otherPod, "200", { 10: 7000, 20: 7005 });
    expect(await metrics.count(availability(1, 21))).toEqual({ good: 25, total: 25 });
  });

  test("are bad when they are of failures of the server, or of requests that got no answer", async () => {
    up(pod, [0, 10]);
    for (const code of ["200", "404", "3xx", "500", "5XX", "0"]) counter(pod, code, { 0: 0, 10: 1 });
    expect(await metrics.count(availability(1, 11))).toEqual({ good: 3, total: 6 });
    expect(await metrics.firstBad(availability(1, 11))).toBe(instantOf(start + 10_000));
  });

  test("that hold no whole requests are not counts of requests", async () => {
    up(pod, [0, 10]);
    counter(pod, "200", { 0: 0, 10: 1.5 });
    await expect(metrics.count(availability(1, 11))).rejects.toThrow("whole numbers were expected");
  });
});

describe("a window that was not watched is never counted", () => {
  const scraped = (at: readonly number[]) => {
    up(pod, at);
    counter(pod, "200", Object.fromEntries(at.map((second) => [second, 100 + second])));
  };

  test.each([
    ["in the middle", [0, 10, 30, 40], "was not scraped with success between 2026-11-20T08:00:10.000Z and 2026-11-20T08:00:30.000Z"],
    ["and more of them across its beginning", [-200, 10, 20, 30, 40], "not scraped with success between 2026-11-20T07:56:40.000Z"],
    ["across its beginning", [-10, 10, 20, 30, 40], "not scraped with success between 2026-11-20T07:59:50.000Z"],
    ["at its end", [0, 10, 20], "target serving 10.0.0.1:9100 vanished: its last scrape that succeeded was at 2026-11-20T08:00:20.000Z"],
  ])("with a missing scrape %s", async (_, at, message) => {
    scraped(at);
    await expect(metrics.count(availability(1, 41))).rejects.toThrow(message);
    await expect(metrics.count(availability(1, 41))).rejects.toThrow("SLIPWAY_PROMETHEUS_SCRAPE_SECONDS says one scrape every 10 s");
  });

  test("with a scrape that failed", async () => {
    scraped([0, 10, 30, 40]);
    up(pod, [20], 0);
    await expect(metrics.count(availability(1, 41))).rejects.toThrow("not scraped with success");
  });

  test("whichever of its targets it is", async () => {
    scraped([0, 10, 20, 30, 40]);
    up(otherPod, [0, 10]);
    counter(otherPod, "200", { 0: 1, 10: 2 });
    await expect(metrics.count(availability(1, 41))).rejects.toThrow("target serving 10.0.0.2:9100 vanished");
  });

  test("where Prometheus itself was away when it began", async () => {
    scraped([30, 40]);
    await expect(metrics.count(availability(1, 41))).rejects.toThrow("Prometheus knows of no scrape at 2026-11-20T08:00:01.000Z");
    up({ job: "node", instance: "10.0.0.9:9100" }, [0]);
    expect(await metrics.count(availability(1, 41))).toEqual({ good: 10, total: 10 });
  });

  test("but a longer pause is fine where the operator says so", async () => {
    scraped([0, 20, 40]);
    const patient = prometheusMetrics({ url: double.url, scrapeMilliseconds: 20_000, ...scrapedNames });
    expect(await patient.count(availability(1, 41))).toEqual({ good: 40, total: 40 });
  });

  test("and when the trouble began is told all the same", async () => {
    scraped([0, 10]);
    counter(pod, "500", { 10: 1 });
    expect(await metrics.firstBad(availability(1, 41))).toBe(instantOf(start + 10_000));
  });

  test("where nobody can tell: no `up`, no instance, or two copies of it", async () => {
    counter(pod, "200", { 0: 1, 10: 2 });
    await expect(metrics.count(availability(1, 11))).rejects.toThrow("no `up` in this window");
    up({ ...pod, replica: "a" }, [0, 10]);
    up({ ...pod, replica: "b" }, [0, 10]);
    await expect(metrics.count(availability(1, 11))).rejects.toThrow("scraped by more than one Prometheus");
    counter({ job: "serving" }, "200", { 0: 1, 10: 2 });
    await expect(metrics.count(availability(1, 11))).rejects.toThrow("no labels job and instance");
  });
});

describe("latency is read from a bucket", () => {
  const histogram = (target: object, code: string, by: Readonly<Record<string, number>>) => {
    for (const [le, value] of Object.entries(by))
      for (const [at, factor] of [
        [0, 0],
        [10, 1],
      ] as const)
        add(`${scrapedNames.latency}_bucket`, { ...target, ...version, code, le }, at, factor * value);
  };

  test("that ends at the limit, however its bound is written; a fast failure is no good answer", async () => {
    up(pod, [0, 10]);
    histogram(pod, "200", { "0.5": 3, "1.0": 8, "+Inf": 10 });
    histogram(pod, "503", { "0.5": 5, "1.0": 5, "+Inf": 5 });
    expect(await metrics.count(latency(1000))).toEqual({ good: 8, total: 15 });
    expect(await metrics.firstBad(latency(1000))).toBe(instantOf(start + 10_000));
  });

  test("and refused between two bounds, which are named", async () => {
    up(pod, [0, 10]);
    histogram(pod, "200", { "0.07": 3, "0.1": 8, "+Inf": 10 });
    await expect(metrics.count(latency(80))).rejects.toThrow(
      "has no bucket that ends at 80 ms, so it cannot say how many requests were that fast; its buckets end at 70 ms, 100 ms. Change the objective, or add the bucket",
    );
    expect(await metrics.count(latency(70))).toEqual({ good: 3, total: 10 });
  });

  test("and refused where one target lacks it, or the status is not told", async () => {
    up(pod, [0, 10]);
    up(otherPod, [0, 10]);
    histogram(pod, "200", { "0.1": 8, "+Inf": 10 });
    histogram(otherPod, "200", { "0.2": 8, "+Inf": 10 });
    await expect(metrics.count(latency(100))).rejects.toThrow(
      'target serving 10.0.0.2:9100 has no bucket model_request_duration_seconds_bucket{le="0.1"}',
    );
    add(`${scrapedNames.latency}_bucket`, { ...pod, ...version, le: "0.1" }, 10, 1);
    await expect(metrics.count(latency(100))).rejects.toThrow(
      "has no label code: without the HTTP status a fast error would count as a good answer",
    );
  });

  test("in milliseconds, where the histogram's name says so", async () => {
    const own = prometheusMetrics({
      url: double.url,
      scrapeMilliseconds: 10_000,
      ...scrapedNames,
      latency: "istio_request_duration_milliseconds",
    });
    up(pod, [0, 10]);
    for (const [le, value] of [
      ["50", 4],
      ["+Inf", 5],
    ] as const)
      for (const at of [0, 10])
        add("istio_request_duration_milliseconds_bucket", { ...pod, ...version, code: "200", le }, at, at === 0 ? 0 : value);
    expect(await own.count(latency(50))).toEqual({ good: 4, total: 5 });
  });
});

test("a status that is none is refused, not guessed", async () => {
  up(pod, [0, 10]);
  counter(pod, "OK", { 0: 1, 10: 2 });
  await expect(metrics.count(availability(1, 11))).rejects.toThrow('model_requests_total has code="OK", where an HTTP status was expected');
});

test("what is asked names the labels of the settings, and escapes what is matched", async () => {
  const labels = { environment: "env", model: "app", digest: "sha", status: "status" };
  await prometheusMetrics({ url: double.url, scrapeMilliseconds: 10_000, ...scrapedNames, labels }).count({
    ...availability(0, 600),
    model: '"} or vector(1) #\\' as RequestQuery["model"],
  });
  expect(double.asked).toEqual([`model_requests_total{env="production",app="\\"} or vector(1) #\\\\",sha="${digest}"}[615000ms]`]);
});

function up(target: object, at: readonly number[], value = 1): void {
  for (const second of at) add("up", target, second, value);
}

function counter(target: object, code: string, values: Readonly<Record<string, number>>): void {
  for (const [at, value] of Object.entries(values)) add(scrapedNames.requests, { ...target, ...version, code }, Number(at), value);
}

function add(metric: string, labels: object, second: number, value: number): void {
  double.add([{ metric, labels: { ...labels }, at: start + second * 1000, value }]);
}

function availability(from: number, to: number): RequestQuery {
  return query(from, to, { kind: "availability" });
}

function latency(atMostMilliseconds: number): RequestQuery {
  return query(1, 11, { kind: "latency", atMostMilliseconds });
}

function query(from: number, to: number, indicator: Indicator): RequestQuery {
  return {
    environment: environmentNameSchema.parse("production"),
    model: modelNameSchema.parse("search-ranker"),
    digest,
    from: instantOf(start + from * 1000),
    to: instantOf(start + to * 1000),
    indicator,
  };
}
