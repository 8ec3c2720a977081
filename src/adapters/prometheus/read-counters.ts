import type { RequestQuery } from "#ports/metrics.ts";
import { PrometheusProblem, type Series } from "./client.ts";
import type { Moments } from "./growth.ts";
import { type Matchers, rangeOf } from "./selector.ts";

/** What counts requests, and the labels that tell whose they are. */
export type PrometheusNames = {
  /** The counter of requests. */
  readonly requests: string;
  /** The classic histogram of how long they took, without `_bucket`; its name ends with its unit, `_seconds` or `_milliseconds`. */
  readonly latency: string;
  readonly labels: { readonly environment: string; readonly model: string; readonly digest: string; readonly status: string };
};

export type Ask = (expression: string, at: number) => Promise<readonly Series[]>;

/** A counter of one target: of all requests, of the good ones, or of both. */
export type Counter = { readonly series: Series; readonly total: boolean; readonly good: boolean };

/** The counters of one version, with every sample of the stretch and the one before it. A request that failed is bad for every indicator. */
export async function readCounters(
  ask: Ask,
  names: PrometheusNames,
  query: RequestQuery,
  { from, to }: Moments,
  longestPause: number,
): Promise<readonly Counter[]> {
  const range = to - from + longestPause;
  const { labels } = names;
  const version: Matchers = { [labels.environment]: query.environment, [labels.model]: query.model, [labels.digest]: query.digest };
  if (query.indicator.kind === "availability") {
    const series = await ask(rangeOf(names.requests, version, range), to);
    return series.map((one) => ({ series: one, total: true, good: succeeded(one, labels.status, names.requests) }));
  }
  const metric = `${names.latency}_bucket`;
  const bounds = await ask(`count by (le) (last_over_time(${rangeOf(metric, version, range)}))`, to);
  if (bounds.length === 0) return [];
  const within = boundsAt(
    query.indicator.atMostMilliseconds,
    bounds.map((bound) => bound.labels["le"] ?? ""),
    names.latency,
  );
  const series = await ask(rangeOf(metric, { ...version, le: [...within, everything] }, range), to);
  const counters = series.map((one) => {
    const total = one.labels["le"] === everything;
    return { series: one, total, good: !total && succeeded(one, labels.status, metric) };
  });
  for (const { series: all, total } of counters) if (total) mustHaveBound(all, counters, metric, within);
  return counters;
}

const everything = "+Inf";

/** How the histogram writes the bound, `1` or `1.0`; a limit between two bounds cannot be told, and is refused. */
function boundsAt(milliseconds: number, bounds: readonly string[], latency: string): readonly string[] {
  const unit = latency.endsWith("_milliseconds") ? 1 : 1000;
  const within = bounds.filter((bound) => Math.abs(Number(bound) * unit - milliseconds) < 1e-6 * milliseconds);
  if (within.length > 0) return within;
  const there = bounds
    .filter((bound) => bound !== everything)
    .map((bound) => Number(bound) * unit)
    .toSorted((a, b) => a - b);
  throw new PrometheusProblem(
    `${latency} has no bucket that ends at ${milliseconds} ms, so it cannot say how many requests were that fast; its buckets end at ${there.map((bound) => `${Number(bound.toPrecision(12))} ms`).join(", ")}. Change the objective, or add the bucket`,
  );
}

/** Targets of one version may have other buckets: what one cannot tell must not be missing among the good silently. */
function mustHaveBound(all: Series, counters: readonly Counter[], metric: string, within: readonly string[]): void {
  const own = keyOf(all);
  if (counters.some(({ series, total }) => !total && keyOf(series) === own)) return;
  throw new PrometheusProblem(
    `target ${all.labels["job"]} ${all.labels["instance"]} has no bucket ${metric}{le="${within.join("|")}"}, as others have`,
  );
}

function keyOf({ labels }: Series): string {
  return JSON.stringify(
    Object.entries(labels)
      .filter(([label]) => label !== "le")
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** 0 is a proxy's word for a request that got no answer. */
function succeeded({ labels }: Series, status: string, metric: string): boolean {
  const value = labels[status];
  if (value === undefined)
    throw new PrometheusProblem(`${metric} has no label ${status}: without the HTTP status a fast error would count as a good answer`);
  if (/^[1-4](?:\d\d|xx)$/i.test(value)) return true;
  if (/^(?:5(?:\d\d|xx)|0+)$/i.test(value)) return false;
  throw new PrometheusProblem(`${metric} has ${status}=${JSON.stringify(value.slice(0, 40))}, where an HTTP status was expected`);
}
