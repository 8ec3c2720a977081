import { type AskedTrigger, recordedTrigger } from "#domain/command/trigger.ts";
import type { OpenRelease } from "#domain/environment/state.ts";
import type { BlobId, Login, ReleaseId, VersionRef } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import { breachFiles } from "./breach-files.ts";
import { beforeTheBreach, exposed, type Move, named, type ReleaseInProgress, rollbackTarget, standOf, versionOf } from "./moves.ts";
import { stepsOf } from "./plan.ts";
import type { ReleaseRecord } from "./release.ts";

/** Who asked for a move, and why. */
export interface AskedBy {
  readonly by: Login;
  readonly reason: string;
  readonly now: Instant;
}

/** Keeps the weight where it is; the canary is still watched. */
export function pausedMove({ state, open, record }: ReleaseInProgress, { by, reason, now }: AskedBy): Move {
  return {
    subject: `Pause ${named(record)} at ${open.weight} % in ${record.environment}`,
    step: "pause",
    state: { ...state, release: { ...standOf(open), phase: "paused", pausedAt: now, reason: `${by} paused it${because(reason)}`, by } },
    record,
    manifests: { kind: "unchanged" },
  };
}

/**
 * Takes the step again: the weight must be seen live anew, and its window counts from then. `rewritten`: the manifests were edited and are
 * made what the state says.
 */
export function resumedMove({ state, open, record }: ReleaseInProgress, { now }: AskedBy, rewritten: boolean): Move {
  return {
    subject: `Resume ${named(record)} at ${open.weight} % in ${record.environment}`,
    step: "resume",
    state: { ...state, release: { ...standOf(open), phase: "progressing", weightSetAt: now, liveSince: null } },
    record: { ...record, steps: [...record.steps, exposed(open.weight, now)] },
    manifests: rewritten ? { kind: "split", weight: open.weight, withCandidate: true } : { kind: "unchanged" },
  };
}

/** The first write of a rollback that a person asks for while a release is on its way: as at a breach, but nothing was measured. */
export function stoppedMove({ state, open, record, held }: ReleaseInProgress, { by, reason, now }: AskedBy): Move {
  const why = `${by} asked for it${because(reason)}`;
  return {
    subject: `Stop ${named(record)} in ${record.environment}: a person rolls it back`,
    step: "stop",
    state: { ...state, release: { ...standOf(open), phase: "stopping", weight: 0, weightSetAt: now, stoppedAt: now, reason: why } },
    record,
    manifests: { kind: "split", weight: 0, withCandidate: false },
    ...breachFiles(record, {
      target: rollbackTarget(state, record.candidate, held),
      reason: why,
      windows: [],
      timeline: [...beforeTheBreach(record, null), { at: now, what: `${by} asked for the rollback, weight back to 0 %, digest held` }],
      by,
      now,
    }),
  };
}

export interface LiveRollback {
  readonly id: ReleaseId;
  readonly trigger: AskedTrigger;
  readonly target: VersionRef;
  /** The record of the release that brought the live version; where that was adopted, of the one that brought the target. */
  readonly origin: ReleaseRecord;
  readonly adopted: boolean;
}

/**
 * The first write of a rollback of what is live. It has the lock like any release, under an id of its own; no weight can go back, since
 * nothing else runs: the pull request does it all.
 */
export function liveStoppedMove(state: ReleaseInProgress["state"], rollback: LiveRollback, { by, reason, now }: AskedBy): Move {
  const { id, target, origin, trigger, adopted } = rollback;
  const known = adopted ? `. ${state.live.version} was adopted: report and pull request are those of ${target.version}` : "";
  const why = `${by} asked for it${because(reason)}${known}`;
  const candidate = versionOf(state.live);
  const record: ReleaseRecord = {
    ...origin,
    id,
    trigger: { ...recordedTrigger(trigger), by, at: now },
    candidate,
    baseline: versionOf(target),
    startedAt: now,
    steps: [{ ...exposed(100, state.live.since), liveAt: state.live.since }],
    outcome: null,
  };
  const release: OpenRelease = {
    phase: "stopping",
    id,
    candidate,
    pullRequest: origin.pullRequest,
    step: stepsOf(origin.plan.rollout).length - 1,
    weight: 100,
    weightSetAt: state.live.since,
    liveSince: state.live.since,
    stoppedAt: now,
    reason: why,
  };
  return {
    subject: `Stop ${named(record)}, live in ${record.environment}: a person rolls it back`,
    step: "stop",
    state: { ...state, release },
    record,
    manifests: { kind: "unchanged" },
    ...breachFiles(record, {
      target,
      reason: why,
      windows: [],
      timeline: [
        { at: state.live.since, what: `${candidate.version} became live` },
        { at: now, what: `${by} asked for the rollback, digest held` },
      ],
      by,
      now,
    }),
  };
}

/** Another pull request for a rollback, since a person closed the one before. */
export function retriedRollbackMove({ state, record }: ReleaseInProgress, open: Extract<OpenRelease, { phase: "stopping" }>): Move {
  const attempt = (open.attempt ?? 1) + 1;
  return {
    subject: `Try the rollback of ${named(record)} in ${record.environment} again`,
    step: `roll back again ${attempt}`,
    state: { ...state, release: { ...open, attempt } },
    record,
    manifests: { kind: "unchanged" },
  };
}

/** Ends a release by a person's word. `files`: what is live, as it was verified; null leaves everything as it stands. The hold stays. */
export function endedMove(
  { state, record }: Pick<ReleaseInProgress, "state" | "record">,
  files: Readonly<Record<string, BlobId>> | null,
  { by, reason, now }: AskedBy,
): Move {
  return {
    subject: `Abort ${named(record)} in ${record.environment}`,
    step: "aborted",
    state: { ...state, release: null },
    record: { ...record, outcome: { kind: "aborted", at: now, reason: `${by} aborted it${because(reason)}` } },
    manifests: files === null ? { kind: "unchanged" } : { kind: "restored", files },
  };
}

function because(reason: string): string {
  return reason === "" ? "" : `: ${reason}`;
}
