import { printHold } from "#domain/environment/hold.ts";
import { holdPath } from "#domain/environment/paths.ts";
import { holdOn } from "#domain/environment/read-snapshot.ts";
import { short } from "#domain/model/names.ts";
import { rollbackTarget } from "#domain/rollout/moves.ts";
import { liveStoppedMove, stoppedMove } from "#domain/rollout/person-moves.ts";
import { releaseId } from "#domain/rollout/release.ts";
import { type CommandDecision, refuseCommand } from "./command-decision.ts";
import type { PlacedCommand, ReleaseCommand, ReleaseStanding } from "./release-request.ts";
import { beganAfter, isHeld, lineFor } from "./running-release.ts";
import { printTrigger } from "./trigger.ts";

/**
 * The first write of a rollback by a person's word; the second is the same as after a breach. Of the release that is on its way, else of
 * what is live. Never frozen, never to what was not verified or is held (invariants 6 and 8).
 */
export function decideRollbackCommand(placed: PlacedCommand<ReleaseCommand>, standing: ReleaseStanding): CommandDecision {
  const { state, open, record, proposal } = standing;
  const { by, now, command } = placed;
  if (open === null || record === undefined) return rollBackLive(placed, standing);
  if (open.phase === "stopping") {
    const closed = proposal?.state === "closed";
    return refuseCommand(
      "stopping",
      `Release ${open.id} is being rolled back already: ${open.reason}.${closed ? ` Its pull request #${proposal.number} was closed.` : ""}`,
      closed ? lineFor(placed, "retry") : "/slipway status",
    );
  }
  const late = beganAfter(placed, `Release ${open.id}`, record.startedAt);
  if (late !== undefined) return late;
  const move = stoppedMove({ state, open, record, held: isHeld(placed) }, { by, now, reason: command.reason });
  return { kind: "move", move, why: command.reason };
}

function rollBackLive(placed: PlacedCommand<ReleaseCommand>, { state, record }: ReleaseStanding): CommandDecision {
  const { by, now, command, trigger, environment, model } = placed;
  const { live } = state;
  const late = beganAfter(placed, `${live.version}, which is live,`, live.since);
  if (late !== undefined) return late;
  const target = rollbackTarget(state, live, isHeld(placed));
  if (target === undefined) return holdOnly(placed, state);
  if (record === undefined)
    return refuseCommand(
      "not-recorded",
      `No release brought ${live.version} or ${target.version} to ${environment.name}: both were adopted, so no record says how they are served. Restore the files of ${target.version} by hand, and hold what is live.`,
      `/slipway hold ${environment.name} ${short(live.digest)} <reason> --model ${model}`,
    );
  const id = releaseId(printTrigger(trigger), environment.name, model, live.digest);
  const adopted = record.candidate.digest !== live.digest;
  const rollback = { id, trigger, target, origin: record, adopted };
  return { kind: "move", move: liveStoppedMove(state, rollback, { by, now, reason: command.reason }), why: command.reason };
}

/** Nothing can be restored: what is live at least does not come anywhere again, and the removal of its route is proposed, which a person decides. */
function holdOnly(
  { snapshot, environment, model, by, now, command }: PlacedCommand<ReleaseCommand>,
  { live }: ReleaseStanding["state"],
): CommandDecision {
  const nothing = `There is nothing to restore in ${environment.name}: no earlier version was verified there that is not held`;
  if (holdOn(snapshot, environment.name, model, live.digest) !== undefined)
    return refuseCommand(
      "no-verified-target",
      `${nothing}, and ${live.version} is held already. A person decides what the route serves, or deploys another version.`,
      `/slipway deploy ${environment.name} @<sha> --model ${model}`,
    );
  const reason = `${by} asked for a rollback, and nothing verified could be restored${command.reason === "" ? "" : `: ${command.reason}`}`;
  const hold = printHold({
    schema: "slipway/hold/v1",
    environment: environment.name,
    model,
    version: live.version,
    digest: live.digest,
    since: now,
    reason,
    by,
    removal: true,
    liftedBy: "holder",
  });
  return {
    kind: "files",
    subject: `Hold ${model} ${live.version} in ${environment.name}: nothing verified could be restored, so a pull request proposes to remove the route`,
    step: "hold",
    why: command.reason,
    writes: [{ kind: "text", path: holdPath(environment.name, model, live.digest), text: hold }],
  };
}
