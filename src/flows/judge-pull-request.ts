import type { Look } from "#domain/evidence/look.ts";
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
  const [{ facts, snapshot }, all] = await Promise.all([readHead(world, models, pull, pull.head), allLooks(world)]);

  const judgement = judgePullRequest({ ...facts, looks: { ...facts.looks, all } });

  const overrides = templateOverrides(snapshot);
  const { title, state } = checkView(judgement);
  const summary = fittingText((limits) => world.templates.render("check.md", checkView(judgement, limits).summary, overrides));
  await models.reports.check({ head: pull.head, title, summary, state });
  if (judgement.models.length > 0) {
    const policy = facts.policy.kind === "ok" ? facts.policy.value : undefined;
    const body = fittingText((limits) => world.templates.render("comment.md", commentView(judgement, policy, limits), overrides));
    await models.reports.comment(number, body);
  }
  return judgement;
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
