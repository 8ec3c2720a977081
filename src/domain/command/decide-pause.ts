import { short } from "#domain/model/names.ts";
import { pausedMove } from "#domain/rollout/person-moves.ts";
import { type CommandDecision, refuseCommand } from "./command-decision.ts";
import type { PlacedCommand, ReleaseCommand } from "./release-request.ts";
import { beganAfter, isHeld, lineFor, type RunningStanding } from "./running-release.ts";

/** A pause keeps the weight; it never waits for anything, since it lets nothing grow. */
export function decidePause(placed: PlacedCommand<ReleaseCommand>, standing: RunningStanding): CommandDecision {
  const { open, record, edit, state } = standing;
  if (open.phase === "stopping")
    return refuseCommand(
      "stopping",
      `Release ${open.id} is being rolled back already: ${open.reason}.`,
      lineFor(placed, "status").replace(` ${placed.environment.name}`, ""),
    );
  if (open.phase === "paused")
    return refuseCommand("already-paused", `Release ${open.id} is paused already: ${open.reason}.`, lineFor(placed, "resume"));
  if (edit !== undefined)
    return refuseCommand(
      "edited",
      `Slipway has stopped already: the files were edited by ${edit.by}, and it overwrites nothing.`,
      lineFor(placed, "resume", ` @${short(edit.commit)}`),
    );
  const late = beganAfter(placed, `Release ${open.id}`, record.startedAt);
  if (late !== undefined) return late;
  const { by, now, command } = placed;
  const move = pausedMove({ state, open, record, held: isHeld(placed) }, { by, now, reason: command.reason });
  return { kind: "move", move, why: command.reason };
}
