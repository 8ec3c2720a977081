import { helpAnswer, misunderstoodAnswer } from "#domain/command/answers.ts";
import { type ParsedLine, parseComment } from "#domain/command/parse-comment.ts";
import type { Command } from "#domain/command/registry.ts";
import { type StandingOf, statusAnswer } from "#domain/command/status-answer.ts";
import { rollbackBranch } from "#domain/environment/paths.ts";
import { stateIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import type { ModelName } from "#domain/model/names.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { type Answer, answerView } from "#domain/report/answer-view.ts";
import type { CommentFacts, Reaction } from "#ports/conversation.ts";
import type { PullRequestFacts } from "#ports/model-repository.ts";
import { answerCommand } from "./answer-command.ts";
import { answerDeploy } from "./answer-deploy.ts";
import { answerEvaluate } from "./answer-evaluate.ts";
import { answerExplain } from "./answer-explain.ts";
import { judgePullRequestHead } from "./judge-pull-request.ts";
import { lastEdit } from "./last-edit.ts";
import { readHead } from "./read-head.ts";
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
      return tellStatus(world, models, pull, line.line, command);
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

/** A comment is read again right before it is carried out. */
function typed({ conversation }: ModelWorld, { id }: CommentFacts, line: string) {
  return { trigger: { kind: "comment", id } as const, current: () => conversation.comment(id), line, typed: line };
}

async function tellStatus(
  world: World,
  models: ModelWorld,
  pull: PullRequestFacts,
  line: string,
  command: Extract<Command, { kind: "status" }>,
): Promise<Answer> {
  const { facts, snapshot } = await readHead(world, models, pull, pull.head);
  const names = command.model === null ? facts.models.map(({ model }) => model) : [command.model];
  if (facts.policy.kind === "invalid")
    return { command: line, kind: "told", sentence: "The policy cannot be read. A platform engineer mends it." };
  const policy = facts.policy.value;
  const standings = await standingsOf(world, snapshot, names, policy);
  const standingOf: StandingOf = (environment, model) =>
    standings.get(`${environment}/${model}`) ?? { edit: undefined, proposal: undefined };
  return statusAnswer(line, { models: names, snapshot, policy, standingOf, now: world.clock.now() });
}

/** What Git's history and GitHub say of each model in each environment. */
async function standingsOf(
  world: World,
  snapshot: EnvironmentsSnapshot,
  models: readonly ModelName[],
  policy: Policy,
): Promise<ReadonlyMap<string, ReturnType<StandingOf>>> {
  const standings = new Map<string, ReturnType<StandingOf>>();
  for (const model of models) {
    for (const { name } of policy.environments) {
      const state = stateIn(snapshot, name, model);
      if (state?.kind !== "ok") continue;
      const open = state.value.release;
      const proposal = open?.phase === "stopping" ? await world.proposals.find(rollbackBranch(open.id, open.attempt)) : undefined;
      standings.set(`${name}/${model}`, { edit: await lastEdit(world, snapshot, state.value), proposal });
    }
  }
  return standings;
}

function reactionTo(answers: readonly Answer[]): Reaction {
  if (answers.some(({ kind }) => kind === "done")) return "rocket";
  return answers.some(({ kind }) => kind === "refused") ? "-1" : "eyes";
}
