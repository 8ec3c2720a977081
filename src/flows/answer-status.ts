import type { StatusCommand } from "#domain/command/status.ts";
import { type SeenBeside, type StandingOf, statusAnswer } from "#domain/command/status-answer.ts";
import { proposedBlockers } from "#domain/command/status-proposed.ts";
import { rollbackBranch } from "#domain/environment/paths.ts";
import { stateIn } from "#domain/environment/read-snapshot.ts";
import type { ModelName } from "#domain/model/names.ts";
import type { EnvironmentRules, Policy } from "#domain/policy/policy.ts";
import { noOwners } from "#domain/policy/roles.ts";
import type { Answer } from "#domain/report/answer-view.ts";
import type { CommentFacts } from "#ports/conversation.ts";
import type { PullRequestFacts } from "#ports/model-repository.ts";
import { decisionOn } from "./advance-release.ts";
import { headDeploy } from "./head-deploy.ts";
import { lastEdit } from "./last-edit.ts";
import { type HeadReading, readHead } from "./read-head.ts";
import type { ModelWorld, World } from "./world.ts";

interface AskedStatus {
  readonly comment: CommentFacts;
  readonly pull: PullRequestFacts;
  readonly line: string;
  readonly command: StatusCommand;
}

/** Says where each model stands in each environment, what blocks it and who can unblock it. Writes nothing. */
export async function answerStatus(world: World, models: ModelWorld, asked: AskedStatus): Promise<Answer> {
  const { line, command, pull } = asked;
  const reading = await readHead(world, models, pull, pull.head);
  const { facts, snapshot } = reading;
  const names = command.model === null ? facts.models.map(({ model }) => model) : [command.model];
  if (facts.policy.kind === "invalid")
    return { command: line, kind: "told", sentence: "The policy cannot be read. A platform engineer mends it." };
  const policy = facts.policy.value;
  const standings = await standingsOf(world, reading, { ...asked, names, policy });
  const standingOf: StandingOf = (environment, model) =>
    standings.get(`${environment}/${model}`) ?? { edit: undefined, proposal: undefined };
  return statusAnswer(line, { models: names, snapshot, policy, standingOf, now: world.clock.now() });
}

interface Wanted extends AskedStatus {
  readonly names: readonly ModelName[];
  readonly policy: Policy;
}

/** What Git's history, GitHub, the cluster and the metrics say of each model in each environment. */
async function standingsOf(world: World, reading: HeadReading, wanted: Wanted): Promise<ReadonlyMap<string, SeenBeside>> {
  const standings = new Map<string, SeenBeside>();
  for (const model of wanted.names) {
    for (const environment of wanted.policy.environments) {
      const state = stateIn(reading.snapshot, environment.name, model);
      if (state?.kind !== "ok") continue;
      const open = state.value.release;
      standings.set(`${environment.name}/${model}`, {
        edit: await lastEdit(world, reading.snapshot, state.value),
        proposal: open?.phase === "stopping" ? await world.proposals.find(rollbackBranch(open.id, open.attempt)) : undefined,
        waits: open?.phase === "progressing" ? await waitsFor(world, environment, model) : undefined,
        proposed: reading.facts.models.some((changed) => changed.model === model)
          ? proposedOf(world, reading, wanted, environment, model)
          : [],
      });
    }
  }
  return standings;
}

/** Only told: a cluster or metrics that do not answer keep nobody from the rest. */
async function waitsFor(world: World, environment: EnvironmentRules, model: ModelName): Promise<string | undefined> {
  try {
    const decision = await decisionOn(world, environment.name, model);
    return decision?.kind === "wait" && decision.code !== "edited" ? decision.message : undefined;
  } catch (error) {
    world.log.warn("what a release waits for is not known", { environment: environment.name, model, error: String(error) });
    return undefined;
  }
}

function proposedOf(
  world: World,
  reading: HeadReading,
  { comment, pull, policy }: Wanted,
  environment: EnvironmentRules,
  model: ModelName,
) {
  const nobody = { standing: { permission: "none", teams: [] }, owners: noOwners } as const;
  return proposedBlockers(headDeploy(world, reading, { comment, pull, policy, environment, model, ...nobody }));
}
