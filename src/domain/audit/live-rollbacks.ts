import { parseTrailers } from "#domain/environment/trailers.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";
import type { HistoricCommit } from "./history.ts";

/** A rollback of what was live has the record of a release, since it holds the lock; it deploys nothing. */
export interface LiveRollback {
  readonly record: ReleaseRecord;
  /** The release that had brought what was rolled back; undefined where that was adopted. */
  readonly undone: ReleaseRecord | undefined;
}

/** The records that began with a stop and not with a start: by their commits, or, where those are not here, by a first weight set before them. */
export function liveRollbacks(records: readonly ReleaseRecord[], commits: readonly HistoricCommit[]): readonly LiveRollback[] {
  const started = new Set<string>();
  const known = new Set<string>();
  for (const { message } of commits) {
    const { "Slipway-Release": release, "Slipway-Step": step } = parseTrailers(message);
    if (release === undefined) continue;
    known.add(release);
    if (step === "start") started.add(release);
  }
  const isRollback = ({ id, steps, startedAt }: ReleaseRecord): boolean =>
    known.has(id) ? !started.has(id) : (steps[0]?.setAt ?? startedAt) < startedAt;
  const rollbacks = records.filter(isRollback);
  const releases = records.filter((record) => !isRollback(record));
  return rollbacks.map((record) => ({ record, undone: newestBefore(record, releases) }));
}

function newestBefore(rollback: ReleaseRecord, releases: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  return releases
    .filter(
      ({ environment, model, candidate, outcome }) =>
        environment === rollback.environment &&
        model === rollback.model &&
        candidate.digest === rollback.candidate.digest &&
        outcome?.kind === "verified" &&
        outcome.at <= rollback.startedAt,
    )
    .toSorted((a, b) => ((a.outcome?.at ?? "") < (b.outcome?.at ?? "") ? 1 : -1))[0];
}
