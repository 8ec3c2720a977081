import { expect, test } from "vitest";
import { digestSchema } from "#domain/model/names.ts";
import { type Backend, type Exposure, notLiveBecause } from "#domain/rollout/exposure.ts";

const candidate = digestSchema.parse(`sha256:${"c".repeat(64)}`);
const stable = digestSchema.parse(`sha256:${"a".repeat(64)}`);

function seen(mine: Partial<Backend> | null = {}, theirs: Partial<Backend> = {}, accepted = true): Exposure {
  const other = { digest: stable, weight: 95, ready: 2, wanted: 2, ...theirs };
  const backends = mine === null ? [other] : [other, { digest: candidate, weight: 5, ready: 1, wanted: 1, ...mine }];
  return { kind: "seen", accepted, backends };
}

test.each<readonly [string, Exposure, string | undefined]>([
  ["served at its weight by ready replicas is live", seen(), undefined],
  ["more replicas than wanted are enough", seen({ ready: 3 }), undefined],
  ["an API that cannot be read shows nothing", { kind: "unknown", reason: "503" }, "the cluster could not be read: 503"],
  ["a route that the gateway has not taken", seen({}, {}, false), "the gateway has not taken the newest route"],
  ["a route without the candidate", seen(null), "the route does not know the candidate yet"],
  ["a lower weight than the one in Git", seen({ weight: 4 }), "the cluster still serves the candidate at 4 %"],
  ["a higher weight than the one in Git", seen({ weight: 6 }), "the cluster still serves the candidate at 6 %"],
  ["one replica too few of the candidate", seen({ wanted: 2 }), "1 of 2 replicas of cccccccccccc are ready"],
  ["one replica too few of the version beside it", seen({}, { ready: 1 }), "1 of 2 replicas of aaaaaaaaaaaa are ready"],
  ["replicas of a version that serves nobody do not count", seen({}, { weight: 0, ready: 0 }), undefined],
])("%s", (_, exposure, because) => {
  expect(notLiveBecause(exposure, candidate, { weight: 5, mirror: null, delegated: false })).toBe(because);
});

test.each<readonly [string, number, string | undefined]>([
  ["behind the step", 4, "the cluster still serves the candidate at 4 %"],
  ["at the step", 5, undefined],
  ["ahead of it", 25, undefined],
])("a controller that is %s", (_, weight, because) => {
  expect(notLiveBecause(seen({ weight }), candidate, { weight: 5, mirror: null, delegated: true })).toBe(because);
});

test.each<readonly [string, Partial<Backend>, string | undefined]>([
  ["gets its copies", { weight: 0, mirrored: 100 }, undefined],
  ["gets no copies", { weight: 0 }, "the cluster copies 0 % of the requests to the candidate"],
  ["gets fewer copies", { weight: 0, mirrored: 10 }, "the cluster copies 10 % of the requests to the candidate"],
  ["is not ready for them", { weight: 0, mirrored: 100, ready: 0 }, "0 of 1 replicas of cccccccccccc are ready"],
])("a shadow that %s", (_, mine, because) => {
  expect(notLiveBecause(seen(mine, { weight: 100 }), candidate, { weight: 0, mirror: 100, delegated: false })).toBe(because);
});
