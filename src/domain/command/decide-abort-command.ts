import { holdOn } from "#domain/environment/read-snapshot.ts";
import { rollbackTarget, verifiedLive } from "#domain/rollout/moves.ts";
import { endedMove } from "#domain/rollout/person-moves.ts";
import { type CommandDecision, refuseCommand } from "./command-decision.ts";
import type { PlacedCommand, ReleaseCommand } from "./release-request.ts";
import { beganAfter, editNotNamed, isHeld, lineFor, type RunningStanding } from "./running-release.ts";

/**
 * Going back is never frozen, and goes back to what is live and was verified, or not at all. A release that is stopping ends where its
 * rollback cannot: its weight is back already, so nothing grows, and its hold stays.
 */
export function decideAbortCommand(placed: PlacedCommand<ReleaseCommand>, standing: RunningStanding): CommandDecision {
  const { open, record, state } = standing;
  const refused = beganAfter(placed, `Release ${open.id}`, record.startedAt) ?? editNotNamed(placed, standing);
  if (refused !== undefined) return refused;
  return open.phase === "stopping" ? endStopping(placed, standing) : endRunning(placed, { ...standing, state });
}

function endRunning(placed: PlacedCommand<ReleaseCommand>, { state, record }: RunningStanding): CommandDecision {
  const { snapshot, environment, model } = placed;
  const stable = verifiedLive(state);
  if (stable === undefined)
    return refuseCommand(
      "stable-not-verified",
      `${state.live.version}, live beside the canary, was never verified in ${environment.name}, so it does not get all traffic.`,
      lineFor(placed, "rollback"),
    );
  const hold = holdOn(snapshot, environment.name, model, stable.digest);
  if (hold !== undefined)
    return refuseCommand(
      "stable-held",
      `${stable.version}, live beside the canary, is held (${hold.reason}), so it does not get all traffic.`,
      lineFor(placed, "rollback"),
    );
  return ended(placed, { state, record }, stable.files);
}

function endStopping(placed: PlacedCommand<ReleaseCommand>, { open, state, record, proposal }: RunningStanding): CommandDecision {
  if (proposal?.state === "open")
    return refuseCommand(
      "rollback-open",
      `Rollback pull request #${proposal.number} of the environments repository is open: merge it, or close it and abort then.`,
      lineFor(placed, "abort"),
    );
  const target = rollbackTarget(state, record.candidate, isHeld(placed));
  if (proposal?.state === "merged" || (proposal === undefined && target !== undefined))
    return refuseCommand("rollback-on-its-way", `The rollback of release ${open.id} is on its way and ends it.`, "/slipway status");
  const isLive = state.live.digest === record.candidate.digest;
  return ended(placed, { state, record }, isLive ? null : (verifiedLive(state)?.files ?? null));
}

function ended(
  { by, now, command }: PlacedCommand<ReleaseCommand>,
  release: Pick<RunningStanding, "state" | "record">,
  files: Parameters<typeof endedMove>[1],
): CommandDecision {
  return { kind: "move", move: endedMove(release, files, { by, now, reason: command.reason }), why: command.reason };
}
