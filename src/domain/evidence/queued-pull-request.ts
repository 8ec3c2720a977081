/** GitHub's own name of a merge group's branch; nobody else can write below `gh-readonly-queue/`. */
const queueBranch = /^refs\/heads\/gh-readonly-queue\/.+\/pr-(\d{1,9})-[0-9a-f]{40}$/;

/** The pull request that a merge group adds to the ones ahead of it, by the name of the group's branch; undefined when it is no group's. */
export function queuedPullRequest(ref: string): number | undefined {
  const [, number] = queueBranch.exec(ref) ?? [];
  return number === undefined ? undefined : Number(number);
}
