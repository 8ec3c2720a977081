import { commandNamed } from "#domain/command/registry.ts";
import { holdPath } from "#domain/environment/paths.ts";
import { short, type VersionRef } from "#domain/model/names.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";
import { type BreachRow, breachRows, exposureText, type TimelineRow, timelineRows } from "./breach-rows.ts";
import type { Incident } from "./incident.ts";

/** The body of a rollback pull request: what an on-call engineer must know to merge it, or to leave it. */
export interface RollbackView extends BreachView {
  readonly restores: { readonly version: string; readonly digest: string };
}

/** What both texts about a breach say. */
export interface BreachView {
  readonly model: string;
  readonly environment: string;
  readonly release: string;
  readonly reason: string;
  readonly exposure: string;
  readonly candidate: { readonly version: string; readonly digest: string };
  readonly breaches: readonly BreachRow[];
  readonly timeline: readonly TimelineRow[];
  readonly hold: HoldView;
  readonly evidence: {
    readonly report: string;
    readonly policy: string;
    readonly pullRequest: string;
    readonly head: string;
    readonly startedBy: string;
  };
}

export interface HoldView {
  readonly path: string;
  readonly who: string;
  /** The line to type; null while there is no such command, and the file itself is removed. */
  readonly lift: string | null;
}

export function rollbackView(record: ReleaseRecord, incident: Incident, target: VersionRef): RollbackView {
  return { ...breachView(record, incident), restores: shortRef(target) };
}

export function breachView(record: ReleaseRecord, incident: Incident): BreachView {
  const { environment, model, candidate } = incident;
  return {
    model,
    environment,
    release: record.id,
    reason: incident.reason,
    exposure: exposureText(record),
    candidate: shortRef(candidate),
    breaches: breachRows(incident.windows),
    timeline: timelineRows(incident),
    hold: {
      path: holdPath(environment, model, candidate.digest),
      who: "someone with the role holder",
      lift: commandNamed("unhold") === undefined ? null : `/slipway unhold ${environment} ${candidate.digest} <reason>`,
    },
    evidence: {
      report: short(record.evidence),
      policy: short(record.policy),
      pullRequest: `${record.pullRequest.repository} pull request ${record.pullRequest.number}`,
      head: short(record.pullRequest.head),
      startedBy: record.trigger.by,
    },
  };
}

/** A version as people read it. */
export function shortRef({ version, digest }: VersionRef): { readonly version: string; readonly digest: string } {
  return { version, digest: short(digest) };
}
