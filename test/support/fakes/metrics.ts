import { type Digest } from "#domain/model/names.ts";
import { addMilliseconds, millisecondsBetween } from "#domain/model/time.ts";
import type { Metrics } from "#ports/metrics.ts";

/** How a version answers: so many requests a second, this share of them good. */
export interface Service {
  readonly perSecond: number;
  readonly goodShare: number;
}

export interface FakeMetrics extends Metrics {
  /** From now on, and looking back, the version answers like this; a version that was never named answers nothing. */
  serve(digest: Digest, service: Service): void;
}

/** Counts from rates, so that the same stretch always holds the same requests. */
export function fakeMetrics(): FakeMetrics {
  const services = new Map<Digest, Service>();
  return {
    async count({ digest, from, to }) {
      const { perSecond, goodShare } = services.get(digest) ?? { perSecond: 0, goodShare: 1 };
      const total = Math.round((perSecond * millisecondsBetween(from, to)) / 1000);
      return { total, good: Math.round(total * goodShare) };
    },
    async firstBad({ digest, from }) {
      const service = services.get(digest);
      return service === undefined || service.perSecond === 0 || service.goodShare === 1 ? null : addMilliseconds(from, 100);
    },
    serve: (digest, service) => void services.set(digest, service),
  };
}
