import { holdPath, statePath } from "#domain/environment/paths.ts";
import { freezeFilesIn, holdOn, stateIn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentState } from "#domain/environment/state.ts";
import { short } from "#domain/model/names.ts";
import { activeFreeze } from "#domain/policy/freeze.ts";
import { hasRole, sameLogin, whoHas } from "#domain/policy/roles.ts";
import { printProblem } from "#domain/text/problem.ts";
import { printDeploy } from "./deploy.ts";
import type { PassingModel } from "./deploy-model.ts";
import { type DeployRefusal, refuse } from "./deploy-refusal.ts";
import type { PlacedRequest } from "./deploy-request.ts";
import { commandNamed } from "./registry.ts";

/** Why the environment does not take this version now; undefined when it does. */
export function environmentRefusal(
  request: PlacedRequest,
  passing: PassingModel,
  state: EnvironmentState | null,
): DeployRefusal | undefined {
  return (
    alreadyLive(passing, state) ??
    held(request, passing) ??
    frozen(request) ??
    notVerifiedBefore(request, passing) ??
    releaseOpen(state) ??
    unapprovedFirstVersion(request, passing)
  );
}

/** null when the model was never in that environment; a state that cannot be read is not taken for none. */
export function readState(request: PlacedRequest, passing: PassingModel, environment = request.environment.name): ReadState {
  const read = stateIn(request.snapshot, environment, passing.model);
  if (read === undefined) return { kind: "state", state: null };
  if (read.kind === "ok") return { kind: "state", state: read.value };
  const [first] = read.problems;
  const where = first === undefined ? statePath(environment, passing.model) : printProblem(first);
  return refuse(
    "state-unreadable",
    `What runs in ${environment} cannot be read, so nothing may grow there: ${where}. A platform engineer mends the file.`,
  );
}

type ReadState = { readonly kind: "state"; readonly state: EnvironmentState | null } | DeployRefusal;

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
  return refuse("held", `${what} It is lifted by ${who}.`, `/slipway unhold ${environment} ${candidate.digest} <reason>`);
}

function frozen({ policy, snapshot, now, environment }: PlacedRequest): DeployRefusal | undefined {
  const freeze = activeFreeze(policy.freezes, freezeFilesIn(snapshot), now);
  if (freeze === null) return undefined;
  const why = freeze.reason === null ? "" : ` (${freeze.reason})`;
  const who = freeze.by === null ? "" : `, set by ${freeze.by}`;
  return refuse(
    "frozen",
    `The freeze ${freeze.name}${who} lasts until ${freeze.until}${why}: nothing grows in ${environment.name} before that. Rollbacks are not frozen.`,
  );
}

function notVerifiedBefore(request: PlacedRequest, passing: PassingModel): DeployRefusal | undefined {
  const { after, name } = request.environment;
  if (after === undefined) return undefined;
  const read = readState(request, passing, after);
  if (read.kind === "refuse") return read;
  const { candidate, model } = passing;
  if (read.state?.verified.some(({ digest }) => digest === candidate.digest) === true) return undefined;
  const under = read.state?.release?.candidate.digest === candidate.digest;
  const what = `${name} takes only what ${after} has verified, and ${model} ${candidate.version} (${short(candidate.digest)}) is not verified there`;
  if (under) return refuse("not-verified-before", `${what} yet: its release ${read.state?.release?.id} is on its way. Wait for it.`);
  const line = printDeploy({ ...request.command, environment: after, sha: short(request.pullRequest.head) });
  return refuse("not-verified-before", `${what}. Deploy it to ${after} first.`, line);
}

function releaseOpen(state: EnvironmentState | null): DeployRefusal | undefined {
  const release = state?.release ?? null;
  if (state === null || release === null) return undefined;
  const from = `${release.pullRequest.repository}#${release.pullRequest.number}`;
  return refuse(
    "release-open",
    `${state.environment} is taken: release ${release.id} of ${state.model} ${release.candidate.version} from ${from} is ${release.phase} at ${release.weight} %. One release at a time; wait until it ends.`,
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
  return refuse("first-version-needs-approver", `${what} Approvers are ${who}.`, line);
}
