import type { MergedPullRequest, Merges } from "#ports/merges.ts";

export interface FakeMerges extends Merges {
  /** Somebody merged it. */
  merged(pull: MergedPullRequest): void;
}

export function fakeMerges(): FakeMerges {
  const all: MergedPullRequest[] = [];
  return {
    since: async (moment) => all.filter(({ at }) => at >= moment).toSorted((a, b) => (a.at < b.at ? 1 : -1)),
    merged: (pull) => void all.push(pull),
  };
}
