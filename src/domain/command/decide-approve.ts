import { type Approval, approves, parseApprovals, policyBlob, printApprovals } from "#domain/environment/approval.ts";
import { approvalsPath } from "#domain/environment/paths.ts";
import { approvalsIn, describe, stateIn } from "#domain/environment/read-snapshot.ts";
import { sameLogin, whoHas } from "#domain/policy/roles.ts";
import type { ApproveCommand } from "./approve.ts";
import { type CommandDecision, type CommandRefusal, refuseCommand } from "./command-decision.ts";
import { passingModel } from "./deploy-model.ts";
import { closedUnmerged, fromFork, judgedUnfit, stillDraft } from "./deploy-pull-request.ts";
import type { DeployRefusal } from "./deploy-refusal.ts";
import type { PlacedRequest } from "./deploy-request.ts";
import { headMeantBy } from "./deploy-sha.ts";
import type { PlacedCommand, VersionStanding } from "./release-request.ts";
import { consentedBy } from "./trigger.ts";

/** As many as the file keeps. */
const mostApprovals = 50;

/**
 * Whether a person's consent is written down, for the environment that asks for it. It is bound to the commit, the artifact, the
 * manifests and the policy, each by its digest: when one of them changes it is void, and nobody has to take it back.
 */
export function decideApprove(placed: PlacedCommand<ApproveCommand>, standing: VersionStanding): CommandDecision {
  const { environment, model, by, now, trigger, snapshot } = placed;
  const { approvals: rules, name } = environment;
  if (rules === undefined)
    return refuseCommand(
      "approvals-not-asked",
      `${name} asks for no approvals: whoever may deploys it.`,
      placed.line.replace("approve", "deploy"),
    );
  const { pullRequest, manifests } = standing;
  if (sameLogin(by, pullRequest.author))
    return refuseCommand(
      "own-version",
      `${by} proposed this version, and nobody approves their own. Ask somebody else of the role ${rules.role}.`,
      placed.line,
      whoHas(rules.role, placed.policy) ?? undefined,
    );
  const request = asDeploy(placed, standing);
  const unfit = judgedUnfit(request) ?? fromFork(request) ?? closedUnmerged(request) ?? stillDraft(request);
  if (unfit !== undefined) return asked(unfit);
  const head = headMeantBy(request);
  if (head.kind === "refuse") return asked(head);
  const passing = passingModel(request);
  if (passing.kind === "refuse") return asked(passing);
  const policy = policyBlob(snapshot);
  if (manifests === null || policy === undefined)
    return refuseCommand(
      "nothing-to-approve",
      `model.yaml of ${model} has no rollout on the default branch that its target can carry out, so there are no manifests to approve. \`slipway validate\` says why.`,
    );
  const path = approvalsPath(name, model);
  const text = snapshot.texts.get(path);
  const file = text === undefined ? undefined : parseApprovals(text, path);
  if (file?.kind === "invalid")
    return refuseCommand(
      "approvals-unreadable",
      `The approvals of ${model} in ${name} cannot be read: ${describe(file.problems)}. A platform engineer mends the file.`,
    );
  const state = stateIn(snapshot, name, model);
  const live = state?.kind === "ok" ? state.value.live.digest : undefined;
  const approvals = approvalsIn(snapshot, name, model);
  const subject = { digest: passing.candidate.digest, manifests, policy };
  const valid = approvals.filter((approval) => approves(approval, subject) && !sameLogin(approval.by, pullRequest.author));
  if (valid.some((approval) => sameLogin(approval.by, by)))
    return refuseCommand(
      "already-approved",
      `${by} has approved exactly this for ${name}; ${counted(valid.length, rules.people)}.`,
      "/slipway status",
    );
  const given: Approval = { by, at: now, command: consentedBy(trigger), sha: head.sha, ...subject };
  const kept = [...approvals.filter(({ digest }) => digest !== live), given].slice(-mostApprovals);
  const printed = printApprovals({ schema: "slipway/approvals/v1", environment: name, model, approvals: kept });
  return {
    kind: "files",
    subject: `Approve ${model} ${passing.candidate.version} for ${name} (${counted(valid.length + 1, rules.people)})`,
    step: "approve",
    why: "",
    writes: [{ kind: "text", path, text: printed }],
  };
}

function counted(given: number, wanted: number): string {
  return `${Math.min(given, wanted)} of ${wanted} ${wanted === 1 ? "approval" : "approvals"}`;
}

/** The questions that a deploy of the same version would be asked before its environment is. */
function asDeploy(placed: PlacedCommand<ApproveCommand>, standing: VersionStanding): PlacedRequest {
  const { command, person, model } = placed;
  return {
    ...placed,
    ...standing,
    command: { kind: "deploy", environment: command.environment, sha: command.sha, model },
    executed: false,
    standing: person.standing,
    owners: person.owners,
    newModels: [],
  };
}

/** The same refusal, whose next line is of this command. */
function asked({ code, message, nextLine, who }: DeployRefusal): CommandRefusal {
  return refuseCommand(code, message, nextLine?.replace("/slipway deploy ", "/slipway approve "), who);
}
