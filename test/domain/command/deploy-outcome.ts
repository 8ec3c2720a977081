import { decideDeploy } from "#domain/command/decide-deploy.ts";
import type { DeployRefusal } from "#domain/command/deploy-refusal.ts";
import type { DeployRequest } from "#domain/command/deploy-request.ts";
import { deployRequest } from "./deploy-request-builder.ts";

/** `start`, or the code of what was decided instead, on the usual request with these differences. */
export function outcome(overrides: Partial<DeployRequest>): string {
  const decision = decideDeploy(deployRequest(overrides));
  return decision.kind === "start" ? "start" : decision.code;
}

export function refusal(overrides: Partial<DeployRequest>): DeployRefusal {
  const decision = decideDeploy(deployRequest(overrides));
  if (decision.kind !== "refuse") throw new Error(`not refused but ${decision.kind}`);
  return decision;
}
