import type { CommentSituation } from "#domain/command/deploy-request.ts";
import { type CommitSha, short } from "#domain/model/names.ts";
import { type Answer, answerView } from "#domain/report/answer-view.ts";
import { type CheckAction, checkActions, newestAttempt } from "#domain/report/check-actions.ts";
import { judgePullRequest } from "#domain/report/judge-pull-request.ts";
import type { PullRequestFacts } from "#ports/model-repository.ts";
import { startDeploy } from "./answer-deploy.ts";
import { evaluateAgain } from "./answer-evaluate.ts";
import { readHead } from "./read-head.ts";
import { templateOverrides } from "./release-change.ts";
import type { ModelWorld, World } from "./world.ts";

/** A button of our check that somebody clicked. GitHub tells it once, signed, and keeps no list of clicks. */
export interface Click {
  readonly check: number;
  readonly head: CommitSha;
  /** The button's identifier. */
  readonly action: string;
  readonly by: string;
  /** The pull requests that GitHub names; it names none of a fork. */
  readonly pullRequests: readonly number[];
}

/**
 * Carries out a click, once for each check, button and person. Nothing tells a click from its redelivery, and nothing needs to: what is started
 * has its id from the check and the button, whose identifier is of the evidence and the policy that it was offered on. A lost click is clicked
 * again by whoever made it; one that was refused is not reconsidered, and its answer names the line to type.
 */
export async function answerClick(world: World, models: ModelWorld, click: Click): Promise<void> {
  const pull = await pullOf(models, click);
  if (pull === undefined) {
    world.log.info("a click on a check that is no open pull request's head", {
      check: click.check,
      head: click.head,
      action: click.action,
    });
    return;
  }
  const place = { pullRequest: pull.number, id: `check ${click.check} ${click.action} ${click.by}` };
  if (await models.conversation.answered(place)) return;

  const answer = await carriedOut(world, models, click, pull);

  const overrides = templateOverrides(await world.environments.snapshot());
  await models.conversation.answer(place, world.templates.render("answer.md", answerView(answer), overrides));
}

/** The one open pull request whose head the check is of, as GitHub says now. */
async function pullOf({ repository }: ModelWorld, { head, pullRequests }: Click): Promise<PullRequestFacts | undefined> {
  const named = await Promise.all(pullRequests.map((number) => repository.pullRequest(number)));
  const candidates = pullRequests.length > 0 ? named : await repository.openPullRequests();
  const isOfHead = (pull: PullRequestFacts | undefined): boolean => pull?.state === "open" && pull.head === head;
  const first = candidates.find(isOfHead);
  return candidates.some((other) => other !== first && isOfHead(other)) ? undefined : first;
}

async function carriedOut(world: World, models: ModelWorld, click: Click, pull: PullRequestFacts): Promise<Answer> {
  const { facts } = await readHead(world, models, pull, pull.head);
  const offered = checkActions(judgePullRequest(facts), facts, pull).find(({ identifier }) => identifier === click.action);
  if (offered === undefined) {
    return {
      command: `${click.by} clicked a button on the check of ${short(click.head)}`,
      kind: "refused",
      sentence:
        "What the button was offered on has changed since: the evidence, the version or the policy. Look at the check as it is now.",
      next: "/slipway status",
    };
  }
  const line = lineOf(click, offered);
  const { command } = offered;
  switch (command.kind) {
    case "deploy":
    case "promote":
      return startDeploy(world, models, {
        trigger: { kind: "button", check: click.check, action: click.action },
        current: async () => situation(world, click),
        pull,
        line,
        command,
      });
    case "evaluate":
      return evaluateAgain(world, models, {
        current: async () => ({ by: "button", author: click.by, newest: newestAttempt(facts) }),
        pull,
        line,
        command,
      });
  }
}

/** A click has no time of its own; what it is bound to is the button. */
function situation({ clock }: World, { by }: Click): CommentSituation {
  const now = clock.now();
  return { author: by, byBot: false, createdAt: now, updatedAt: now };
}

function lineOf({ by, head }: Click, { label }: CheckAction): string {
  return `${by} clicked "${label}" on the check of ${short(head)}`;
}
