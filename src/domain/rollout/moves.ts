import type { Hold } from "#domain/environment/hold.ts";
import type { EnvironmentState, OpenRelease, VerifiedVersion } from "#domain/environment/state.ts";
import type { Incident } from "#domain/incident/incident.ts";
import type { BlobId, VersionRef } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import type { Decision } from "#domain/rollout/decide.ts";
import { stepsOf } from "#domain/rollout/plan.ts";
import type { ExposedStep, ReleaseRecord } from "#domain/rollout/release.ts";
import type { JudgedWindow } from "#domain/slo/window-verdict.ts";
import { breachFiles } from "./breach-files.ts";

/** What the model's manifests should say after a move. */
export type ManifestAim =
  | { readonly kind: "unchanged" }
  /** Both versions run; the candidate takes `weight` per cent. `withCandidate`: its Deployment is new. */
  | { readonly kind: "split"; readonly weight: number; readonly withCandidate: boolean }
  /** The candidate alone, the old version's Deployment gone. */
  | { readonly kind: "candidate-only" }
  /** These files, byte for byte, and no other: the ones that served a verified version. */
  | { readonly kind: "restored"; readonly files: Readonly<Record<string, BlobId>> };

/** One commit of a release as domain values; rendering and Git come after. */
export interface Move {
  readonly subject: string;
  /** The trailer `Slipway-Step`. */
  readonly step: string;
  readonly state: EnvironmentState;
  readonly record: ReleaseRecord;
  readonly manifests: ManifestAim;
  readonly hold?: Hold;
  readonly incident?: Incident;
}

export interface ReleaseInProgress {
  readonly state: EnvironmentState;
  readonly open: OpenRelease;
  readonly record: ReleaseRecord;
  /** Which versions are held, and so nothing to go back to. */
  readonly held: (version: VersionRef) => boolean;
}

type Moving = Extract<Decision, { kind: "mark-live" | "raise" | "verify" | "pause" | "stop" }>;

/** The commit that carries out a decision. */
export function moveFor(decision: Moving, release: ReleaseInProgress, now: Instant): Move {
  switch (decision.kind) {
    case "mark-live":
      return markLive(release, decision.at);
    case "raise":
      return raise(release, decision.to, decision.windows, now);
    case "verify":
      return verify(release, decision.windows, now);
    case "pause":
      return pause(release, decision, now);
    case "stop":
      return stop(release, decision, now);
  }
}

/** The first commit of a release: the candidate's Deployment, the first weight, state and record. */
export function startMove(state: EnvironmentState, record: ReleaseRecord): Move {
  const first = stepsOf(record.plan.rollout)[0];
  if (first === undefined) throw new RangeError(`the plan of release ${record.id} has no steps`);
  const open: OpenRelease = {
    phase: "progressing",
    id: record.id,
    candidate: record.candidate,
    pullRequest: record.pullRequest,
    step: 0,
    weight: first.weight,
    weightSetAt: record.startedAt,
    liveSince: null,
  };
  return {
    subject: `Start ${named(record)} at ${first.weight} % in ${record.environment}`,
    step: "start",
    state: { ...state, release: open },
    record: { ...record, steps: [exposed(first.weight, record.startedAt)] },
    manifests: { kind: "split", weight: first.weight, withCandidate: true },
  };
}

function markLive({ state, open, record }: ReleaseInProgress, at: Instant): Move {
  return {
    subject: `See ${named(record)} live at ${open.weight} % in ${record.environment}`,
    step: `live ${open.weight}`,
    state: { ...state, release: { ...open, liveSince: at } },
    record: { ...record, steps: changeLast(record.steps, (step) => ({ ...step, liveAt: at })) },
    manifests: { kind: "unchanged" },
  };
}

function raise(
  { state, open, record }: ReleaseInProgress,
  to: { index: number; weight: number },
  windows: readonly JudgedWindow[],
  now: Instant,
): Move {
  return {
    subject: `Raise ${named(record)} to ${to.weight} % in ${record.environment}`,
    step: `weight ${to.weight}`,
    state: { ...state, release: { ...open, step: to.index, weight: to.weight, weightSetAt: now, liveSince: null } },
    record: { ...record, steps: [...judgedSteps(record, windows, now), exposed(to.weight, now)] },
    manifests: { kind: "split", weight: to.weight, withCandidate: false },
  };
}

function verify({ state, record }: ReleaseInProgress, windows: readonly JudgedWindow[], now: Instant): Move {
  return {
    subject: `Verify ${named(record)} in ${record.environment}`,
    step: "verified",
    state: { ...state, live: { ...record.candidate, since: now }, release: null },
    record: {
      ...record,
      steps: judgedSteps(record, windows, now),
      outcome: { kind: "verified", at: now, reason: "the bake window at 100 % passed" },
    },
    manifests: { kind: "candidate-only" },
  };
}

function pause({ state, open, record }: ReleaseInProgress, decision: Extract<Decision, { kind: "pause" }>, now: Instant): Move {
  return {
    subject: `Pause ${named(record)} at ${open.weight} % in ${record.environment}: ${decision.code}`,
    step: "pause",
    state: { ...state, release: { ...open, phase: "paused", pausedAt: now, reason: decision.message } },
    record: { ...record, steps: judgedSteps(record, decision.windows, now) },
    manifests: { kind: "unchanged" },
  };
}

/** The first write of a breach: weight back, release stopping, hold, incident; all in one push (DESIGN, section 5). */
function stop({ state, open, record, held }: ReleaseInProgress, decision: Extract<Decision, { kind: "stop" }>, now: Instant): Move {
  const steps = judgedSteps(record, decision.windows, now);
  const { environment } = record;
  const target = rollbackTarget(state, record.candidate, held);
  return {
    subject: `Stop ${named(record)} in ${environment}: an objective is broken`,
    step: "stop",
    state: {
      ...state,
      release: { ...standOf(open), phase: "stopping", weight: 0, weightSetAt: now, stoppedAt: now, reason: decision.message },
    },
    record: { ...record, steps },
    manifests: { kind: "split", weight: 0, withCandidate: false },
    ...breachFiles(record, {
      target,
      reason: decision.message,
      windows: decision.windows,
      timeline: [...beforeTheBreach(record, decision.firstBad), { at: now, what: "breach decided, weight back to 0 %, digest held" }],
      now,
    }),
  };
}

/**
 * The last commit of a rollback: the files are restored, the release has ended, the incident knows its issue and pull request. What is
 * live is what was restored, which is an older version where the one beside the canary is held too.
 */
export function rolledBackMove(
  { state, record }: Pick<ReleaseInProgress, "state" | "record">,
  incident: Incident,
  { issue, pullRequest, restored }: { issue: number; pullRequest: number; restored: VersionRef },
  now: Instant,
): Move {
  return {
    subject: `Close the rollback of ${named(record)} in ${record.environment}`,
    step: "rolled back",
    state: { ...state, live: restored.digest === state.live.digest ? state.live : { ...versionOf(restored), since: now }, release: null },
    record: { ...record, outcome: { kind: "rolled-back", at: now, reason: incident.reason } },
    manifests: { kind: "unchanged" },
    incident: {
      ...incident,
      issue,
      pullRequest,
      restores: versionOf(restored),
      timeline: [...incident.timeline, { at: now, what: `rollback pull request #${pullRequest} merged, ${restored.version} restored` }],
      closedAt: now,
    },
  };
}

/** The only commit of an abort: what is live serves alone again, from the files that served it when it was verified. No hold, no incident. */
export function abortedMove(
  { state, record }: Pick<ReleaseInProgress, "state" | "record">,
  files: Readonly<Record<string, BlobId>>,
  reason: string,
  now: Instant,
): Move {
  return {
    subject: `Abort ${named(record)} in ${record.environment}: ${reason}`,
    step: "aborted",
    state: { ...state, release: null },
    record: { ...record, outcome: { kind: "aborted", at: now, reason } },
    manifests: { kind: "restored", files },
  };
}

/** What is live, as it was verified here; after a rollback to an older version that is not the newest one. */
export function verifiedLive(state: EnvironmentState): VerifiedVersion | undefined {
  return state.verified.find(({ digest }) => digest === state.live.digest);
}

/** The newest version verified here that is not the one being rolled back; held ones are left out by the caller. */
export function rollbackTarget(
  state: EnvironmentState,
  candidate: VersionRef,
  held: (version: VersionRef) => boolean = () => false,
): VerifiedVersion | undefined {
  return state.verified.find((version: VerifiedVersion) => version.digest !== candidate.digest && !held(version));
}

/** The verified version whose files stand in the model's folder, byte for byte; undefined when they are no version's. */
export function standingVersion(state: EnvironmentState, standing: ReadonlyMap<string, BlobId>): VersionRef | undefined {
  return state.verified.find(({ files }) => {
    const paths = Object.keys(files);
    return paths.length === standing.size && paths.every((path) => standing.get(path) === files[path]);
  });
}

/** What a release keeps in any phase; a paused one knows more, which ends with the pause. */
export function standOf({ id, candidate, pullRequest, step, weight, weightSetAt, liveSince }: OpenRelease) {
  return { id, candidate, pullRequest, step, weight, weightSetAt, liveSince };
}

export function beforeTheBreach(record: ReleaseRecord, firstBad: Instant | null): Incident["timeline"] {
  const exposures = record.steps.flatMap((step) => [
    { at: step.setAt, what: `weight ${step.weight} % set in Git` },
    ...(step.liveAt === null ? [] : [{ at: step.liveAt, what: `weight ${step.weight} % seen live` }]),
  ]);
  const bad = firstBad === null ? [] : [{ at: firstBad, what: "first request at this weight that broke the objective" }];
  return [...exposures, ...bad].toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

export function versionOf({ version, digest }: VersionRef): VersionRef {
  return { version, digest };
}

export function exposed(weight: number, setAt: Instant): ExposedStep {
  return { weight, setAt, liveAt: null, judgedAt: null, windows: [] };
}

function judgedSteps(record: ReleaseRecord, windows: readonly JudgedWindow[], now: Instant): ExposedStep[] {
  return changeLast(record.steps, (step) => ({ ...step, judgedAt: now, windows: [...windows] }));
}

function changeLast<Item>(items: readonly Item[], change: (item: Item) => Item): Item[] {
  return items.map((item, index) => (index === items.length - 1 ? change(item) : item));
}

export function named({ model, candidate }: ReleaseRecord): string {
  return `${model} ${candidate.version}`;
}
