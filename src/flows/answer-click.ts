import { executedAnswer, outdatedAnswer, startedAnswer } from "#domain/command/answers.ts";
import type { CommentSituation } from "#domain/command/deploy-request.ts";
import { type AskedTrigger, printTrigger } from "#domain/command/trigger.ts";
import { type CommitSha, type Login, short } from "#domain/model/names.ts";
import { type Answer, answerView } from "#domain/report/answer-view.ts";
import { type CheckAction, checkActions, labelOf, newestAttempt, verbOf } from "#domain/report/check-actions.ts";
import { judgePullRequest } from "#domain/report/judge-pull-request.ts";
import type { PullRequestFacts } from "#ports/model-repository.ts";
import { answerCommand } from "./answer-command.ts";
import { answerDeploy } from "./answer-deploy.ts";
import { evaluateAgain } from "./answer-evaluate.ts";
import { type HeadReading, readHead } from "./read-head.ts";
import { templateOverrides } from "./release-change.ts";
import { releaseStartedBy } from "./started-release.ts";
import type { ModelWorld, World } from "./world.ts";

/** A button of our check that somebody clicked. GitHub tells it once, signed, and keeps no list of clicks. */
export interface Click {
  readonly check: number;
  readonly head: CommitSha;
  /** The button's identifier. */
  readonly action: string;
  readonly by: Login;
  /** The pull requests that GitHub names; it names none of a fork. */
  readonly pullRequests: readonly number[];
}

/**
 * Carries out a click, once for each check, button and person, by the handlers of the comments. Nothing tells a click from its redelivery, and
 * nothing needs to: what it changes carries the check and the button, whose identifier is of all that it was offered on. A lost click is clicked
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
  world.log.info("answered a command", { check: click.check, command: verbOf(click.action), outcome: answer.kind });
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
  const reading = await readHead(world, models, pull, pull.head);
  const line = lineOf(click);
  const trigger = triggerOf(click);
  const offered = offeredBy(click, reading, pull);
  if (offered === undefined) return (await carriedOutBefore(world, trigger, line)) ?? outdatedAnswer(line);
  const { command } = offered;
  const asked = {
    trigger,
    current: async () => situation(world, click),
    pull,
    line,
    typed: offered.typed,
    outdated: (now: HeadReading, then: PullRequestFacts) => offeredBy(click, now, then) === undefined,
  };
  switch (command.kind) {
    case "deploy":
    case "promote":
      return answerDeploy(world, models, { ...asked, command });
    case "approve":
    case "rollback":
      return answerCommand(world, models, { ...asked, command });
    case "evaluate":
      return evaluateAgain(world, models, {
        current: async () => ({ by: "button", author: click.by, newest: newestAttempt(reading.facts) }),
        pull,
        line,
        typed: offered.typed,
        command,
      });
  }
}

/** The button as the head's check would show it now; undefined when it would not. */
function offeredBy({ action }: Click, { facts, snapshot }: HeadReading, pull: PullRequestFacts): CheckAction | undefined {
  return checkActions(judgePullRequest(facts), facts, { pull, snapshot }).find(({ identifier }) => identifier === action);
}

/** A button goes when its work is done: Slipway may have died before it could say so. */
async function carriedOutBefore(world: World, trigger: AskedTrigger, line: string): Promise<Answer | undefined> {
  const [executed] = await world.environments.history({ limit: 1, trailer: "Slipway-Command", value: printTrigger(trigger) });
  if (executed === undefined) return undefined;
  const started = await releaseStartedBy(world, await world.environments.snapshot(), executed);
  return started === undefined ? executedAnswer(line, executed) : startedAnswer(line, started);
}

/** Two people who approve are two; two who start, or take back, the same release are one. */
function triggerOf({ check, action, by }: Click): AskedTrigger {
  return { kind: "button", check, action, ...(verbOf(action) === "approve" && { by }) };
}

/** A click has no time of its own; what it is bound to is the button. */
function situation({ clock }: World, { by }: Click): CommentSituation {
  const now = clock.now();
  return { author: by, byBot: false, createdAt: now, updatedAt: now };
}

function lineOf({ by, head, action }: Click): string {
  return `${by} clicked "${labelOf(action)}" on the check of ${short(head)}`;
}
