import { freezeOn } from "#domain/environment/freeze-in-force.ts";
import { holdPath } from "#domain/environment/paths.ts";
import { describe, holdOn, lockIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentState } from "#domain/environment/state.ts";
import { short } from "#domain/model/names.ts";
import { whoMay } from "#domain/policy/permission.ts";
import { hasRole, sameLogin, whoHas } from "#domain/policy/roles.ts";
import { printDeploy } from "./deploy.ts";
import { unapproved } from "./deploy-approvals.ts";
import { overCapacity } from "./deploy-capacity.ts";
import type { PassingModel } from "./deploy-model.ts";
import { outOfOrder } from "./deploy-order.ts";
import { type DeployRefusal, refuse } from "./deploy-refusal.ts";
import type { PlacedRequest } from "./deploy-request.ts";
import { notSuperseded } from "./deploy-supersede.ts";
import { commandNamed } from "./registry.ts";

/** Why the environment does not take this version now; undefined when it does. */
export function environmentRefusal(
  request: PlacedRequest,
  passing: PassingModel,
  state: EnvironmentState | null,
): DeployRefusal | undefined {
  for (const [, refusal] of environmentStages) {
    const refused = refusal(request, passing, state);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

type EnvironmentStage = readonly [
  /** What must be so, as people read it. */
  question: string,
  refusal: (request: PlacedRequest, passing: PassingModel, state: EnvironmentState | null) => DeployRefusal | undefined,
];

/** What an environment is asked of a version that passes, in this order. */
export const environmentStages: readonly EnvironmentStage[] = [
  ["it is not live there yet", (_, passing, state) => alreadyLive(passing, state)],
  ["it is not held there", held],
  ["nothing is frozen there", frozen],
  ["the environments before have verified it", outOfOrder],
  ["nobody locked the model there", locked],
  ["no release is on its way there", (request, _, state) => releaseOpen(request, state)],
  ["there is room for one more release", overCapacity],
  ["a first version has an approver", unapprovedFirstVersion],
  ["it has the approvals that the policy asks for", unapproved],
];

function alreadyLive({ model, candidate }: PassingModel, state: EnvironmentState | null): DeployRefusal | undefined {
  if (state === null || state.live.digest !== candidate.digest) return undefined;
  const verified = state.verified.find(({ digest }) => digest === candidate.digest);
  const since = verified === undefined ? `since ${state.live.since}` : `and verified there since ${verified.at}`;
  return refuse("already-live", `${model} ${candidate.version} is live in ${state.environment} ${since}: there is nothing to deploy.`);
}

function held(request: PlacedRequest, { model, candidate }: PassingModel): DeployRefusal | undefined {
  const environment = request.environment.name;
  const hold = holdOn(request.snapshot, environment, model, candidate.digest);
  if (hold === undefined) return undefined;
  const since = hold.hold === undefined ? "" : ` since ${hold.hold.since}`;
  const release = hold.hold?.release === undefined ? "" : `, release ${hold.hold.release}`;
  const what = `${model} ${candidate.version} is held in ${environment}${since}: ${hold.reason}${release}.`;
  const who = whoHas(hold.hold?.liftedBy ?? "holder", request.policy);
  if (commandNamed("unhold") === undefined || who === null) {
    const lifts = who === null ? "who may write to the environments repository" : `of the role holder (${who})`;
    return refuse(
      "held",
      `${what} A person ${lifts} lifts it by removing ${holdPath(environment, model, candidate.digest)} from the environments repository.`,
    );
  }
  return refuse("held", `${what} It is lifted by ${who}.`, `/slipway unhold ${environment} ${candidate.digest} <reason>`, who);
}

function frozen({ policy, snapshot, now, environment }: PlacedRequest, { model, candidate }: PassingModel): DeployRefusal | undefined {
  const freeze = freezeOn(snapshot, policy, environment.name, now, { model, digest: candidate.digest });
  if (freeze === null) return undefined;
  const why = freeze.reason === null ? "" : ` (${freeze.reason})`;
  const who = freeze.by === null ? "" : `, set by ${freeze.by}`;
  const lead = freeze.overriddenBy === null ? null : whoHas(freeze.overriddenBy, policy);
  const override = lead === null ? "" : ` It is set aside for one version by ${lead}.`;
  return refuse(
    "frozen",
    `The freeze ${freeze.name}${who} lasts until ${freeze.until}${why}: nothing grows in ${environment.name} before that. Rollbacks are not frozen.${override}`,
    freeze.overriddenBy === null ? undefined : `/slipway override ${freeze.name} <reason>`,
    lead ?? undefined,
  );
}

function locked({ snapshot, environment, policy }: PlacedRequest, { model }: PassingModel): DeployRefusal | undefined {
  const lock = lockIn(snapshot, environment.name, model);
  if (lock === undefined) return undefined;
  if (lock.kind === "invalid")
    return refuse(
      "locked",
      `${model} is locked in ${environment.name} by a file that cannot be read: ${describe(lock.problems)}. A platform engineer mends or removes it.`,
    );
  const { by, at, reason, pullRequest } = lock.value;
  const why = reason === undefined ? "" : `: ${reason}`;
  const end = pullRequest === null ? "" : ` It ends with ${pullRequest.repository}#${pullRequest.number}.`;
  return refuse(
    "locked",
    `${by} locked ${model} in ${environment.name} at ${at}${why}. No release starts there until somebody with the role unlocks it.${end}`,
    `/slipway unlock ${environment.name} --model ${model}`,
    whoMay(policy, { command: "unlock", environment: environment.name, role: "deployer" }) ?? undefined,
  );
}

function releaseOpen(request: PlacedRequest, state: EnvironmentState | null): DeployRefusal | undefined {
  const release = state?.release ?? null;
  if (state === null || release === null) return undefined;
  if (request.command.supersede) return notSuperseded(request, state, release);
  const from = `${release.pullRequest.repository}#${release.pullRequest.number}`;
  return refuse(
    "release-open",
    `${state.environment} is taken: release ${release.id} of ${state.model} ${release.candidate.version} from ${from} is ${release.phase} at ${release.weight} %. One release at a time; wait until it ends, or end it with --supersede.`,
    printDeploy({ ...request.command, supersede: true }),
    whoMay(request.policy, { command: "abort", environment: state.environment, role: "deployer" }) ?? undefined,
  );
}

function unapprovedFirstVersion(request: PlacedRequest, { model, baseline }: PassingModel): DeployRefusal | undefined {
  const { comment, pullRequest, policy, standing, newModels } = request;
  if (baseline !== null && !newModels.includes(model)) return undefined;
  const isOther = !sameLogin(comment.author, pullRequest.author);
  if (isOther && hasRole("approver", comment.author, standing, policy)) return undefined;
  const who = whoHas("approver", policy);
  const why = baseline === null ? `nothing that ${model} could be compared with is live` : `${model} is not on the default branch yet`;
  const what = `This is a first version, since ${why}: an approver of the policy other than its author, ${pullRequest.author}, deploys it.`;
  if (who === null)
    return refuse(
      "first-version-needs-approver",
      `${what} The policy names none; a platform engineer adds the role approver to .slipway/policy.yaml.`,
    );
  const line = printDeploy({ ...request.command, sha: short(pullRequest.head) });
  return refuse("first-version-needs-approver", `${what} Approvers are ${who}.`, line, `${who}, other than ${pullRequest.author}`);
}
