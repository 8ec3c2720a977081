import type { CommandDecision } from "./command-decision.ts";
import { decideApprove } from "./decide-approve.ts";
import { decideFreeze } from "./decide-freeze.ts";
import { decideHold } from "./decide-hold.ts";
import { decideLock } from "./decide-lock.ts";
import { decideOverride } from "./decide-override.ts";
import type { OverrideCommand } from "./override-command.ts";
import { placeCommand } from "./place-command.ts";
import type { CommandRequest, FreezingCommand, ModelCommand, PlacedCommand, ReleaseCommand, VersionStanding } from "./release-request.ts";

export type AnyCommand = ModelCommand | FreezingCommand | OverrideCommand;

/**
 * Decides a command by the function of its kind; each is given no more than it is decided on.
 * @param version where the proposed version stands; asked for only by what is said of it
 * @param onRelease decides a command about a release, whose record and last edit somebody has to read first
 */
export function decideCommand<OnRelease>(
  request: CommandRequest<AnyCommand>,
  version: () => VersionStanding,
  onRelease: (placed: PlacedCommand<ReleaseCommand>) => OnRelease,
): CommandDecision | OnRelease {
  const { command } = request;
  if (command.kind === "freeze" || command.kind === "unfreeze") return decideFreeze({ ...request, command });
  if (command.kind === "override") return decideOverride({ ...request, command }, version());
  const placed = placeCommand({ ...request, command });
  if (placed.kind === "refuse") return placed;
  switch (command.kind) {
    case "hold":
    case "unhold":
      return decideHold({ ...placed, command });
    case "lock":
    case "unlock":
      return decideLock({ ...placed, command });
    case "approve":
      return decideApprove({ ...placed, command }, version());
    default:
      return onRelease({ ...placed, command });
  }
}
