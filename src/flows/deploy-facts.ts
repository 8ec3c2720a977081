import type { DeployCommand } from "#domain/command/deploy.ts";
import type { DeployRequest } from "#domain/command/deploy-request.ts";
import { judgedDefinition, type ModelDefinition } from "#domain/model/model-definition.ts";
import type { Digest } from "#domain/model/names.ts";
import { definitionsOf, judgePullRequest } from "#domain/report/judge-pull-request.ts";
import type { PullRequestFacts } from "#ports/model-repository.ts";
import { manifestsDigest } from "./manifests-digest.ts";
import type { HeadReading } from "./read-head.ts";
import type { World } from "./world.ts";

/** What a deploy of a head is decided on, whoever asks for it, and whether it is to be done or only explained. */
export function deployFacts(world: World, reading: HeadReading, pull: PullRequestFacts, command: DeployCommand) {
  const { facts, snapshot, repository, evaluations } = reading;
  return {
    command,
    now: world.clock.now(),
    repository,
    pullRequest: pull,
    evaluations,
    judgement: judgePullRequest(facts),
    newModels: facts.models.filter(({ trustedText }) => trustedText === undefined).map(({ model }) => model),
    manifests: manifestsOf(world, reading, command),
    snapshot,
  } satisfies Partial<DeployRequest>;
}

/** Of the model that the command means; null where none can be read. */
export function manifestsOf(
  { templates }: World,
  { facts, snapshot }: Pick<HeadReading, "facts" | "snapshot">,
  { model, environment }: Pick<DeployCommand, "model" | "environment">,
): Digest | null {
  if (facts.policy.kind === "invalid") return null;
  const meant = model ?? facts.models[0]?.model;
  const definition = meant && definitionIn(facts, meant);
  return definition ? manifestsDigest(templates, { definition, environment, policy: facts.policy.value, snapshot }) : null;
}

/** The definition by which a model of the head is judged; undefined where it cannot be read. */
export function definitionIn({ models }: HeadReading["facts"], model: string): ModelDefinition | undefined {
  const its = models.find((candidate) => candidate.model === model);
  const definitions = its && definitionsOf(its);
  return definitions?.kind === "read" ? judgedDefinition(definitions.trusted, definitions.head) : undefined;
}
