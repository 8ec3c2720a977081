import { holdOn } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentState, OpenRelease } from "#domain/environment/state.ts";
import { millisecondsBetween } from "#domain/model/time.ts";
import { mayUse } from "#domain/policy/permission.ts";
import { verifiedLive } from "#domain/rollout/moves.ts";
import { printDeploy } from "./deploy.ts";
import { type DeployRefusal, refuse } from "./deploy-refusal.ts";
import type { PlacedRequest } from "./deploy-request.ts";

/**
 * Why a deploy may not end the release that is on its way; undefined when it may: its author may abort there, the release began before the
 * comment and is not being rolled back, and what is live may have all traffic again.
 */
export function notSuperseded(request: PlacedRequest, state: EnvironmentState, open: OpenRelease): DeployRefusal | undefined {
  const { policy, environment, comment, standing, owners, command } = request;
  const release = `release ${open.id} of ${state.model} ${open.candidate.version}`;
  const permission = mayUse(
    policy,
    { command: "abort", environment: environment.name, role: "deployer" },
    { login: comment.author, standing, owners },
  );
  if (permission.kind === "refused")
    return refuse(
      "not-superseded",
      `Only who may abort in ${environment.name} may end ${release}: ${permission.who ?? "the policy gives that to nobody"}.`,
      printDeploy(command),
      permission.who ?? undefined,
    );
  if (open.phase === "stopping")
    return refuse("not-superseded", `${release} is being rolled back, which nothing supersedes: ${open.reason}.`, "/slipway status");
  const stable = verifiedLive(state);
  if (stable === undefined || holdOn(request.snapshot, environment.name, state.model, stable.digest) !== undefined)
    return refuse(
      "not-superseded",
      `${state.live.version}, live beside ${release}, ${stable === undefined ? "was never verified there" : "is held"}, so it does not get all traffic.`,
      `/slipway rollback ${environment.name} --model ${state.model}`,
    );
  const { openRelease } = request;
  if (openRelease === undefined || openRelease.id !== open.id)
    return refuse("not-superseded", `The record of ${release} is missing or cannot be read. A platform engineer mends it.`);
  if (millisecondsBetween(openRelease.startedAt, comment.createdAt) < 0)
    return refuse(
      "not-superseded",
      `${release} began at ${openRelease.startedAt}, after your comment. If you mean it, type it again.`,
      printDeploy(command),
    );
  if (openRelease.editedBy !== undefined)
    return refuse(
      "not-superseded",
      `The files of ${release} were edited by ${openRelease.editedBy}, and nothing writes over that unasked. Abort it by naming the edit; the answer says how.`,
      `/slipway abort ${environment.name} --model ${state.model}`,
    );
  return undefined;
}
