import type { PrometheusSettings } from "#adapters/prometheus/request-metrics.ts";

/** A sample as Prometheus keeps it. */
export interface StoredSample {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: number;
}

export interface ServedRequest {
  /** When it was answered, milliseconds since the epoch. */
  readonly at: number;
  readonly environment: string;
  readonly model: string;
  readonly digest: string;
  readonly milliseconds: number;
  readonly status: number;
}

export const scrapedNames = {
  requests: "model_requests_total",
  latency: "model_request_duration_seconds",
  labels: { environment: "environment", model: "model", digest: "digest", status: "code" },
} as const satisfies Partial<PrometheusSettings>;

const bounds = ["0.025", "0.05", "0.1", "+Inf"];
const second = 1000;

/**
 * What scrapes of one target see of its requests: one scrape at the last millisecond of each second, from the one before the first request
 * to the one after the last. Every counter is there from the first scrape on.
 */
export function scrapedRequests(
  requests: readonly ServedRequest[],
  target = { job: "serving", instance: "127.0.0.1:9100" },
): readonly StoredSample[] {
  const first = Math.floor(Math.min(...requests.map(({ at }) => at)) / second) * second - 1;
  const last = Math.max(...requests.map(({ at }) => at)) + second;
  const kinds = Map.groupBy(requests, ({ environment, model, digest, status }) =>
    JSON.stringify({ environment, model, digest, code: String(status) }),
  );
  const samples: StoredSample[] = [];
  for (let at = first; at <= last; at += second) {
    samples.push({ metric: "up", labels: target, at, value: 1 });
    for (const [kind, all] of kinds) {
      const labels: Readonly<Record<string, string>> = { ...target, ...JSON.parse(kind) };
      const seen = all.filter((request) => request.at <= at);
      samples.push({ metric: scrapedNames.requests, labels, at, value: seen.length });
      for (const le of bounds) {
        const value = seen.filter(
          ({ milliseconds }) => milliseconds / second <= (le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le)),
        ).length;
        samples.push({ metric: `${scrapedNames.latency}_bucket`, labels: { ...labels, le }, at, value });
      }
    }
  }
  return samples;
}
