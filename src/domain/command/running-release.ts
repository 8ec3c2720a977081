import { holdOn } from "#domain/environment/read-snapshot.ts";
import type { OpenRelease } from "#domain/environment/state.ts";
import { short, type VersionRef } from "#domain/model/names.ts";
import { type Instant, millisecondsBetween } from "#domain/model/time.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";
import { type CommandRefusal, refuseCommand } from "./command-decision.ts";
import type { PlacedCommand, ReleaseCommand, ReleaseStanding } from "./release-request.ts";

/** A standing in which a release is open and its record can be read. */
export interface RunningStanding extends ReleaseStanding {
  readonly open: OpenRelease;
  readonly record: ReleaseRecord;
}

/** A command means what its author could see: what began later is another thing (invariant 2). The moment is the one that Git recorded. */
export function beganAfter(
  { comment, line }: Pick<PlacedCommand<unknown>, "comment" | "line">,
  what: string,
  began: Instant,
): CommandRefusal | undefined {
  if (millisecondsBetween(began, comment.createdAt) >= 0) return undefined;
  return refuseCommand("began-after-comment", `${what} began at ${began}, after your comment. If you mean it, type it again.`, line);
}

/** Files that a person edited are overwritten only by someone who names that edit. */
export function editNotNamed(
  { command, environment }: PlacedCommand<ReleaseCommand>,
  { edit, record }: RunningStanding,
): CommandRefusal | undefined {
  if (edit === undefined) return undefined;
  if (command.edit !== null && edit.commit.startsWith(command.edit)) return undefined;
  return refuseCommand(
    "edit-not-named",
    `The files of ${record.model} in ${environment.name} were edited by ${edit.by}, and ${command.kind} would write over that. Look at it; if it is to be set aside, name it.`,
    `/slipway ${command.kind} ${environment.name} @${short(edit.commit)} --model ${record.model}`,
  );
}

export function isHeld({ snapshot, environment, model }: PlacedCommand<unknown>): (version: VersionRef) => boolean {
  return (version) => holdOn(snapshot, environment.name, model, version.digest) !== undefined;
}

/** The same release, told to do something else. */
export function lineFor({ environment, model }: PlacedCommand<unknown>, verb: string, rest = ""): string {
  return `/slipway ${verb} ${environment.name}${rest} --model ${model}`;
}
