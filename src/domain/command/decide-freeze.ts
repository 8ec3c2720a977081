import { freezePath } from "#domain/environment/paths.ts";
import { addMilliseconds, millisecondsBetween } from "#domain/model/time.ts";
import { environmentOrder, environmentRules } from "#domain/policy/environments.ts";
import { parseFreezeFile, printFreezeFile } from "#domain/policy/freeze-file.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { nearest } from "#domain/text/nearest.ts";
import { type CommandDecision, type CommandRefusal, refuseCommand } from "./command-decision.ts";
import type { FreezeCommand, UnfreezeCommand } from "./freeze-verbs.ts";
import { notPermitted, policyFor } from "./place-command.ts";
import type { CommandRequest, FreezingCommand } from "./release-request.ts";
import { beganAfter } from "./running-release.ts";

/** Freezes set by command are files; the calendar stays in the policy. */
export function decideFreeze(request: CommandRequest<FreezingCommand>): CommandDecision {
  const ruled = policyFor(request);
  if (ruled.kind === "refuse") return ruled;
  const stranger = fromAStranger(ruled.policy, request);
  if (stranger !== undefined) return stranger;
  const { command } = request;
  return command.kind === "freeze" ? setFreeze(ruled.policy, { ...request, command }) : liftFreeze(ruled.policy, { ...request, command });
}

/** A freeze stops other teams: only a repository that the policy names has a say. */
function fromAStranger({ models }: Policy, { repository }: CommandRequest<unknown>): CommandRefusal | undefined {
  if (Object.values(models).some(({ id, repository: name }) => id === repository.id && name === repository.name)) return undefined;
  return refuseCommand(
    "repository-not-named-by-policy",
    `The policy names no model of ${repository.name} (${repository.id}), so nothing is frozen from here.`,
  );
}

function setFreeze(policy: Policy, request: CommandRequest<FreezeCommand>): CommandDecision {
  const { command, comment, trigger, now, by, line, snapshot } = request;
  const { environment, until, reason } = command;
  if (environment !== null && environmentRules(policy, environment) === undefined) {
    const names = environmentOrder(policy);
    const meant = nearest(environment, [...names, "all"]);
    return refuseCommand(
      "unknown-environment",
      `The policy has no environment ${environment}; it has ${names.join(", ")}.`,
      meant && line.replace(` ${environment}`, ` ${meant}`),
    );
  }
  const barred = notPermitted(policy, request, environment);
  if (barred !== undefined) return barred;
  const to = until === null ? undefined : "at" in until ? until.at : addMilliseconds(comment.createdAt, until.after);
  if (to !== undefined && millisecondsBetween(now, to) <= 0)
    return refuseCommand(
      "freeze-ends-in-the-past",
      `${to} is past: a freeze ends after it begins.`,
      `/slipway freeze ${environment ?? "all"} until <time> ${reason}`,
    );
  const name = `${environment ?? "all"}-${trigger.kind === "comment" ? trigger.id : trigger.check}`;
  const path = freezePath(name);
  if (snapshot.texts.has(path)) return refuseCommand("already-frozen", `There is a freeze ${name} already.`, `/slipway unfreeze ${name}`);
  const text = printFreezeFile({
    schema: "slipway/freeze/v1",
    name,
    ...(environment !== null && { environments: [environment] }),
    from: now,
    ...(to !== undefined && { to }),
    reason: reason.slice(0, 1000),
    by,
  });
  const where = environment ?? "every environment";
  const subject = `Freeze ${where} ${to === undefined ? "until somebody lifts it" : `until ${to}`}, as ${name}`;
  return { kind: "files", subject, step: "freeze", why: reason, writes: [{ kind: "text", path, text }] };
}

function liftFreeze(policy: Policy, request: CommandRequest<UnfreezeCommand>): CommandDecision {
  const { command, snapshot } = request;
  const path = freezePath(command.name);
  const text = snapshot.texts.get(path);
  if (text === undefined) return noSuchFreeze(policy, request);
  const read = parseFreezeFile(text, path);
  if (read.kind === "invalid")
    return refuseCommand(
      "freeze-unreadable",
      `${path} cannot be read, so nobody knows whether it is older than your comment. A platform engineer mends or removes it.`,
    );
  const places = read.value.environments ?? [null];
  const barred = places.map((environment) => notPermitted(policy, request, environment)).find((refusal) => refusal !== undefined);
  const refused = barred ?? beganAfter(request, `The freeze ${command.name}`, read.value.from);
  if (refused !== undefined) return refused;
  return { kind: "files", subject: `Lift the freeze ${command.name}`, step: "unfreeze", why: "", writes: [{ kind: "delete", path }] };
}

function noSuchFreeze(policy: Policy, { command, snapshot }: CommandRequest<UnfreezeCommand>): CommandRefusal {
  if (policy.freezes.some(({ name }) => name === command.name))
    return refuseCommand(
      "freeze-of-the-policy",
      `${command.name} is in the calendar of the policy, which no command changes. Who may change .slipway/policy.yaml does.`,
    );
  const names = [...snapshot.texts.keys()].flatMap((path) => /^\.slipway\/freezes\/(.+)\.yaml$/.exec(path)?.[1] ?? []);
  const meant = nearest(command.name, names);
  const others = names.length === 0 ? "none is set" : `there ${names.length === 1 ? "is" : "are"} ${names.join(", ")}`;
  return refuseCommand("not-frozen", `There is no freeze ${command.name}; ${others}.`, meant && `/slipway unfreeze ${meant}`);
}
