import type { Sample } from "./client.ts";

/** From (included) to (excluded), milliseconds since the epoch. */
export type Moments = { readonly from: number; readonly to: number };

/** What one target told: when Prometheus scraped it (`up`), and its counters of all requests and of the good ones. */
export type Scraped = {
  readonly name: string;
  readonly scrapes: readonly Sample[];
  readonly total: readonly (readonly Sample[])[];
  readonly good: readonly (readonly Sample[])[];
};

/** Requests by the scrape that first saw them. */
export type Growth = ReadonlyMap<number, number>;

/**
 * A request belongs to the scrape that first saw it, so stretches side by side hold together what the whole holds. Per counter and scrape:
 *
 *     value - value before            it counted on
 *     value                           it began anew (it fell), or was born while its target was scraped already
 *     0                               its target is new to Prometheus: what it counted before belongs to no scrape
 */
export function growthOf(
  counters: readonly (readonly Sample[])[],
  scrapes: readonly Sample[],
  { from, to }: Moments,
  longestPause: number,
): Growth {
  // Counters were read from one pause before the stretch on: what was scraped earlier says nothing of when they were born.
  const seen = successesOf(scrapes).filter((at) => at >= from - longestPause);
  const growth = new Map<number, number>();
  for (const counter of counters) {
    let before: Sample | undefined;
    for (const sample of counter) {
      if (sample.at >= to) break;
      if (sample.at >= from) growth.set(sample.at, (growth.get(sample.at) ?? 0) + growthSince(before, sample, seen, longestPause));
      before = sample;
    }
  }
  return growth;
}

function growthSince(before: Sample | undefined, sample: Sample, seen: readonly number[], longestPause: number): number {
  if (before === undefined) return (seen[0] ?? Number.POSITIVE_INFINITY) < sample.at ? sample.value : 0;
  const wasGone = sample.at - before.at > longestPause && seen.some((at) => at > before.at && at < sample.at);
  return wasGone || sample.value < before.value ? sample.value : sample.value - before.value;
}

/** Why a target was not watched over the whole stretch, or undefined. Requests that nobody saw are neither good nor bad. */
export function gapIn({ name, scrapes }: Scraped, { from, to }: Moments, longestPause: number): string | undefined {
  const known = scrapes.filter(({ at }) => at < to);
  const [first] = known;
  if (first === undefined) return `target ${name} has counters, and no \`up\` in this window that says when it was scraped`;
  // A target that fails its first scrapes is one that starts; it may take no longer than a pause.
  const points = [first.at, ...successesOf(known)];
  for (const [index, at] of points.entries()) {
    const next = points[index + 1] ?? to;
    if (next - at <= longestPause || next <= from) continue;
    return next === to
      ? `target ${name} vanished: its last scrape that succeeded was at ${timeOf(at)}`
      : `target ${name} was not scraped with success between ${timeOf(at)} and ${timeOf(next)}`;
  }
  return undefined;
}

/** Whether Prometheus scraped the target before the stretch began. */
export function wasKnown({ scrapes }: Scraped, { from }: Moments): boolean {
  return (scrapes[0]?.at ?? Number.POSITIVE_INFINITY) <= from;
}

function successesOf(scrapes: readonly Sample[]): readonly number[] {
  return scrapes.filter(({ value }) => value === 1).map(({ at }) => at);
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
