import { type CommandDecision, refuseCommand } from "./command-decision.ts";
import { decideAbortCommand } from "./decide-abort-command.ts";
import { decidePause } from "./decide-pause.ts";
import { decideResume, decideRetry } from "./decide-resume.ts";
import { decideRollbackCommand } from "./decide-rollback-command.ts";
import type { PlacedCommand, ReleaseCommand, ReleaseStanding } from "./release-request.ts";

/** Whether a person's command about a release is carried out, and by which commit. */
export function decideReleaseCommand(placed: PlacedCommand<ReleaseCommand>, standing: ReleaseStanding): CommandDecision {
  const { open, record, state } = standing;
  const { kind } = placed.command;
  if (kind === "rollback" && open === null) return decideRollbackCommand(placed, standing);
  if (open === null)
    return refuseCommand(
      "no-release-open",
      `No release of ${placed.model} is on its way in ${placed.environment.name}; ${state.live.version} is live.`,
      kind === "retry" ? "/slipway deploy " + placed.environment.name + " @<sha>" : "/slipway status",
    );
  if (record === undefined)
    return refuseCommand(
      "record-unreadable",
      `The record of release ${open.id} is missing or cannot be read. A platform engineer mends it in the environments repository.`,
    );
  const running = { ...standing, open, record };
  switch (kind) {
    case "pause":
      return decidePause(placed, running);
    case "resume":
      return decideResume(placed, running);
    case "retry":
      return decideRetry(placed, running);
    case "abort":
      return decideAbortCommand(placed, running);
    case "rollback":
      return decideRollbackCommand(placed, running);
  }
}
