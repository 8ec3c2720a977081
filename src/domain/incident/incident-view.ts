import type { ReleaseRecord } from "#domain/rollout/release.ts";
import type { Incident } from "./incident.ts";
import { type RollbackView, rollbackView } from "./rollback-view.ts";

/** The text of an incident issue: what the rollback pull request says, and how far the rollback has come. */
export interface IncidentView extends RollbackView {
  /** null while there is none. */
  readonly pullRequest: number | null;
  readonly closedAt: string | null;
}

export function incidentView(record: ReleaseRecord, incident: Incident): IncidentView {
  return { ...rollbackView(record, incident, incident.restores), pullRequest: incident.pullRequest, closedAt: incident.closedAt };
}
