import { addMilliseconds } from "#domain/model/time.ts";
import type { PullRequestFacts } from "#ports/model-repository.ts";
import { acceptEvidence } from "./accept-evidence.ts";
import { answerComment } from "./answer-comment.ts";
import { endClosedReleases } from "./end-closed-releases.ts";
import { freeClosedLocks } from "./free-closed-locks.ts";
import { judgeMergeGroups } from "./judge-merge-groups.ts";
import { judgePullRequestHead } from "./judge-pull-request.ts";
import { proposeRemovals } from "./propose-removal.ts";
import { releaseMerged } from "./release-merged.ts";
import type { ModelWorld, World } from "./world.ts";

/** A command older than this is answered, not executed; looking back further finds nothing to do (invariant 1). */
const lookBack = 35 * 60_000;

/** Some of a repository could not be looked at; the rest was. */
class ResyncIncomplete extends AggregateError {
  override readonly name = "ResyncIncomplete";
}

/**
 * Does for a model repository whatever a lost webhook would have asked for: takes in evidence, judges heads, answers comments, ends
 * releases and locks of closed pull requests. What
 * fails of one pull request or comment does not keep the others waiting: anyone may open one.
 */
export async function resyncModels(world: World, models: ModelWorld): Promise<void> {
  const failures: unknown[] = [];
  const attempt = (run: Promise<unknown>) => run.catch((error: unknown) => void failures.push(error));

  await attempt(endClosedReleases(world, models));
  await attempt(freeClosedLocks(world, models));
  await attempt(releaseMerged(world, models));
  await attempt(proposeRemovals(world));
  for (const pull of await models.repository.openPullRequests()) {
    await attempt(takeInRuns(world, models, pull));
    await attempt(judgePullRequestHead(world, models, pull.number));
  }
  await attempt(judgeMergeGroups(world, models));
  const comments = await models.conversation.since(addMilliseconds(world.clock.now(), -lookBack));
  for (const comment of comments) await attempt(answerComment(world, models, comment.id));
  if (failures.length > 0) throw new ResyncIncomplete(failures, `${failures.length} of a resync failed, first: ${String(failures[0])}`);
}

/** Takes in the evidence of every completed run of the head that the log does not hold and that was not just refused. */
async function takeInRuns(world: World, models: ModelWorld, pull: PullRequestFacts): Promise<void> {
  const runs = await models.runs.ofHead(pull.head);
  if (runs.length === 0) return;
  const { id } = await models.repository.about();
  const known = new Set((await world.evidence.read(id, pull.number)).map(({ accepted }) => `${accepted.run.id}-${accepted.run.attempt}`));
  for (const { id: run, attempt } of runs)
    if (!known.has(`${run}-${attempt}`) && !models.refused.wasJustRefused(run, attempt, world.clock.now()))
      await acceptEvidence(world, models, run, attempt);
}
