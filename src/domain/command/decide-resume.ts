import { freezeOn } from "#domain/environment/freeze-in-force.ts";
import { holdOn } from "#domain/environment/read-snapshot.ts";
import { short } from "#domain/model/names.ts";
import { whoHas } from "#domain/policy/roles.ts";
import { rollbackTarget } from "#domain/rollout/moves.ts";
import { resumedMove, retriedRollbackMove } from "#domain/rollout/person-moves.ts";
import { type CommandDecision, type CommandRefusal, refuseCommand } from "./command-decision.ts";
import type { PlacedCommand, ReleaseCommand } from "./release-request.ts";
import { beganAfter, editNotNamed, isHeld, lineFor, type RunningStanding } from "./running-release.ts";

/** A resumed step keeps its weight and is judged anew; exposure grows only by what the step then passes. */
export function decideResume(placed: PlacedCommand<ReleaseCommand>, standing: RunningStanding): CommandDecision {
  const { open, edit } = standing;
  if (open.phase === "stopping")
    return refuseCommand(
      "stopping",
      `Release ${open.id} is being rolled back: ${open.reason}. It does not go on.`,
      lineFor(placed, "retry"),
    );
  if (open.phase === "progressing" && edit === undefined)
    return refuseCommand("not-paused", `Release ${open.id} is not paused; it stands at ${open.weight} %.`, "/slipway status");
  return takeStepAgain(placed, standing);
}

/** What failed runs again: a step that Slipway paused, or a rollback whose pull request a person closed. Nothing else. */
export function decideRetry(placed: PlacedCommand<ReleaseCommand>, standing: RunningStanding): CommandDecision {
  const { open, edit } = standing;
  if (open.phase === "stopping") return decideRollbackAgain(placed, { ...standing, open });
  if (edit !== undefined)
    return refuseCommand(
      "edited",
      `Nothing failed: the files were edited by ${edit.by}, and Slipway overwrites nothing.`,
      lineFor(placed, "resume", ` @${short(edit.commit)}`),
    );
  if (open.phase === "progressing")
    return refuseCommand("nothing-failed", `Nothing failed: release ${open.id} stands at ${open.weight} %.`, "/slipway status");
  if (open.by !== undefined) return refuseCommand("paused-by-a-person", `Nothing failed: ${open.reason}.`, lineFor(placed, "resume"));
  return takeStepAgain(placed, standing);
}

function takeStepAgain(placed: PlacedCommand<ReleaseCommand>, standing: RunningStanding): CommandDecision {
  const { open, record, edit, state } = standing;
  const refused =
    beganAfter(placed, `Release ${open.id}`, record.startedAt) ??
    (open.phase === "paused" ? beganAfter(placed, "The pause", open.pausedAt) : undefined) ??
    editNotNamed(placed, standing) ??
    candidateHeld(placed, standing) ??
    (edit === undefined ? undefined : frozen(placed, standing));
  if (refused !== undefined) return refused;
  const { by, now, command } = placed;
  const move = resumedMove({ state, open, record, held: isHeld(placed) }, { by, now, reason: command.reason }, edit !== undefined);
  return { kind: "move", move, why: command.reason };
}

function candidateHeld(
  { snapshot, environment, model, policy }: PlacedCommand<unknown>,
  { open }: RunningStanding,
): CommandRefusal | undefined {
  const hold = holdOn(snapshot, environment.name, model, open.candidate.digest);
  if (hold === undefined) return undefined;
  const who = whoHas("holder", policy) ?? "who may write to the environments repository";
  return refuseCommand(
    "held",
    `${model} ${open.candidate.version} is held in ${environment.name}: ${hold.reason}. It is lifted by ${who}.`,
    `/slipway unhold ${environment.name} ${short(open.candidate.digest)} <reason> --model ${model}`,
    who,
  );
}

/** What was edited may have less weight than the release stands at, so writing it again may let exposure grow. */
function frozen(
  { snapshot, policy, environment, now, model, line }: PlacedCommand<unknown>,
  { open }: RunningStanding,
): CommandRefusal | undefined {
  const freeze = freezeOn(snapshot, policy, environment.name, now, { model, digest: open.candidate.digest });
  if (freeze === null) return undefined;
  const until = `The freeze ${freeze.name} lasts until ${freeze.until}`;
  return refuseCommand("frozen", `${until}, and writing over the edit may let exposure grow. After that, type it again.`, line);
}

function decideRollbackAgain(
  placed: PlacedCommand<ReleaseCommand>,
  standing: RunningStanding & { readonly open: Extract<RunningStanding["open"], { phase: "stopping" }> },
): CommandDecision {
  const { open, record, proposal, state } = standing;
  const held = isHeld(placed);
  const late = beganAfter(placed, "The rollback", open.stoppedAt);
  if (late !== undefined) return late;
  if (proposal?.state === "open")
    return refuseCommand(
      "rollback-open",
      `Rollback pull request #${proposal.number} of the environments repository waits to be merged.`,
      "/slipway status",
    );
  if (rollbackTarget(state, record.candidate, held) === undefined)
    return refuseCommand(
      "no-verified-target",
      `There is nothing to restore: no earlier version was verified in ${placed.environment.name} that is not held. Lift a hold, or end the release as it stands.`,
      lineFor(placed, "abort"),
    );
  if (proposal?.state !== "closed")
    return refuseCommand(
      "rollback-on-its-way",
      `The rollback of release ${open.id} is on its way; Slipway tries each step again by itself.`,
      "/slipway status",
    );
  return { kind: "move", move: retriedRollbackMove({ state, open, record, held }, open), why: placed.command.reason };
}
