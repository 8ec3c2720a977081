import { instantOf, millisecondsOf } from "#domain/model/time.ts";
import type { Metrics, RequestQuery } from "#ports/metrics.ts";
import { PrometheusProblem, type PrometheusServer, prometheusClient } from "./client.ts";
import { type Growth, gapIn, growthOf, type Moments, type Scraped, wasKnown } from "./growth.ts";
import { type PrometheusNames, readCounters } from "./read-counters.ts";
import { readScraped } from "./read-scraped.ts";
import { rangeOf } from "./selector.ts";

export type PrometheusSettings = PrometheusServer &
  PrometheusNames & {
    /** How often the targets are scraped. A pause of more than one and a half of it is a missing scrape. */
    readonly scrapeMilliseconds: number;
  };

/**
 * Counts requests in counters that Prometheus scraped, from raw samples: nothing is extrapolated. A stretch in which a scrape is missing,
 * or from which a target vanished, is an error, never a count.
 */
export function prometheusMetrics(settings: PrometheusSettings): Metrics {
  const ask = prometheusClient(settings);
  const longestPause = Math.round(settings.scrapeMilliseconds * 1.5);
  const read = async (query: RequestQuery, moments: Moments): Promise<readonly Scraped[]> =>
    readScraped(ask, await readCounters(ask, settings, query, moments, longestPause), moments, longestPause);

  return {
    async count(query) {
      const moments = momentsOf(query);
      if (moments.to <= moments.from) return { good: 0, total: 0 };
      const targets = await read(query, moments);
      const gap = targets.map((target) => gapIn(target, moments, longestPause)).find((reason) => reason !== undefined);
      if (gap !== undefined)
        throw new PrometheusProblem(
          `${gap}; SLIPWAY_PROMETHEUS_SCRAPE_SECONDS says one scrape every ${settings.scrapeMilliseconds / 1000} s`,
        );
      if (targets.length > 0 && !targets.some((target) => wasKnown(target, moments))) await mustHaveScraped(moments.from);
      const sums = targets.map((target) => sumsOf(target, moments, longestPause));
      const total = sumOf(sums.map((sum) => sumOf(sum.total.values())));
      const good = sumOf(sums.map((sum) => sumOf(sum.good.values())));
      if (!Number.isSafeInteger(total) || !Number.isSafeInteger(good) || good > total)
        throw new PrometheusProblem(
          `the counters say ${good} good requests of ${total}: whole numbers were expected, and no more good ones than all`,
        );
      return { good, total };
    },
    /** As exact as scrapes are: the first one that saw a bad request. A missing scrape only makes it later. */
    async firstBad(query) {
      const moments = momentsOf(query);
      const bad = (await read(query, moments)).flatMap((target) => {
        const { total, good } = sumsOf(target, moments, longestPause);
        return [...total].filter(([at, requests]) => requests > (good.get(at) ?? 0)).map(([at]) => at);
      });
      return bad.length === 0 ? null : instantOf(Math.min(...bad));
    },
  };

  /** All targets are new in the stretch: either they are, or Prometheus was away or has lost what it knew. */
  async function mustHaveScraped(at: number): Promise<void> {
    const scrapes = await ask(`count(last_over_time(${rangeOf("up", {}, longestPause)}))`, at);
    if (scrapes.length === 0)
      throw new PrometheusProblem(`Prometheus knows of no scrape at ${new Date(at).toISOString()}, where the window begins`);
  }
}

function momentsOf({ from, to }: RequestQuery): Moments {
  return { from: millisecondsOf(from), to: millisecondsOf(to) };
}

function sumsOf(
  { total, good, scrapes }: Scraped,
  moments: Moments,
  longestPause: number,
): { readonly total: Growth; readonly good: Growth } {
  return { total: growthOf(total, scrapes, moments, longestPause), good: growthOf(good, scrapes, moments, longestPause) };
}

function sumOf(numbers: Iterable<number>): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
