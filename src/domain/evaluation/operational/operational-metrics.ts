import { isOwnMetric, type MetricEntry } from "#domain/evaluation/metric-entry.ts";
import type { MetricPart } from "#domain/evaluation/metric-parts.ts";
import type { OperationalFamily, OperationalMetric } from "./operational-metric.ts";

const latency: OperationalFamily = {
  family: "latency_p<q>_ms",
  example: "latency_p99_ms",
  title: "latency quantile",
  about: "How long all but the slowest requests take, such as latency_p50_ms, latency_p95_ms, latency_p99_ms or latency_p99.9_ms.",
  definition:
    "the least latency that at least q % of the requests do not exceed, one that was seen; compared as the mean over pairs of blocks of log(candidate's quantile / baseline's)",
  reference: "numpy.quantile(method=inverted_cdf); interval: paired t over blocks (F1)",
  valueOf: "request",
  convention: { quantile: "observed" },
  read: (name) => {
    const written = /^latency_p(.*)_ms$/.exec(name)?.[1];
    if (written === undefined) return null;
    const percent = Number(written);
    if (/^\d{1,2}(?:\.\d{1,3})?$/.test(written) && String(percent) === written && percent > 0) return { kind: "latency", q: percent / 100 };
    return `The quantile of ${JSON.stringify(name)} is a number of per cent above 0 and below 100, as in latency_p99_ms or latency_p99.9_ms.`;
  },
};

const cost: OperationalFamily = {
  family: "cost_per_1k",
  example: "cost_per_1k",
  title: "cost of a thousand requests",
  about: "What serving costs, in the currency of the cost column.",
  definition: "1000 times the mean cost of a request, or the one number that the benchmark states",
  reference: "arithmetic mean; compared as latencies are",
  valueOf: "request",
  convention: {},
  read: (name) => (name === "cost_per_1k" ? { kind: "cost" } : null),
};

const size: readonly OperationalFamily[] = (
  [
    { family: "size_bytes", unit: "bytes", bytes: 1 },
    { family: "size_mb", unit: "megabytes of 10^6 bytes", bytes: 1_000_000 },
  ] as const
).map(({ family, unit, bytes }) => ({
  family,
  example: family,
  title: `size of the artifact in ${unit}`,
  about: "What has to be stored, loaded and kept in memory.",
  definition: `${unit} of the artifact's file, or the one number that the benchmark states`,
  reference: "counted",
  valueOf: "artifact",
  convention: { unit },
  read: (name) => (name === family ? { kind: "size", bytes } : null),
}));

/** Every family of operational metrics. They have these names in every task. */
export const operationalFamilies: readonly OperationalFamily[] = [latency, cost, ...size];

type ParsedOperational =
  | { readonly kind: "metric"; readonly metric: OperationalMetric }
  | { readonly kind: "unknown"; readonly message: string };

/** The entries that are measured as latency, size and cost, in any task. */
export const operational: MetricPart = {
  has: (entry) => parse(spellingOf(entry)) !== null,
  problem: (entry) => {
    const parsed = parse(spellingOf(entry));
    if (parsed?.kind === "unknown") return parsed.message;
    return typeof entry === "string" ? null : `The metric ${JSON.stringify(spellingOf(entry))} has no options: write its name alone.`;
  },
};

export function operationalMetrics(entries: readonly MetricEntry[]): readonly OperationalMetric[] {
  return entries.flatMap((entry) => {
    const parsed = parse(spellingOf(entry));
    return parsed?.kind === "metric" ? [parsed.metric] : [];
  });
}

function spellingOf(entry: MetricEntry): string {
  if (typeof entry === "string") return entry;
  return isOwnMetric(entry) ? "" : entry.metric;
}

/** Null for a metric of another kind. */
function parse(name: string): ParsedOperational | null {
  for (const { family, read } of operationalFamilies) {
    const measure = read(name);
    if (typeof measure === "string") return { kind: "unknown", message: measure };
    if (measure !== null) return { kind: "metric", metric: { name, family, measure } };
  }
  return null;
}
