import type { ReleaseRecord } from "#domain/rollout/release.ts";
import { type CommitView, startedBy } from "./commit-view.ts";
import { type Known, policyIn } from "./rule.ts";
import type { GitHubComment } from "./shown-on-github.ts";

/** Commands older than this are answered, not executed; a clock may be wrong by the simulation's skew. */
const commandLifetime = 30 * 60_000 + 2_000;

export function obeysWrongly(view: CommitView, known: Known): string | undefined {
  for (const record of startedBy(view)) {
    const wrong = wrongTrigger(record, view, known) ?? wrongHead(record, view, known);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function wrongTrigger({ trigger, pullRequest }: ReleaseRecord, view: CommitView, known: Known): string | undefined {
  const { world, people } = known;
  const policy = policyIn(world, view);
  if ("command" in trigger) {
    const comment = world.github.comment(trigger.command);
    if (comment === undefined) return `comment ${trigger.command} is gone`;
    if (comment.pull !== pullRequest.number) return `comment ${comment.id} is on another pull request`;
    return wrongComment(comment, view, known);
  }
  if ("button" in trigger) {
    const { check, action } = trigger.button;
    const click = people.clicks().find((one) => one.check === check && one.action === action && one.by === trigger.by);
    if (click === undefined) return `${trigger.by} clicked no such button`;
    if (click.pull !== pullRequest.number || click.head !== pullRequest.head) return `the button is of ${click.head} on #${click.pull}`;
    return policy?.deployers.includes(click.by) === true ? undefined : `${click.by} may not`;
  }
  const merge = people.merges().find(({ commit }) => commit === trigger.merge);
  if (merge === undefined || merge.pull !== pullRequest.number) return `#${pullRequest.number} was not merged as ${trigger.merge}`;
  if (merge !== people.merges().at(-1)) return `#${merge.pull} is not the newest merge`;
  return merge.underPolicy.onMerge && policy?.onMerge === true ? undefined : "the policy lets no merge release by itself";
}

function wrongComment(comment: GitHubComment, view: CommitView, { world, people }: Known): string | undefined {
  if (comment.updatedAt !== comment.createdAt) return `comment ${comment.id} was edited`;
  if (Date.parse(world.clock.now()) - Date.parse(comment.createdAt) > commandLifetime) return `comment ${comment.id} is too old`;
  if (policyIn(world, view)?.deployers.includes(comment.author) !== true) return `${comment.author} may not`;
  if (comment.body.startsWith("/slipway promote")) return undefined;
  const head = people.pull(comment.pull)?.head;
  const [, named] = /@([0-9a-f]{7,40})/.exec(comment.body) ?? [];
  return (named === undefined ? view.environment === world.names.at(-1) : head?.startsWith(named) !== true)
    ? `${comment.body} does not name ${head}`
    : undefined;
}

function wrongHead({ pullRequest, candidate }: ReleaseRecord, view: CommitView, { world, people }: Known): string | undefined {
  const pull = people.pull(pullRequest.number);
  if (pull === undefined) return `there is no pull request ${pullRequest.number}`;
  const named = `pull request ${pull.number}`;
  if (pull.state === "closed") return `${named} is closed`;
  if (pull.fork) return `${named} is from a fork`;
  if (pull.draft) return `${named} is a draft`;
  if (pull.base !== "main") return `${named} goes into ${pull.base}`;
  if (pull.state !== "merged" && policyIn(world, view)?.onMerge === true) return `${named} is not merged`;
  if (pull.head !== pullRequest.head) return `the head is ${pull.head}, released was ${pullRequest.head}`;
  if (pull.digest !== candidate.digest) return `the head proposes ${pull.digest}, released was ${candidate.digest}`;
  return undefined;
}

/** A signed run of the head passed; or one was signed, and as many people as the policy says set its gate aside. */
export function restsOnNothing(view: CommitView, { world, people, ledger }: Known): string | undefined {
  const policy = policyIn(world, view);
  for (const { pullRequest, candidate } of startedBy(view)) {
    if (people.passed(pullRequest.head)) continue;
    const author = people.pull(pullRequest.number)?.author ?? "";
    const environment = world.names[0] ?? view.environment;
    const aside =
      policy === undefined || policy.overrides === 0
        ? false
        : ledger.consents.people({ of: "override", environment, digest: candidate.digest, policy }, author) >= policy.overrides;
    if (!aside || !people.measured(pullRequest.head)) return `no signed run of ${pullRequest.head} passed`;
  }
  return undefined;
}

export function unapproved(view: CommitView, { world, people, ledger }: Known): string | undefined {
  const policy = policyIn(world, view);
  if (policy === undefined || policy.approvals === 0 || view.environment !== world.names.at(-1)) return undefined;
  for (const { pullRequest, candidate } of startedBy(view)) {
    const author = people.pull(pullRequest.number)?.author ?? "";
    const given = ledger.consents.people({ of: "approve", environment: view.environment, digest: candidate.digest, policy }, author);
    if (given < policy.approvals) return `${given} of ${policy.approvals} approved ${candidate.version}`;
  }
  return undefined;
}
