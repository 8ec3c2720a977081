import type { Change, FileWrite } from "#domain/environment/change.ts";
import { printHold } from "#domain/environment/hold.ts";
import {
  evidencePath,
  holdPath,
  incidentPath,
  manifestsFolder,
  releasePath,
  statePath,
  templatesFolder,
} from "#domain/environment/paths.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { type EnvironmentState, printState } from "#domain/environment/state.ts";
import type { Trailers } from "#domain/environment/trailers.ts";
import { printIncident } from "#domain/incident/incident.ts";
import { blobIdOf } from "#domain/manifest/blob-id.ts";
import { versionEnd } from "#domain/manifest/manifest-names.ts";
import { manifestViews } from "#domain/manifest/manifests.ts";
import { targets } from "#domain/manifest/targets.ts";
import type { BlobId } from "#domain/model/names.ts";
import { type Move, verifiedLive } from "#domain/rollout/moves.ts";
import { stepsOf } from "#domain/rollout/plan.ts";
import { printRelease } from "#domain/rollout/release.ts";
import type { Templates } from "#ports/templates.ts";
import { restoringWrites } from "./restoring-writes.ts";

/** What a change needs beside the move itself. */
export interface ChangeContext {
  readonly snapshot: EnvironmentsSnapshot;
  readonly templates: Templates;
  readonly trailers: Trailers;
  /** The exact text of the report on which the release rests; only its first commit carries it. */
  readonly evidence?: string;
}

/** Renders a move into the final bytes of one commit. */
export function releaseChange(move: Move, context: ChangeContext): Change {
  const { record } = move;
  const manifests = manifestWrites(move, context);
  const state = move.manifests.kind === "candidate-only" ? withVerified(move, manifests, context.snapshot) : move.state;

  return {
    base: context.snapshot.head,
    subject: move.subject,
    trailers: { release: record.id, step: move.step, evidence: record.evidence, ...context.trailers },
    writes: [
      ...manifests,
      text(statePath(record.environment, record.model), printState(state)),
      text(releasePath(record.environment, record.model, record.id), printRelease(record)),
      ...(move.hold ? [text(holdPath(record.environment, record.model, move.hold.digest), printHold(move.hold))] : []),
      ...(move.incident ? [text(incidentPath(move.incident.id), printIncident(move.incident))] : []),
      ...(context.evidence === undefined ? [] : [text(evidencePath(record.model, record.evidence), context.evidence)]),
    ],
  };
}

/** The templates that this environments repository overrides, by template name. */
export function templateOverrides(snapshot: EnvironmentsSnapshot): ReadonlyMap<string, string> {
  return new Map(
    [...snapshot.texts]
      .filter(([path]) => path.startsWith(templatesFolder) && path.endsWith(".hbs"))
      .map(([path, template]) => [path.slice(templatesFolder.length, -".hbs".length), template]),
  );
}

function manifestWrites(move: Move, context: ChangeContext): readonly FileWrite[] {
  const { record, manifests } = move;
  if (manifests.kind === "unchanged") return [];
  if (manifests.kind === "restored") return restoringWrites(context.snapshot, record, manifests.files);
  const delegated = targets[record.plan.rollout.target].mover === "controller";
  if (delegated && manifests.kind === "split" && manifests.weight === 0) return revertingWrites(move, context.snapshot);
  // The controller walks the steps that the first commit gave it.
  if (delegated && manifests.kind === "split" && !manifests.withCandidate) return [];

  const folder = manifestsFolder(record.environment, record.model);
  const alone = manifests.kind === "candidate-only";
  const views = manifestViews({
    environment: record.environment,
    namespace: record.namespace,
    model: record.model,
    rollout: record.plan.rollout,
    release: record.id,
    candidate: { ...record.candidate, artifact: record.artifact, weight: alone ? 100 : manifests.weight, mirror: mirrorOf(move) },
    stable: alone ? null : { ...record.baseline, weight: 100 - manifests.weight },
  });
  const overrides = templateOverrides(context.snapshot);
  const rendered = views
    .filter(({ scope }) => scope === "traffic" || (manifests.kind === "split" && manifests.withCandidate))
    .map(({ file, template, view }) => text(`${folder}${file}`, context.templates.render(template, view, overrides)));
  const old = [...context.snapshot.entries.keys()].filter(
    (path) => path.startsWith(folder) && path.endsWith(versionEnd(record.baseline.digest)),
  );
  return alone ? [...rendered, ...old.map((path): FileWrite => ({ kind: "delete", path }))] : rendered;
}

/** A shadow step mirrors for as long as the release stands at it and goes on. */
function mirrorOf({ state, record }: Move): number | null {
  const { release } = state;
  if (release === null || release.phase === "stopping") return null;
  return stepsOf(record.plan.rollout)[release.step]?.mirror ?? null;
}

/** A controller has no weight to be told: it goes back to the files that served what is live. */
function revertingWrites({ state, record }: Move, snapshot: EnvironmentsSnapshot): readonly FileWrite[] {
  const files = verifiedLive(state)?.files;
  if (files === undefined)
    throw new Error(`nothing says which files served ${record.baseline.version}, so the controller cannot be sent back`);
  return restoringWrites(snapshot, record, files);
}

/** Remembers the manifests that serve the newly verified version by their exact bytes: what a later rollback restores. */
function withVerified(move: Move, writes: readonly FileWrite[], snapshot: EnvironmentsSnapshot): EnvironmentState {
  const { record, state } = move;
  const folder = manifestsFolder(record.environment, record.model);
  const files = new Map<string, BlobId>([...snapshot.entries].filter(([path]) => path.startsWith(folder)));
  for (const write of writes) {
    if (write.kind === "text") files.set(write.path, blobIdOf(write.text));
    if (write.kind === "delete") files.delete(write.path);
  }
  const at = record.outcome?.at ?? record.startedAt;
  const verified = {
    ...record.candidate,
    release: record.id,
    at,
    files: Object.fromEntries([...files].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
  const earlier = state.verified.filter((version) => version.digest !== record.candidate.digest);
  return { ...state, verified: [verified, ...earlier].slice(0, keptVerified) };
}

const keptVerified = 10;

function text(path: string, content: string): FileWrite {
  return { kind: "text", path, text: content };
}
