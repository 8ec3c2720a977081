import type { FileAt } from "#domain/archive/archived.ts";
import { evidenceFolder, evidencePath, incidentPath } from "#domain/environment/paths.ts";
import { describe } from "#domain/environment/read-snapshot.ts";
import type { EnvironmentState } from "#domain/environment/state.ts";
import type { Incident } from "#domain/incident/incident.ts";
import type { BlobId } from "#domain/model/names.ts";
import { type Instant, millisecondsBetween } from "#domain/model/time.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";
import type { SchemaResult } from "#domain/text/parse-with-schema.ts";

/** How long the records of what has ended stay on the default branch: a year. */
export const recordRetention = 365 * 86_400_000;

export interface Records {
  /** Every file of the default branch. */
  readonly entries: ReadonlyMap<string, BlobId>;
  readonly releases: readonly { readonly path: string; readonly record: SchemaResult<ReleaseRecord> }[];
  readonly states: readonly SchemaResult<EnvironmentState>[];
  incident(id: string): SchemaResult<Incident> | undefined;
}

export interface EndedRecords {
  readonly moves: readonly FileAt[];
  /** What cannot be read and therefore stays, one sentence each. */
  readonly problems: readonly string[];
}

/**
 * Which files may leave the default branch: releases that ended a year ago and that no state names (live, to roll back to, or open), their
 * incidents that are closed as long, and the reports on which nothing rests any more that stays.
 */
export function endedRecords({ entries, releases, states, incident }: Records, now: Instant): EndedRecords {
  const unread = states.flatMap((state) => (state.kind === "ok" ? [] : [describe(state.problems)]));
  if (unread.length > 0)
    return { moves: [], problems: unread.map((why) => `No release is archived while a state cannot be read: ${why}.`) };
  const named = new Set(states.flatMap((state) => (state.kind === "ok" ? namedBy(state.value) : [])));

  const isOld = (moment: Instant | null) => moment !== null && millisecondsBetween(moment, now) >= recordRetention;
  const incidentStays = (id: string) => {
    const read = incident(id);
    return read !== undefined && !(read.kind === "ok" && isOld(read.value.closedAt));
  };
  const leaves = ({ id, outcome }: ReleaseRecord) => isOld(outcome?.at ?? null) && !named.has(id) && !incidentStays(id);

  const read = releases.flatMap(({ path, record }) => (record.kind === "ok" ? [{ path, record: record.value }] : []));
  const leaving = read.filter(({ record }) => leaves(record));
  const reportOf = ({ model, evidence }: ReleaseRecord) => evidencePath(model, evidence);
  const stillRestedOn = new Set(read.filter(({ record }) => !leaves(record)).map(({ record }) => reportOf(record)));

  const paths = leaving.flatMap(({ path, record }) => [
    path,
    incidentPath(record.id),
    ...(stillRestedOn.has(reportOf(record)) ? [] : [reportOf(record)]),
  ]);
  const problems = releases.flatMap(({ path, record }) =>
    record.kind === "ok" ? [] : [`${path} stays, since it cannot be read: ${describe(record.problems)}.`],
  );
  // A record that cannot be read may rest on any report.
  const moved = problems.length === 0 ? paths : paths.filter((path) => !path.startsWith(evidenceFolder));
  return {
    moves: [...new Set(moved)].flatMap((path) => {
      const blob = entries.get(path);
      return blob === undefined ? [] : [{ path, blob }];
    }),
    problems,
  };
}

function namedBy({ release, verified }: EnvironmentState): readonly string[] {
  return [...(release === null ? [] : [release.id]), ...verified.flatMap(({ release: id }) => (id === null ? [] : [id]))];
}
