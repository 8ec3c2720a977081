import type { CommentSituation, PlacedRequest } from "#domain/command/deploy-request.ts";
import { shaPrefixSchema } from "#domain/command/sha-prefix.ts";
import type { ModelName } from "#domain/model/names.ts";
import type { EnvironmentRules, Policy } from "#domain/policy/policy.ts";
import type { Owners, Standing } from "#domain/policy/roles.ts";
import type { PullRequestFacts } from "#ports/model-repository.ts";
import { deployFacts } from "./deploy-facts.ts";
import type { HeadReading } from "./read-head.ts";
import type { World } from "./world.ts";

interface Place {
  readonly comment: CommentSituation & { readonly id: number };
  readonly pull: PullRequestFacts;
  readonly policy: Policy;
  readonly environment: EnvironmentRules;
  readonly model: ModelName | null;
  readonly standing: Standing;
  readonly owners: Owners;
}

/** A deploy of the head as it would be decided now, for those who only want to know. */
export function headDeploy(world: World, reading: HeadReading, place: Place): PlacedRequest {
  const { pull, environment, model, comment, policy, standing, owners } = place;
  const command = { kind: "deploy", environment: environment.name, sha: shaPrefixSchema.parse(pull.head), model } as const;
  const trigger = { kind: "comment", id: comment.id } as const;
  return {
    ...deployFacts(world, reading, pull, command),
    trigger,
    comment,
    executed: false,
    standing,
    owners,
    policy,
    environment,
  };
}
