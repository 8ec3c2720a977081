import { helpAnswer, misunderstoodAnswer } from "#domain/command/answers.ts";
import { type ParsedLine, parseComment } from "#domain/command/parse-comment.ts";
import { type Answer, answerView } from "#domain/report/answer-view.ts";
import type { CommentFacts, Reaction } from "#ports/conversation.ts";
import type { PullRequestFacts } from "#ports/model-repository.ts";
import { answerCommand } from "./answer-command.ts";
import { answerDeploy } from "./answer-deploy.ts";
import { answerEvaluate } from "./answer-evaluate.ts";
import { answerExplain } from "./answer-explain.ts";
import { answerStatus } from "./answer-status.ts";
import { judgePullRequestHead } from "./judge-pull-request.ts";
import { proposeRemovals } from "./propose-removal.ts";
import { templateOverrides } from "./release-change.ts";
import type { ModelWorld, World } from "./world.ts";

/**
 * Answers the commands of one comment, once. What a command changes is in Git before the answer is written, and Git knows the comment by
 * its id: a crash in between executes nothing twice. A comment that has its answer is finished: a refusal is not reconsidered later.
 */
export async function answerComment(world: World, models: ModelWorld, id: number): Promise<void> {
  const comment = await models.conversation.comment(id);
  if (comment === undefined || comment.byBot) return;
  const lines = parseComment(comment.body);
  if (lines.length === 0 || (await models.conversation.answered(comment))) return;
  const pull = await models.repository.pullRequest(comment.pullRequest);
  if (pull === undefined) return;

  const answers: Answer[] = [];
  for (const line of lines) answers.push(await answerLine(world, models, { comment, pull, line }));

  await models.conversation.react(comment, reactionTo(answers));
  const overrides = templateOverrides(await world.environments.snapshot());
  const body = answers.map((answer) => world.templates.render("answer.md", answerView(answer), overrides)).join("\n");
  await models.conversation.answer(comment, body);
  answers.forEach(({ kind }, index) => world.log.info("answered a command", { comment: id, command: nameOf(lines[index]), outcome: kind }));
  // Its hold says so in Git, so the next resync would do it as well.
  if (lines.some((line) => line.kind === "command" && line.command.kind === "rollback")) await proposeRemovals(world);
  // What was set aside shows in the report at once.
  if (lines.some((line) => line.kind === "command" && line.command.kind === "override"))
    await judgePullRequestHead(world, models, pull.number);
}

interface Asked {
  readonly comment: CommentFacts;
  readonly pull: PullRequestFacts;
  readonly line: ParsedLine;
}

async function answerLine(world: World, models: ModelWorld, { comment, pull, line }: Asked): Promise<Answer> {
  if (line.kind !== "command") return misunderstoodAnswer(line);
  const { command } = line;
  switch (command.kind) {
    case "help":
      return helpAnswer(line.line, command);
    case "status":
      return answerStatus(world, models, { comment, pull, line: line.line, command });
    case "evaluate":
      return answerEvaluate(world, models, { comment, pull, line: line.line, command });
    case "explain":
      return answerExplain(world, models, { comment, pull, line: line.line, command });
    case "deploy":
    case "promote":
      return answerDeploy(world, models, { ...typed(models, comment, line.line), pull, command });
    default:
      return answerCommand(world, models, { ...typed(models, comment, line.line), pull, command });
  }
}

/** What the log may hold of a line: the name of the command, never what else was typed. */
function nameOf(line: ParsedLine | undefined): string {
  return line?.kind === "command" ? line.command.kind : "unknown";
}

/** A comment is read again right before it is carried out. */
function typed({ conversation }: ModelWorld, { id }: CommentFacts, line: string) {
  return { trigger: { kind: "comment", id } as const, current: () => conversation.comment(id), line, typed: line };
}

function reactionTo(answers: readonly Answer[]): Reaction {
  if (answers.some(({ kind }) => kind === "done")) return "rocket";
  return answers.some(({ kind }) => kind === "refused") ? "-1" : "eyes";
}
