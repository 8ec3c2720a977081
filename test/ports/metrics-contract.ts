import { afterEach, describe, expect, test } from "vitest";
import { type Digest, digestSchema, environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import { instantOf, millisecondsOf } from "#domain/model/time.ts";
import type { Metrics, RequestQuery } from "#ports/metrics.ts";
import type { Service } from "#test/support/fakes/metrics.ts";
import type { ServedRequest } from "#test/support/scraped-requests.ts";

const candidate = digestSchema.parse(`sha256:${"a".repeat(64)}`);
const baseline = digestSchema.parse(`sha256:${"b".repeat(64)}`);
const start = Date.UTC(2026, 10, 20, 8);

export interface MetricsWorld {
  readonly metrics: Metrics;
  /** From the start on, for ten seconds, the version answers like this. All services are named before anything is counted. */
  serve(digest: Digest, service: Service): void;
  close(): Promise<void> | void;
}

/** What every source of request metrics does, whatever it reads. */
export function metricsContract(name: string, build: () => Promise<MetricsWorld>): void {
  describe(`request metrics: ${name}`, () => {
    let built: MetricsWorld | undefined;
    const world = async (): Promise<MetricsWorld> => {
      built = await build();
      return built;
    };
    afterEach(async () => {
      await built?.close();
      built = undefined;
    });

    test("a version that answers nothing has no request, and no first bad one", async () => {
      const { metrics, serve } = await world();
      serve(baseline, { perSecond: 50, goodShare: 0.5 });
      expect(await metrics.count(query(0, 2000))).toEqual({ good: 0, total: 0 });
      expect(await metrics.firstBad(query(0, 2000))).toBeNull();
    });

    test("counts one version's requests in the stretch, and the good ones among them", async () => {
      const { metrics, serve } = await world();
      serve(candidate, { perSecond: 50, goodShare: 0.9 });
      serve(baseline, { perSecond: 50, goodShare: 1 });
      expect(await metrics.count(query(0, 2000))).toEqual({ good: 90, total: 100 });
      expect(await metrics.count(query(1000, 2000))).toEqual({ good: 45, total: 50 });
      expect(await metrics.count(query(2000, 2000))).toEqual({ good: 0, total: 0 });
    });

    test("two halves of a stretch hold what the whole holds", async () => {
      const { metrics, serve } = await world();
      serve(candidate, { perSecond: 50, goodShare: 0.8 });
      const [whole, first, second] = await Promise.all(
        [query(0, 4000), query(0, 2000), query(2000, 4000)].map((part) => metrics.count(part)),
      );
      expect(whole?.total).toBe(200);
      expect(whole?.total).toBe((first?.total ?? 0) + (second?.total ?? 0));
      expect(whole?.good).toBe((first?.good ?? 0) + (second?.good ?? 0));
    });

    test("the first bad request lies in the stretch, and there is none where all are good", async () => {
      const { metrics, serve } = await world();
      serve(candidate, { perSecond: 50, goodShare: 0.9 });
      serve(baseline, { perSecond: 50, goodShare: 1 });
      const first = millisecondsOf((await metrics.firstBad(query(1000, 2000))) ?? instantOf(0)) - start;
      expect(first).toBeGreaterThanOrEqual(1000);
      expect(first).toBeLessThan(2000);
      expect(await metrics.firstBad({ ...query(0, 2000), digest: baseline })).toBeNull();
    });
  });
}

/** Evenly spaced requests of which every tenth ones are bad, so that each second holds the same share. */
export function tenSecondsOf(digest: Digest, { perSecond, goodShare }: Service): readonly ServedRequest[] {
  const bad = Math.round((1 - goodShare) * 10);
  return Array.from({ length: 10 * perSecond }, (_, n) => ({
    at: start + (n * 1000) / perSecond,
    environment: "production",
    model: "search-ranker",
    digest,
    milliseconds: n % 10 >= 10 - bad ? 80 : 20,
    status: 200,
  }));
}

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
