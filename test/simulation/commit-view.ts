import { manifestsFolder, releasesFolder, statePath } from "#domain/environment/paths.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { type EnvironmentState, type OpenRelease, parseState } from "#domain/environment/state.ts";

import { type Digest, type EnvironmentName, hexOf } from "#domain/model/names.ts";
import { parseRelease, type ReleaseRecord } from "#domain/rollout/release.ts";
import type { ServedBackend } from "#test/support/git-follower.ts";
import { ranker } from "#test/support/world-texts.ts";
import { servedBackends } from "./served-backends.ts";
import type { Event, SimulatedWorld } from "./simulated-world.ts";

export type CommitEvent = Extract<Event, { kind: "commit" }>;

/** One commit on the default branch, as it concerns one environment. */
export interface CommitView {
  readonly event: CommitEvent;
  readonly environment: EnvironmentName;
  readonly before: Side;
  readonly after: Side;
  /** Whether it is Slipway's: pushed by it, or a proposal of its own that it merged. */
  readonly bySlipway: boolean;
  /** The comment that asked for it. */
  readonly command: string | undefined;
  /** Whether the model's owned files or its state differ. */
  readonly touches: boolean;
}

/** One environment at one commit. */
export interface Side {
  readonly snapshot: EnvironmentsSnapshot;
  readonly state: EnvironmentState | undefined;
  readonly open: OpenRelease | null;
  readonly backends: readonly ServedBackend[];
  /** Release records by path. */
  readonly records: ReadonlyMap<string, ReleaseRecord>;
}

export function viewsOf(world: SimulatedWorld, event: CommitEvent): readonly CommitView[] {
  return world.names.map((environment) => ({
    event,
    environment,
    before: sideOf(world, event.before, environment),
    after: sideOf(world, event.after, environment),
    bySlipway: event.by !== "people",
    command: event.change === undefined ? undefined : event.change.trailers.command,
    touches: [...new Set([...event.before.entries.keys(), ...event.after.entries.keys()])].some(
      (path) =>
        (path.startsWith(manifestsFolder(environment, ranker)) || path === statePath(environment, ranker)) &&
        event.before.entries.get(path) !== event.after.entries.get(path),
    ),
  }));
}

/** One side, read once for every commit and environment. */
export function sideOf(world: SimulatedWorld, snapshot: EnvironmentsSnapshot, environment: EnvironmentName): Side {
  const ofSnapshot = sides.get(snapshot) ?? new Map<EnvironmentName, Side>();
  sides.set(snapshot, ofSnapshot);
  const known = ofSnapshot.get(environment);
  if (known !== undefined) return known;
  const state = read(states, snapshot.texts.get(statePath(environment, ranker)) ?? "", parseState);
  const side: Side = {
    snapshot,
    state,
    open: state?.release ?? null,
    backends: servedBackends(world.environments, snapshot, environment),
    records: recordsIn(world, snapshot, environment),
  };
  ofSnapshot.set(environment, side);
  return side;
}

const sides = new WeakMap<EnvironmentsSnapshot, Map<EnvironmentName, Side>>();
const states = new Map<string, EnvironmentState | undefined>();
const records = new Map<string, ReleaseRecord | undefined>();
const mostKnown = 20_000;

function read<Value>(
  known: Map<string, Value | undefined>,
  text: string,
  parse: (text: string, path: string) => { kind: "ok"; value: Value } | { kind: "invalid" },
): Value | undefined {
  if (known.has(text)) return known.get(text);
  if (known.size >= mostKnown) known.clear();
  const parsed = parse(text, "");
  const value = parsed.kind === "ok" ? parsed.value : undefined;
  known.set(text, value);
  return value;
}

function recordsIn(
  world: SimulatedWorld,
  { entries }: EnvironmentsSnapshot,
  environment: EnvironmentName,
): ReadonlyMap<string, ReleaseRecord> {
  const folder = releasesFolder(environment);
  return new Map(
    [...entries].flatMap(([path, id]) => {
      if (!path.startsWith(folder)) return [];
      const record = read(records, world.environments.blob(id) ?? "", parseRelease);
      return record === undefined ? [] : [[path, record] as const];
    }),
  );
}

export function weightOf({ backends }: Side, digest: Digest | undefined): number {
  return backends.find((backend) => backend.digest === digest)?.weight ?? 0;
}

export function isHeld({ texts }: EnvironmentsSnapshot, environment: EnvironmentName, digest: Digest): boolean {
  return texts.has(`.slipway/holds/${environment}/${ranker}/${hexOf(digest)}.yaml`);
}

/** The releases that a commit started; the rollback of what is live has a record of its own, too, and starts nothing. */
export function startedBy({ before, after }: CommitView): readonly ReleaseRecord[] {
  return [...after.records].flatMap(([path, record]) =>
    before.records.has(path) || (after.open?.id === record.id && after.open.phase === "stopping") ? [] : [record],
  );
}

/** What a release is started by: a comment, a click, a merge. */
export function triggerOf({ trigger }: ReleaseRecord): string {
  if ("command" in trigger) return `comment ${trigger.command}`;
  return "merge" in trigger ? `merge ${trigger.merge}` : `button ${trigger.button.check} ${trigger.button.action}`;
}
