import type { MergedPullRequest, MergeGroup, Merges } from "#ports/merges.ts";

export interface FakeMerges extends Merges {
  /** Somebody merged it. */
  merged(pull: MergedPullRequest): void;
  /** The merge queue made this group. */
  queue(group: MergeGroup): void;
  /** The groups of a pull request are gone: it was merged, or taken out. */
  unqueue(pullRequest: number): void;
}

export function fakeMerges(): FakeMerges {
  const all: MergedPullRequest[] = [];
  let groups: readonly MergeGroup[] = [];
  return {
    queued: async () => groups,
    queue(group) {
      groups = [...groups, group];
    },
    unqueue(pullRequest) {
      groups = groups.filter((group) => group.pullRequest !== pullRequest);
    },
    since: async (moment) => all.filter(({ at }) => at >= moment).toSorted((a, b) => (a.at < b.at ? 1 : -1)),
    merged: (pull) => void all.push(pull),
  };
}
