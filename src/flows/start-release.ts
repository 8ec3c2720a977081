import type { DeployStart } from "#domain/command/decide-deploy.ts";
import { printTrigger, type Trigger } from "#domain/command/trigger.ts";
import { stateIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { weightProblem } from "#domain/manifest/weight-problem.ts";
import type { ModelDefinition } from "#domain/model/model-definition.ts";
import { type Login, loginSchema, type RepositoryName } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import { namespaceOf } from "#domain/policy/environments.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { beyondCeiling } from "#domain/policy/rollout-ceiling.ts";
import { startMove } from "#domain/rollout/moves.ts";
import { wholeRollout } from "#domain/rollout/plan.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";
import type { CommitOutcome } from "#ports/environments-repository.ts";
import { releaseChange } from "./release-change.ts";
import type { World } from "./world.ts";

/** What a release starts from: a decision, and what it was decided on. */
export interface ReleaseStart {
  readonly decision: DeployStart;
  readonly snapshot: EnvironmentsSnapshot;
  readonly policy: Policy;
  /** The definition that judged the version: rollout and objectives are the default branch's. */
  readonly definition: ModelDefinition;
  readonly repository: RepositoryName;
  readonly pullRequest: number;
  readonly trigger: Trigger;
  /** Who commented, clicked or merged. */
  readonly by: string;
  /** The exact text of the report on which it rests. */
  readonly evidence: string;
  readonly now: Instant;
}

/** The first commit of a release: canary manifests, state, release record and evidence, in one push. */
export async function startRelease(
  world: World,
  start: ReleaseStart,
): Promise<CommitOutcome | { readonly kind: "impossible"; readonly message: string }> {
  const { decision, snapshot, definition } = start;
  const state = stateIn(snapshot, decision.environment, decision.model);
  if (definition.rollout === undefined)
    return impossible(`model.yaml of ${decision.model} on the default branch has no rollout, so there are no steps to take.`);
  const rollout = wholeRollout(definition.rollout, start.policy.rollout.defaults[definition.tier]);
  if (rollout === null)
    return impossible(
      `The rollout of ${decision.model} says no steps or no bake, and the policy has no default for the tier ${definition.tier}. Write them in its model.yaml on the default branch.`,
    );
  if (state?.kind !== "ok") {
    return impossible(
      `Nothing is known to be live in ${decision.environment}. A platform engineer runs \`slipway adopt ${decision.environment}\` first.`,
    );
  }
  const objectives = definition.objectives.filter(({ environment }) => environment === undefined || environment === decision.environment);
  if (objectives.length === 0)
    return impossible(`model.yaml of ${decision.model} has no objective for ${decision.environment}, so a canary could not be judged.`);

  const [bold, ...more] = beyondCeiling(start.policy, definition.tier, rollout);
  if (bold !== undefined) {
    const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
    return impossible(
      `The rollout of ${decision.model} goes beyond what the policy allows for the tier ${definition.tier}: ${bold}${others}. Change rollout in its model.yaml on the default branch.`,
    );
  }

  const unsafe = weightProblem([
    { digest: state.value.live.digest, weight: 100 },
    { digest: decision.candidate.digest, weight: 0 },
  ]);
  if (unsafe !== undefined) return impossible(`${decision.model} ${decision.candidate.version} cannot run beside what is live: ${unsafe}.`);

  const move = startMove(state.value, recordOf(start, { rollout, objectives }, state.value.live));

  const change = releaseChange(move, {
    snapshot,
    templates: world.templates,
    trailers: { command: printTrigger(start.trigger), policy: decision.policy },
    evidence: start.evidence,
  });
  return world.environments.commit(change);
}

function recordOf(
  start: ReleaseStart,
  plan: ReleaseRecord["plan"],
  live: { version: ReleaseRecord["baseline"]["version"]; digest: ReleaseRecord["baseline"]["digest"] },
): ReleaseRecord {
  const { decision, repository, pullRequest, definition, now } = start;
  return {
    schema: "slipway/release/v1",
    id: decision.release,
    environment: decision.environment,
    model: decision.model,
    namespace: namespaceOf(start.policy, decision.environment),
    trigger: { ...triggerOf(start.trigger), by: loginOf(start.by), at: now },
    pullRequest: { repository, number: pullRequest, head: decision.sha },
    candidate: decision.candidate,
    artifact: definition.artifact.uri,
    baseline: { version: live.version, digest: live.digest },
    evidence: decision.evidence.digest,
    policy: decision.policy,
    plan,
    startedAt: now,
    steps: [],
    outcome: null,
  };
}

function triggerOf(trigger: Trigger) {
  switch (trigger.kind) {
    case "comment":
      return { command: trigger.id };
    case "button":
      return { button: { check: trigger.check, action: trigger.action } };
    case "merge":
      return { merge: trigger.commit };
  }
}

function loginOf(author: string): Login {
  return loginSchema.parse(author);
}

function impossible(message: string): { readonly kind: "impossible"; readonly message: string } {
  return { kind: "impossible", message };
}
