import { describe, policyIn } from "#domain/environment/read-snapshot.ts";
import type { ModelName } from "#domain/model/names.ts";
import { environmentOrder, environmentRules } from "#domain/policy/environments.ts";
import { modelRules } from "#domain/policy/model-rules.ts";
import { mayUse } from "#domain/policy/permission.ts";
import type { Policy, RoleName } from "#domain/policy/policy.ts";
import { nearest } from "#domain/text/nearest.ts";
import { type CommandRefusal, refuseCommand } from "./command-decision.ts";
import { commandNamed } from "./registry.ts";
import type { CommandRequest, ModelCommand, PlacedCommand } from "./release-request.ts";
import { unfitComment } from "./unfit-comment.ts";

/** Which model in which environment a command means, and that its author may do this there; or why not. */
export function placeCommand<Asked extends ModelCommand>(request: CommandRequest<Asked>): PlacedCommand<Asked> | CommandRefusal {
  const { command, line, snapshot } = request;
  const ruled = policyFor(request);
  if (ruled.kind === "refuse") return ruled;
  const { policy } = ruled;
  const environment = environmentRules(policy, command.environment);
  if (environment === undefined) {
    const names = environmentOrder(policy);
    const meant = nearest(command.environment, names);
    return refuseCommand(
      "unknown-environment",
      `The policy has no environment ${command.environment}; it has ${names.join(", ")}.`,
      meant && line.replace(` ${command.environment}`, ` ${meant}`),
    );
  }
  const meant = meantModel(request);
  if (meant.kind === "refuse") return meant;
  const role = command.kind === "approve" ? environment.approvals?.role : undefined;
  const barred = notThisRepository(policy, meant.model, request) ?? notPermitted(policy, request, command.environment, role);
  return barred ?? { ...request, kind: "placed", policy, environment, model: meant.model, snapshot };
}

/** The policy under which a comment that is fit to be executed is decided. */
export function policyFor(
  request: Pick<CommandRequest<unknown>, "comment" | "now" | "line" | "snapshot">,
): { readonly kind: "ruled"; readonly policy: Policy } | CommandRefusal {
  const unfit = unfitComment(request.comment, request.now);
  if (unfit !== undefined) return refuseCommand(unfit.code, unfit.message, request.line);
  const policy = policyIn(request.snapshot);
  if (policy.kind === "ok") return { kind: "ruled", policy: policy.value };
  return refuseCommand(
    "policy-unreadable",
    `The policy cannot be read, so nobody is known to have a role: ${describe(policy.problems.slice(0, 1))}. A platform engineer mends it; until then people change the environments repository by hand.`,
  );
}

/** Why a person may not use a command there, by the policy's matrix. */
export function notPermitted(
  policy: Policy,
  { command, person, line }: CommandRequest<{ readonly kind: string }>,
  environment: PlacedCommand<unknown>["environment"]["name"] | null,
  role: RoleName = commandNamed(command.kind)?.role ?? "deployer",
): CommandRefusal | undefined {
  const use = { command: command.kind, environment, role };
  const permission = mayUse(policy, use, person);
  if (permission.kind === "allowed") return undefined;
  const where = environment === null ? "" : ` in ${environment}`;
  const who =
    permission.who === null ? "The policy gives that to nobody; a platform engineer adds the role" : `That is for ${permission.who}`;
  return refuseCommand(
    "not-permitted",
    `${person.login} may not ${command.kind}${where}. ${who}.`,
    permission.who === null ? undefined : line,
    permission.who ?? undefined,
  );
}

type Meant = { readonly kind: "model"; readonly model: ModelName } | CommandRefusal;

/** The model that is meant where the command does not say. */
export function meantModel({
  command,
  changed,
  line,
}: Pick<CommandRequest<{ readonly model: ModelName | null }>, "command" | "changed" | "line">): Meant {
  if (command.model !== null) return { kind: "model", model: command.model };
  const [only, ...others] = changed;
  if (only === undefined)
    return refuseCommand("no-model-changed", "This pull request changes no model: name one with --model.", `${line} --model <name>`);
  if (others.length === 0) return { kind: "model", model: only };
  return refuseCommand(
    "model-required",
    `This pull request changes ${changed.join(", ")}: say which one with --model.`,
    `${line} --model ${only}`,
  );
}

/** Why a model is not commanded from here. */
export function notThisRepository(
  policy: Policy,
  model: ModelName,
  { repository }: Pick<CommandRequest<unknown>, "repository">,
): CommandRefusal | undefined {
  const rules = modelRules(policy, model);
  if (rules === undefined)
    return refuseCommand("model-not-in-policy", `The policy does not name ${model}. A platform engineer adds it to .slipway/policy.yaml.`);
  if (rules.id === repository.id && rules.repository === repository.name) return undefined;
  return refuseCommand(
    "repository-not-named-by-policy",
    `The policy lets only ${rules.repository} (${rules.id}) command ${model}; this is ${repository.name} (${repository.id}). Comment on a pull request there.`,
  );
}
