import type { ExplainCommand } from "#domain/command/explain.ts";
import { explainDeploy } from "#domain/command/explain-deploy.ts";
import { explainGate, explainGates } from "#domain/command/explain-gates.ts";
import { refusedAnswer } from "#domain/command/refusal-reasons.ts";
import { environmentOrder, environmentRules } from "#domain/policy/environments.ts";
import type { Answer } from "#domain/report/answer-view.ts";
import { judgePullRequest } from "#domain/report/judge-pull-request.ts";
import type { CommentFacts } from "#ports/conversation.ts";
import type { PullRequestFacts } from "#ports/model-repository.ts";
import { headDeploy } from "./head-deploy.ts";
import { personOf } from "./person-of.ts";
import { readHead } from "./read-head.ts";
import type { ModelWorld, World } from "./world.ts";

interface AskedExplain {
  readonly comment: CommentFacts;
  readonly pull: PullRequestFacts;
  readonly line: string;
  readonly command: ExplainCommand;
}

/** Says why a gate or a deploy is judged as it is, of the head as it is now. Writes nothing. */
export async function answerExplain(world: World, models: ModelWorld, { comment, pull, line, command }: AskedExplain): Promise<Answer> {
  const reading = await readHead(world, models, pull, pull.head);
  const { facts } = reading;
  const person = await personOf(models, reading, comment.author, command.model);
  if (facts.policy.kind === "invalid")
    return { command: line, kind: "told", sentence: "The policy cannot be read. A platform engineer mends it." };
  const policy = facts.policy.value;
  const judgement = judgePullRequest(facts);
  const { about } = command;
  if (about.of === "deploy") {
    const environment = environmentRules(policy, about.environment);
    if (environment === undefined) {
      const names = environmentOrder(policy).join(", ");
      return refusedAnswer(
        { line },
        { code: "unknown-environment", message: `The policy has no environment ${about.environment}; it has ${names}.` },
      );
    }
    const { standing, owners } = person;
    return explainDeploy(line, headDeploy(world, reading, { comment, pull, policy, environment, model: command.model, standing, owners }));
  }
  const meant = command.model === null ? judgement.models[0] : judgement.models.find(({ model }) => model === command.model);
  if (meant === undefined)
    return { command: line, kind: "told", sentence: "This pull request changes no such model, so it has no gates here." };
  return about.of === "gates" ? explainGates(line, meant) : explainGate(line, meant, about.name);
}
