import type { MergedPullRequest, MergeGroup, Merges } from "#ports/merges.ts";

export interface FakeMerges extends Merges {
  /** Somebody merged it. */
  merged(pull: MergedPullRequest): void;
  /** The merge queue made this group. */
  queue(group: MergeGroup): void;
}

export function fakeMerges(): FakeMerges {
  const all: MergedPullRequest[] = [];
  const groups: MergeGroup[] = [];
  return {
    queued: async () => groups,
    queue: (group) => void groups.push(group),
    since: async (moment) => all.filter(({ at }) => at >= moment).toSorted((a, b) => (a.at < b.at ? 1 : -1)),
    merged: (pull) => void all.push(pull),
  };
}
