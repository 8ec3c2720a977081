import { type EnvironmentName, short } from "#domain/model/names.ts";
import { addMilliseconds, millisecondsBetween, printDuration } from "#domain/model/time.ts";
import { printDeploy } from "./deploy.ts";
import type { PassingModel } from "./deploy-model.ts";
import { type DeployRefusal, refuse } from "./deploy-refusal.ts";
import type { PlacedRequest } from "./deploy-request.ts";
import { readState } from "./read-state.ts";

/** Why a version may not come to this environment yet: each environment before it must have verified the same digest, for long enough. */
export function outOfOrder(request: PlacedRequest, passing: PassingModel): DeployRefusal | undefined {
  if (request.command.kind === "promote" && request.environment.after.length === 0)
    return refuse(
      "nothing-before",
      `${request.environment.name} comes after no other environment in the policy, so nothing is promoted to it. Deploy to it.`,
      printDeploy({ ...request.command, kind: "deploy" }),
    );
  for (const before of request.environment.after) {
    const refusal = notVerifiedIn(before, request, passing);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function notVerifiedIn(before: EnvironmentName, request: PlacedRequest, passing: PassingModel): DeployRefusal | undefined {
  const { name, verifiedFor } = request.environment;
  const { candidate, model } = passing;
  const read = readState(request, passing, before);
  if (read.kind === "refuse") return read;
  const verified = read.state?.verified.find(({ digest }) => digest === candidate.digest);
  if (verified !== undefined) {
    if (millisecondsBetween(verified.at, request.now) >= verifiedFor) return undefined;
    const ripe = addMilliseconds(verified.at, verifiedFor);
    return refuse(
      "verified-too-recently",
      `${name} takes what ${before} has verified for at least ${printDuration(verifiedFor)}; ${model} ${candidate.version} was verified there at ${verified.at}. It may come at ${ripe}.`,
    );
  }
  const under = read.state?.release?.candidate.digest === candidate.digest;
  const what = `${name} takes only what ${before} has verified, and ${model} ${candidate.version} (${short(candidate.digest)}) is not verified there`;
  if (under) return refuse("not-verified-before", `${what} yet: its release ${read.state?.release?.id} is on its way. Wait for it.`);
  const line = printDeploy({ ...request.command, kind: "deploy", environment: before, sha: short(request.pullRequest.head) });
  return refuse("not-verified-before", `${what}. Deploy it to ${before} first.`, line);
}
