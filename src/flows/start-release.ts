import type { DeployStart } from "#domain/command/decide-deploy.ts";
import type { Refused } from "#domain/command/refusal-reasons.ts";
import { printTrigger, recordedTrigger, type Trigger } from "#domain/command/trigger.ts";
import { manifestsFolder } from "#domain/environment/paths.ts";
import { stateIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { madeOf } from "#domain/manifest/made-of.ts";
import { trafficFile, writesStable } from "#domain/manifest/target-files.ts";
import { targetProblems } from "#domain/manifest/target-problems.ts";
import { weightProblem } from "#domain/manifest/weight-problem.ts";
import type { Made } from "#domain/model/made.ts";
import type { ModelDefinition } from "#domain/model/model-definition.ts";
import { type Login, loginSchema, type RepositoryName, type VersionRef } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import { namespaceOf } from "#domain/policy/environments.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { beyondCeiling } from "#domain/policy/rollout-ceiling.ts";
import { startMove } from "#domain/rollout/moves.ts";
import { type Rollout, wholeRollout } from "#domain/rollout/plan.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";
import type { CommitOutcome } from "#ports/environments-repository.ts";
import { manifestDocuments } from "./manifest-documents.ts";
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
export async function startRelease(world: World, start: ReleaseStart): Promise<CommitOutcome | Impossible> {
  const { decision, snapshot, definition } = start;
  const state = stateIn(snapshot, decision.environment, decision.model);
  if (definition.rollout === undefined)
    return impossible("no-rollout", `model.yaml of ${decision.model} on the default branch has no rollout, so there are no steps to take.`);
  const rollout = wholeRollout(definition.rollout, start.policy.rollout.defaults[definition.tier]);
  if (rollout === null)
    return impossible(
      "no-rollout",
      `The rollout of ${decision.model} says no steps or no bake, and the policy has no default for the tier ${definition.tier}. Write them in its model.yaml on the default branch.`,
    );
  if (state?.kind !== "ok") {
    return impossible(
      "never-adopted",
      `Nothing is known to be live in ${decision.environment}. A platform engineer runs \`slipway adopt ${decision.environment}\` first.`,
    );
  }
  const objectives = definition.objectives.filter(({ environment }) => environment === undefined || environment === decision.environment);
  if (objectives.length === 0)
    return impossible(
      "no-objective",
      `model.yaml of ${decision.model} has no objective for ${decision.environment}, so a canary could not be judged.`,
    );

  const [bold, ...more] = beyondCeiling(start.policy, definition.tier, rollout);
  if (bold !== undefined) {
    const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
    return impossible(
      "beyond-ceiling",
      `The rollout of ${decision.model} goes beyond what the policy allows for the tier ${definition.tier}: ${bold}${others}. Change rollout in its model.yaml on the default branch.`,
    );
  }

  const [unfit, ...unfitToo] = targetProblems(rollout);
  if (unfit !== undefined)
    return impossible(
      "unfit-target",
      `The rollout of ${decision.model} cannot be carried out: ${unfit.message}${unfitToo.length === 0 ? "" : ` (and ${unfitToo.length} more)`}. Change it in its model.yaml on the default branch.`,
    );
  const standing = await standingOf(world, start, rollout, state.value.live);
  if (standing.kind === "impossible") return standing;

  const unsafe = weightProblem([
    { digest: state.value.live.digest, weight: 100 },
    { digest: decision.candidate.digest, weight: 0 },
  ]);
  if (unsafe !== undefined)
    return impossible("unsafe-weights", `${decision.model} ${decision.candidate.version} cannot run beside what is live: ${unsafe}.`);

  const baseline = { version: state.value.live.version, digest: state.value.live.digest, ...(standing.made && { made: standing.made }) };
  const move = startMove(state.value, recordOf(start, { rollout, objectives }, baseline));

  const change = releaseChange(move, {
    snapshot,
    templates: world.templates,
    trailers: { command: printTrigger(start.trigger), policy: decision.policy },
    evidence: start.evidence,
  });
  return world.environments.commit(change);
}

/** What stands in the model's folder must be what this target would have written, or its next step would leave the old objects behind. */
async function standingOf(
  world: World,
  { decision: { environment, model }, snapshot }: ReleaseStart,
  rollout: Rollout,
  live: VersionRef,
): Promise<{ readonly kind: "standing"; readonly made?: Made } | Impossible> {
  const folder = manifestsFolder(environment, model);
  const file = `${folder}${trafficFile(rollout)}`;
  if (!snapshot.entries.has(file))
    return impossible(
      "not-served-so",
      `${model} is not served by the target ${rollout.target} in ${environment}: there is no ${file}. \`slipway manifests ${environment} --target ${rollout.target}\` writes what is live for it; commit that first, and adopt it.`,
    );
  if (!writesStable(rollout)) return { kind: "standing" };
  const paths = [...snapshot.entries.keys()].filter((path) => path.startsWith(folder));
  const documents = await manifestDocuments(world.environments, snapshot.head, paths);
  if ("reason" in documents)
    return impossible("manifests-unreadable", `The manifests of ${model} in ${environment} cannot be read: ${documents.reason}.`);
  const made = madeOf(documents, live.digest);
  return made === undefined
    ? impossible(
        "not-served-so",
        `The manifests of ${model} in ${environment} do not say what ${live.version} is made of: the target ${rollout.target} needs the annotations slipway.dev/digest and slipway.dev/artifact. \`slipway manifests\` writes them.`,
      )
    : { kind: "standing", made };
}

function recordOf(start: ReleaseStart, plan: ReleaseRecord["plan"], baseline: ReleaseRecord["baseline"]): ReleaseRecord {
  const { decision, repository, pullRequest, definition, now } = start;
  return {
    schema: "slipway/release/v1",
    id: decision.release,
    environment: decision.environment,
    model: decision.model,
    namespace: namespaceOf(start.policy, decision.environment),
    trigger: { ...recordedTrigger(start.trigger), by: loginOf(start.by), at: now },
    pullRequest: { repository, number: pullRequest, head: decision.sha },
    candidate: decision.candidate,
    artifact: definition.artifact.uri,
    baseline,
    evidence: decision.evidence.digest,
    policy: decision.policy,
    plan,
    startedAt: now,
    steps: [],
    outcome: null,
  };
}

function loginOf(author: string): Login {
  return loginSchema.parse(author);
}

interface Impossible extends Refused {
  readonly kind: "impossible";
}

function impossible(code: Refused["code"], message: string): Impossible {
  return { kind: "impossible", code, message };
}
