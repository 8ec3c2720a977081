import type { Look } from "#domain/evidence/look.ts";
import type { CommitSha } from "#domain/model/names.ts";
import { blockedBy } from "#domain/report/blocked.ts";
import { checkActions } from "#domain/report/check-actions.ts";
import { checkView } from "#domain/report/check-view.ts";
import { commentView } from "#domain/report/comment-view.ts";
import { fittingText } from "#domain/report/fitting-text.ts";
import { judgePullRequest } from "#domain/report/judge-pull-request.ts";
import type { PullRequestJudgement } from "#domain/report/judgement.ts";
import { readHead } from "./read-head.ts";
import { templateOverrides } from "./release-change.ts";
import type { ModelWorld, World } from "./world.ts";

/** Judges a pull request's head on the recorded evidence and makes its check and its comment say so. */
export async function judgePullRequestHead(world: World, models: ModelWorld, number: number): Promise<PullRequestJudgement | undefined> {
  const pull = await models.repository.pullRequest(number);
  if (pull === undefined || pull.state === "closed") return undefined;
  const read = readHead(world, models, pull, pull.head).catch((error: unknown) => tellBlocked(world, models, pull.head, error));
  const [{ facts, snapshot }, all] = await Promise.all([read, allLooks(world)]);

  const judgement = judgePullRequest({ ...facts, looks: { ...facts.looks, all } });

  const overrides = templateOverrides(snapshot);
  const { title, state } = checkView(judgement);
  const summary = fittingText((limits) => world.templates.render("check.md", checkView(judgement, limits).summary, overrides));
  const policy = facts.policy.kind === "ok" ? facts.policy.value : undefined;
  const body = fittingText((limits) => world.templates.render("comment.md", commentView(judgement, policy, limits), overrides));

  // The check counts and the comment explains: written before it, a comment that is refused can be missed in the check by name.
  const commentFailed = judgement.models.length === 0 ? undefined : await failureOf(models.reports.comment(pull.number, body));
  const blocked = blockedBy(commentFailed);
  await models.reports.check({
    head: pull.head,
    title,
    summary: blocked === undefined ? summary : `${blocked.summary}\n\n${summary}`,
    state,
    actions: checkActions(judgement, facts, { pull, snapshot }),
  });
  if (commentFailed !== undefined) throw commentFailed;
  world.log.info("judged a head", { pullRequest: pull.number, head: pull.head, verdict: judgement.verdict });
  return judgement;
}

async function failureOf(written: Promise<void>): Promise<unknown> {
  try {
    await written;
    return undefined;
  } catch (error) {
    return error;
  }
}

/** A head that cannot be read for want of a permission fails its check, which says so; where that cannot be written either, the log does. */
async function tellBlocked({ log }: World, { reports }: ModelWorld, head: CommitSha, error: unknown): Promise<never> {
  const blocked = blockedBy(error);
  if (blocked !== undefined) {
    const failure = await failureOf(reports.check({ head, ...blocked, state: { kind: "completed", conclusion: "failure" } }));
    if (failure !== undefined) log.warn("a check could not say what is missing", { head, needs: blocked.title, error: String(failure) });
  }
  throw error;
}

/** Only told, never judged by: what cannot be counted keeps no pull request waiting. */
async function allLooks({ evidence, log }: World): Promise<readonly Look[] | null> {
  try {
    return await evidence.looks();
  } catch (error) {
    log.warn("looks not counted", { error: String(error) });
    return null;
  }
}
