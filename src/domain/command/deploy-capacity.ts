import { statesIn } from "#domain/environment/read-snapshot.ts";
import { greatestWeight } from "#domain/policy/exposure-budget.ts";
import type { PassingModel } from "./deploy-model.ts";
import { type DeployRefusal, refuse } from "./deploy-refusal.ts";
import type { PlacedRequest } from "./deploy-request.ts";

/** Why the environment has no room for one more release now, of whatever model: too many are open, or too much traffic is on unverified versions. */
export function overCapacity(request: PlacedRequest, passing: PassingModel): DeployRefusal | undefined {
  return tooManyOpen(request, passing) ?? budgetSpent(request, passing);
}

/** A state that cannot be read may hide an open release, so it counts as one. */
function tooManyOpen({ environment, snapshot, command }: PlacedRequest, { model }: PassingModel): DeployRefusal | undefined {
  if (environment.releases === undefined) return undefined;
  const open = statesIn(snapshot).flatMap((state) => {
    if (state.kind === "invalid") return ["one that cannot be read"];
    const { value } = state;
    if (command.supersede && value.model === model) return [];
    return value.environment === environment.name && value.release !== null ? [`${value.release.id} of ${value.model}`] : [];
  });
  if (open.length < environment.releases) return undefined;
  const most = environment.releases === 1 ? "one release" : `${environment.releases} releases`;
  return refuse(
    "too-many-releases",
    `${environment.name} takes ${most} at a time, and ${open.length === 1 ? "there is" : "there are"} ${open.slice(0, 5).join(", ")}. Wait until one ends.`,
  );
}

function budgetSpent({ environment, policy, snapshot }: PlacedRequest, { model }: PassingModel): DeployRefusal | undefined {
  if (environment.exposure === undefined || greatestWeight(policy, statesIn(snapshot), environment.name, model) >= 1) return undefined;
  const share = `${environment.exposure * 100}%`;
  return refuse(
    "over-budget",
    `${environment.name} lets at most ${share} of all traffic be on versions that are not verified, and the open releases have it. Wait until one ends.`,
  );
}
