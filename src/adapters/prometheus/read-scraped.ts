import { PrometheusProblem, type Series } from "./client.ts";
import type { Moments, Scraped } from "./growth.ts";
import type { Ask, Counter } from "./read-counters.ts";
import { rangeOf } from "./selector.ts";

/** How long before a stretch a target's last scrape may lie for it to be one that was missed, and not a target that is new. */
const remembered = 5 * 60_000;

/** Groups counters by the target that Prometheus scraped them from, with when it did: it writes `up` beside them at every scrape. */
export async function readScraped(
  ask: Ask,
  counters: readonly Counter[],
  { from, to }: Moments,
  longestPause: number,
): Promise<readonly Scraped[]> {
  if (counters.length === 0) return [];
  const byTarget = Map.groupBy(counters, ({ series }) => targetOf(series));
  const targets = { job: valuesOf(counters, "job"), instance: valuesOf(counters, "instance") };
  const scrapes = new Map<string, Series>();
  for (const up of await ask(rangeOf("up", targets, to - from + longestPause + remembered), to)) {
    const name = targetOf(up);
    if (scrapes.has(name))
      throw new PrometheusProblem(`target ${name} is scraped by more than one Prometheus: ask an endpoint that leaves out duplicates`);
    scrapes.set(name, up);
  }
  return [...byTarget].map(([name, own]) => ({
    name,
    scrapes: scrapes.get(name)?.samples ?? [],
    total: own.filter(({ total }) => total).map(({ series }) => series.samples),
    good: own.filter(({ good }) => good).map(({ series }) => series.samples),
  }));
}

function targetOf({ labels }: Series): string {
  const { job, instance } = labels;
  if (job === undefined || instance === undefined)
    throw new PrometheusProblem(
      "the counters have no labels job and instance, so nobody can tell whether a scrape is missing: name the ones that are scraped",
    );
  return `${job} ${instance}`;
}

function valuesOf(counters: readonly Counter[], label: string): readonly string[] {
  return [...new Set(counters.map(({ series }) => series.labels[label] ?? ""))];
}
