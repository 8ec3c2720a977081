import { checkView } from "#domain/report/check-view.ts";
import { fittingText } from "#domain/report/fitting-text.ts";
import { judgePullRequest } from "#domain/report/judge-pull-request.ts";
import type { PullRequestJudgement } from "#domain/report/judgement.ts";
import type { MergeGroup } from "#ports/merges.ts";
import { readHead } from "./read-head.ts";
import { templateOverrides } from "./release-change.ts";
import type { ModelWorld, World } from "./world.ts";

/**
 * Makes the check of each merge group that waits in the merge queue. A group adds one pull request to those ahead of it, which have groups and
 * checks of their own; it passes when that pull request's head passes under today's rules, and, if the group's own head was evaluated, that too.
 */
export async function judgeMergeGroups(world: World, models: ModelWorld): Promise<void> {
  for (const group of await models.merges.queued()) await judgeGroup(world, models, group);
}

async function judgeGroup(world: World, models: ModelWorld, { head, pullRequest }: MergeGroup): Promise<void> {
  const pull = await models.repository.pullRequest(pullRequest);
  if (pull === undefined) return;
  const ofPull = await readHead(world, models, pull, pull.head);
  const measured = ofPull.evaluations.some(({ sha }) => sha === head);
  const readings = measured ? [ofPull, await readHead(world, models, pull, head)] : [ofPull];

  const judgements = readings.map(({ facts }) => judgePullRequest(facts));
  const judgement = judgements.find((each) => !passes(each)) ?? judgements.at(-1);
  if (judgement === undefined) return;

  const overrides = templateOverrides(ofPull.snapshot);
  const { title, state } = checkView(judgement);
  const summary = fittingText((limits) => world.templates.render("check.md", checkView(judgement, limits).summary, overrides));
  await models.reports.check({ head, title: `#${pullRequest}: ${title}`.slice(0, longestTitle).toWellFormed(), summary, state });
}

/** What fits into GitHub's list of checks. */
const longestTitle = 255;

function passes(judgement: PullRequestJudgement): boolean {
  const { state } = checkView(judgement);
  return state.kind === "completed" && state.conclusion === "success";
}
