import { evaluateAnswer } from "#domain/command/answers.ts";
import { decideEvaluate, type EvaluateAsked, type EvaluateDecision } from "#domain/command/decide-evaluate.ts";
import type { EvaluateCommand } from "#domain/command/evaluate.ts";
import { refusedAnswer } from "#domain/command/refusal-reasons.ts";
import type { Answer } from "#domain/report/answer-view.ts";
import type { CommentFacts } from "#ports/conversation.ts";
import type { PullRequestFacts } from "#ports/model-repository.ts";
import { personOf } from "./person-of.ts";
import { readHead } from "./read-head.ts";
import { commentDeleted } from "./refusals.ts";
import type { ModelWorld, World } from "./world.ts";

/** A repeated evaluation as a comment asked for it. */
export interface AskedEvaluate {
  readonly comment: CommentFacts;
  readonly pull: PullRequestFacts;
  readonly line: string;
  readonly command: EvaluateCommand;
}

/** A repeated evaluation, whoever asked for it and how. */
export interface TriggeredEvaluate {
  /** As it is now; undefined when it is gone. */
  readonly current: () => Promise<(EvaluateAsked & { readonly author: string }) | undefined>;
  readonly pull: PullRequestFacts;
  readonly line: string;
  readonly typed?: string;
  readonly command: EvaluateCommand;
}

export async function answerEvaluate(world: World, models: ModelWorld, asked: AskedEvaluate): Promise<Answer> {
  const current = async () => {
    const comment = await models.conversation.comment(asked.comment.id);
    return comment && { by: "comment" as const, ...comment };
  };
  return evaluateAgain(world, models, { ...asked, current });
}

/**
 * Runs the head's trusted run again, once for a comment or a button. Git need not know of it: GitHub dates and numbers attempts itself, so an
 * attempt that is younger than what asked for it says that it was carried out, by this process, one that died, or another replica.
 */
export async function evaluateAgain(world: World, models: ModelWorld, asked: TriggeredEvaluate): Promise<Answer> {
  const decision = await decided(world, models, asked);
  if (decision === "comment-gone") return refusedAnswer(asked, commentDeleted);
  if (decision.kind !== "run-again") return evaluateAnswer(asked, decision);

  const outcome = await models.runs.repeat(decision.run);
  if (outcome.kind === "started") return evaluateAnswer(asked, decision);
  // Another replica, or a person, may have been faster.
  const after = await decided(world, models, asked);
  if (after !== "comment-gone" && after.kind === "running") return evaluateAnswer(asked, after);
  return refusedAnswer(asked, {
    code: "rerun-refused",
    message: `GitHub does not run it again: ${outcome.message}. Push, or run it again there.`,
  });
}

async function decided(world: World, models: ModelWorld, asked: TriggeredEvaluate): Promise<EvaluateDecision | "comment-gone"> {
  const pull = (await models.repository.pullRequest(asked.pull.number)) ?? asked.pull;
  const current = await asked.current();
  if (current === undefined) return "comment-gone";
  const [reading, runs] = await Promise.all([readHead(world, models, pull, pull.head), models.runs.listed(pull.head)]);
  const person = await personOf(models, reading, current.author, null);

  return decideEvaluate({
    command: asked.command,
    asked: current,
    now: world.clock.now(),
    person,
    repository: reading.repository,
    pullRequest: pull,
    changesModel: reading.facts.models.length > 0,
    runs,
    snapshot: reading.snapshot,
  });
}
