import type { Hold } from "#domain/environment/hold.ts";
import type { Incident } from "#domain/incident/incident.ts";
import type { Login, VersionRef } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";
import type { JudgedWindow } from "#domain/slo/window-verdict.ts";

export interface Breach {
  /** What is to be restored; undefined when nothing may be. */
  readonly target: VersionRef | undefined;
  readonly reason: string;
  readonly windows: readonly JudgedWindow[];
  readonly timeline: Incident["timeline"];
  /** The person who asked for the rollback, when one did. */
  readonly by?: Login;
  readonly now: Instant;
}

/** The hold and the incident that the first write of every rollback carries (invariant 8). */
export function breachFiles(record: ReleaseRecord, breach: Breach): { readonly hold: Hold; readonly incident: Incident } {
  const { environment, model, id, candidate } = record;
  const { target, reason, windows, timeline, by, now } = breach;
  return {
    hold: {
      schema: "slipway/hold/v1",
      environment,
      model,
      ...candidate,
      since: now,
      reason,
      ...(by !== undefined && { by }),
      release: id,
      incident: id,
      liftedBy: "holder",
    },
    incident: {
      schema: "slipway/incident/v1",
      id,
      environment,
      model,
      candidate,
      restores: target === undefined ? null : { version: target.version, digest: target.digest },
      reason,
      windows: [...windows],
      timeline,
      issue: null,
      pullRequest: null,
      closedAt: null,
    },
  };
}
