import { expect, test } from "vitest";
import { digestSchema, environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import { measureRelease } from "#flows/measure-release.ts";
import type { Metrics } from "#ports/metrics.ts";
import { at, candidate, openRelease, plan } from "#test/support/builders.ts";
import { fakeMetrics } from "#test/support/fakes/metrics.ts";

const release = {
  environment: environmentNameSchema.parse("production"),
  model: modelNameSchema.parse("search-ranker"),
  open: openRelease(),
  plan: plan(),
};
const bad = fakeMetrics();
bad.serve(digestSchema.parse(candidate.digest), { perSecond: 100, goodShare: 0.1 });

test("harm that is proven is seen also when nobody can say when it began", async () => {
  const { observations, told } = await measured({ ...bad, firstBad: () => Promise.reject(new Error("too many series")) });
  expect(observations.looks[0]?.map(({ verdict }) => verdict)).toEqual(["fail"]);
  expect(observations.firstBad).toBeNull();
  expect(told).toEqual(["the first bad request could not be found"]);
});

test("what cannot be counted is an error, for that window alone", async () => {
  const { observations, told } = await measured({
    ...bad,
    count: (query) => (query.from === at(1000) ? Promise.reject(new Error("a scrape is missing")) : bad.count(query)),
  });
  expect(observations.looks[0]).toMatchObject([{ verdict: "error", good: 0, total: 0, lower: null }]);
  expect(observations.burnRates).toMatchObject([{ verdict: "fail" }]);
  expect(told).toEqual(["an objective could not be measured"]);
});

async function measured(metrics: Metrics) {
  const told: string[] = [];
  const log = { info: () => {}, warn: (event: string) => void told.push(event) };
  // Late enough for one look; the last window's stretch begins later than the look's.
  return { observations: await measureRelease({ metrics, log }, release, at(4000)), told };
}
