import { approves, policyBlob } from "#domain/environment/approval.ts";
import { approvalsIn } from "#domain/environment/read-snapshot.ts";
import { short } from "#domain/model/names.ts";
import { sameLogin, whoHas } from "#domain/policy/roles.ts";
import type { PassingModel } from "./deploy-model.ts";
import { type DeployRefusal, refuse } from "./deploy-refusal.ts";
import type { PlacedRequest } from "./deploy-request.ts";

/** Why a version lacks the consent of enough people, none of them the author, to exactly what would be released; undefined when it has it. */
export function unapproved(request: PlacedRequest, passing: PassingModel): DeployRefusal | undefined {
  const { approvals: rules, name } = request.environment;
  if (rules === undefined) return undefined;
  const given = approversOf(request, passing);
  if (given.length >= rules.people) return undefined;
  const who = whoHas(rules.role, request.policy);
  const wanted = rules.people === 1 ? "one approval" : `${rules.people} approvals`;
  const has = given.length === 0 ? "it has none" : `it has ${given.length}, of ${given.join(", ")}`;
  const from =
    who === null ? "The policy gives nobody that role" : `They come from ${who}, other than its author ${request.pullRequest.author}`;
  return refuse(
    "not-approved",
    `${name} asks for ${wanted} of ${passing.model} ${passing.candidate.version} as it is, with today's manifests and policy, and ${has}. ${from}.`,
    `/slipway approve ${name} @${short(request.pullRequest.head)}`,
    who === null ? undefined : `${who}, other than ${request.pullRequest.author}`,
  );
}

/** Distinct people, by the approvals that are of exactly what would be released now. */
function approversOf(
  { snapshot, environment, manifests, pullRequest }: PlacedRequest,
  { model, candidate }: PassingModel,
): readonly string[] {
  const policy = policyBlob(snapshot);
  if (policy === undefined || manifests === null) return [];
  const valid = approvalsIn(snapshot, environment.name, model).filter((approval) =>
    approves(approval, { digest: candidate.digest, manifests, policy }),
  );
  const people = valid.map(({ by }) => by).filter((login) => !sameLogin(login, pullRequest.author));
  return people.filter((login, index) => people.findIndex((other) => sameLogin(other, login)) === index);
}
