import { evaluateAnswer } from "#domain/command/answers.ts";
import { decideEvaluate, type EvaluateDecision } from "#domain/command/decide-evaluate.ts";
import type { EvaluateCommand } from "#domain/command/evaluate.ts";
import type { Answer } from "#domain/report/answer-view.ts";
import type { CommentFacts } from "#ports/conversation.ts";
import type { PullRequestFacts } from "#ports/model-repository.ts";
import { personOf } from "./person-of.ts";
import { readHead } from "./read-head.ts";
import type { ModelWorld, World } from "./world.ts";

/** A repeated evaluation as it was asked for. */
export interface AskedEvaluate {
  readonly comment: CommentFacts;
  readonly pull: PullRequestFacts;
  readonly line: string;
  readonly command: EvaluateCommand;
}

/**
 * Runs the head's trusted run again, once for a comment. Git need not know of it: GitHub dates attempts itself, so an attempt that is younger
 * than the comment says that it was carried out, by this process, one that died, or another replica.
 */
export async function answerEvaluate(world: World, models: ModelWorld, asked: AskedEvaluate): Promise<Answer> {
  const decision = await decided(world, models, asked);
  if (decision === "comment-gone")
    return { command: asked.line, kind: "refused", sentence: "The comment was deleted, so it was not executed." };
  if (decision.kind !== "run-again") return evaluateAnswer(asked.line, decision);

  const outcome = await models.runs.repeat(decision.run);
  if (outcome.kind === "started") return evaluateAnswer(asked.line, decision);
  // Another replica, or a person, may have been faster.
  const after = await decided(world, models, asked);
  if (after !== "comment-gone" && after.kind === "running") return evaluateAnswer(asked.line, after);
  return {
    command: asked.line,
    kind: "refused",
    sentence: `GitHub does not run it again: ${outcome.message}. Push, or run it again there.`,
  };
}

async function decided(world: World, models: ModelWorld, asked: AskedEvaluate): Promise<EvaluateDecision | "comment-gone"> {
  const pull = (await models.repository.pullRequest(asked.pull.number)) ?? asked.pull;
  const comment = await models.conversation.comment(asked.comment.id);
  if (comment === undefined) return "comment-gone";
  const [reading, runs] = await Promise.all([readHead(world, models, pull, pull.head), models.runs.listed(pull.head)]);
  const person = await personOf(models, reading, comment.author, null);

  return decideEvaluate({
    command: asked.command,
    comment,
    now: world.clock.now(),
    person,
    repository: reading.repository,
    pullRequest: pull,
    changesModel: reading.facts.models.length > 0,
    runs,
    snapshot: reading.snapshot,
  });
}
