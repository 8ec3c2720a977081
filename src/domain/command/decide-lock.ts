import { printLock } from "#domain/environment/lock.ts";
import { lockPath } from "#domain/environment/paths.ts";
import { describe, lockIn } from "#domain/environment/read-snapshot.ts";
import { type CommandDecision, refuseCommand } from "./command-decision.ts";
import type { LockCommand, PlacedCommand } from "./release-request.ts";
import { beganAfter, lineFor } from "./running-release.ts";

/** A lock stops what has not begun; it never touches what runs. */
export function decideLock(placed: PlacedCommand<LockCommand>): CommandDecision {
  const { command, environment, model, snapshot, by, now, repository, pullRequest } = placed;
  const path = lockPath(environment.name, model);
  const standing = lockIn(snapshot, environment.name, model);
  if (standing?.kind === "invalid")
    return refuseCommand(
      "lock-unreadable",
      `${model} is locked in ${environment.name} by a file that cannot be read: ${describe(standing.problems)}. A platform engineer mends or removes it.`,
    );
  if (command.kind === "unlock") {
    if (standing === undefined) return refuseCommand("not-locked", `${model} is not locked in ${environment.name}.`, "/slipway status");
    const late = beganAfter(placed, "The lock", standing.value.at);
    if (late !== undefined) return late;
    const subject = `Unlock ${model} in ${environment.name}`;
    return { kind: "files", subject, step: "unlock", why: command.reason, writes: [{ kind: "delete", path }] };
  }
  if (standing !== undefined)
    return refuseCommand(
      "already-locked",
      `${model} was locked in ${environment.name} by ${standing.value.by} at ${standing.value.at}${why(standing.value.reason)}.`,
      lineFor(placed, "unlock"),
    );
  const text = printLock({
    schema: "slipway/lock/v1",
    environment: environment.name,
    model,
    by,
    at: now,
    ...(command.reason !== "" && { reason: command.reason }),
    pullRequest: command.keep ? null : { repository: repository.name, number: pullRequest },
  });
  const until = command.keep ? "until somebody unlocks it" : `until pull request #${pullRequest} closes or somebody unlocks it`;
  const subject = `Lock ${model} in ${environment.name} ${until}`;
  return { kind: "files", subject, step: "lock", why: command.reason, writes: [{ kind: "text", path, text }] };
}

function why(reason: string | undefined): string {
  return reason === undefined ? "" : `: ${reason}`;
}
