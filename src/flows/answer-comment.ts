import { deployAnswer, helpAnswer, misunderstoodAnswer, startedAnswer } from "#domain/command/answers.ts";
import { decideDeploy } from "#domain/command/decide-deploy.ts";
import type { DeployCommand } from "#domain/command/deploy.ts";
import { type ParsedLine, parseComment } from "#domain/command/parse-comment.ts";
import type { Command } from "#domain/command/registry.ts";
import { statusAnswer } from "#domain/command/status-answer.ts";
import { releasesFolder } from "#domain/environment/paths.ts";
import type { CommitRecord, EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { parseTrailers } from "#domain/environment/trailers.ts";
import { judgedDefinition } from "#domain/model/model-definition.ts";
import type { EnvironmentName } from "#domain/model/names.ts";
import { teamsIn } from "#domain/policy/roles.ts";
import { type Answer, answerView } from "#domain/report/answer-view.ts";
import { definitionsOf, judgePullRequest } from "#domain/report/judge-pull-request.ts";
import { parseRelease, type ReleaseRecord } from "#domain/rollout/release.ts";
import type { CommentFacts, Reaction } from "#ports/conversation.ts";
import type { PullRequestFacts } from "#ports/model-repository.ts";
import { compareAndSwap } from "./compare-and-swap.ts";
import { type HeadReading, readHead } from "./read-head.ts";
import { templateOverrides } from "./release-change.ts";
import { startRelease } from "./start-release.ts";
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
    case "deploy":
      return answerDeploy(world, models, { comment, pull, line: line.line, command });
  }
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
  return statusAnswer(line, names, snapshot, facts.policy.value, world.clock.now());
}

interface AskedDeploy {
  readonly comment: CommentFacts;
  readonly pull: PullRequestFacts;
  readonly line: string;
  readonly command: DeployCommand;
}

/** Decides a deploy on a fresh reading, and again whenever the environments repository moves before the release is in it. */
async function answerDeploy(world: World, models: ModelWorld, asked: AskedDeploy): Promise<Answer> {
  const { comment, line, command } = asked;
  return compareAndSwap(async () => {
    const pull = (await models.repository.pullRequest(asked.pull.number)) ?? asked.pull;
    const current = await models.conversation.comment(comment.id);
    if (current === undefined)
      return answered({ command: line, kind: "refused", sentence: "The comment was deleted, so it was not executed." });
    const reading = await readHead(world, models, pull, pull.head);
    const { facts, snapshot, repository, evaluations } = reading;
    const teams = facts.policy.kind === "ok" ? teamsIn(facts.policy.value) : [];
    const standing = await models.people.standing(comment.author, teams);
    const [executed] = await world.environments.history({ limit: 1, trailer: "Slipway-Command", value: String(comment.id) });
    const started = executed && (await releaseStartedBy(world, snapshot, executed, command.environment));
    const now = world.clock.now();

    const decision = decideDeploy({
      command,
      comment: current,
      now,
      executed: executed !== undefined,
      standing,
      repository,
      pullRequest: pull,
      evaluations,
      judgement: judgePullRequest(facts),
      newModels: facts.models.filter(({ trustedText }) => trustedText === undefined).map(({ model }) => model),
      snapshot,
    });

    if (decision.kind === "ignore") return answered(started === undefined ? alreadyExecuted(asked) : startedAnswer(line, started));
    if (decision.kind === "refuse") return answered(deployAnswer(line, decision));
    const start = {
      decision,
      snapshot,
      repository: repository.name,
      pullRequest: pull.number,
      comment,
      now,
      ...basisOf(reading, decision.model, decision.evidence.digest),
    };
    if (start.definition === undefined || start.policy === undefined || start.evidence === undefined) {
      return answered({ command: line, kind: "refused", sentence: "What the release rests on changed while it was decided. Try again." });
    }
    const { definition, policy, evidence } = start;
    const outcome = await startRelease(world, { ...start, definition, policy, evidence });
    if (outcome.kind === "impossible") return answered({ command: line, kind: "refused", sentence: outcome.message });
    return {
      kind: "wrote",
      outcome,
      answer: () => deployAnswer(line, decision),
      refused: (message) => ({ command: line, kind: "refused", sentence: `The environments repository refuses the commit: ${message}` }),
    };
  });
}

/** The definition, policy and exact report of a judged model. */
function basisOf({ facts, reportTexts }: HeadReading, model: string, report: string) {
  const its = facts.models.find((candidate) => candidate.model === model);
  const definitions = its && definitionsOf(its);
  return {
    definition: definitions?.kind === "read" ? judgedDefinition(definitions.trusted, definitions.head) : undefined,
    policy: facts.policy.kind === "ok" ? facts.policy.value : undefined,
    evidence: reportTexts.get(report),
  };
}

/** The release whose first commit this is: Slipway may have died before it could say what it had started. */
async function releaseStartedBy(
  { environments }: World,
  snapshot: EnvironmentsSnapshot,
  { message }: CommitRecord,
  environment: EnvironmentName,
): Promise<ReleaseRecord | undefined> {
  const id = parseTrailers(message)["Slipway-Release"];
  const folder = releasesFolder(environment);
  const path = [...snapshot.entries.keys()].find((file) => file.startsWith(folder) && file.endsWith(`/${id}.yaml`));
  const text = path && (await environments.read(snapshot.head, path));
  const record = path && text ? parseRelease(text, path) : undefined;
  return record?.kind === "ok" ? record.value : undefined;
}

function alreadyExecuted({ line }: AskedDeploy): Answer {
  return {
    command: line,
    kind: "done",
    sentence: "This command was executed; its release is in the environments repository.",
    next: "/slipway status",
  };
}

function answered(answer: Answer): { readonly kind: "nothing-to-write"; readonly answer: Answer } {
  return { kind: "nothing-to-write", answer };
}

function reactionTo(answers: readonly Answer[]): Reaction {
  if (answers.some(({ kind }) => kind === "done")) return "rocket";
  return answers.some(({ kind }) => kind === "refused") ? "-1" : "eyes";
}
