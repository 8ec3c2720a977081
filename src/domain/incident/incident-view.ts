import type { ReleaseRecord } from "#domain/rollout/release.ts";
import type { Incident } from "./incident.ts";
import { type BreachView, breachView, type RollbackView, shortRef } from "./rollback-view.ts";

/** The text of an incident issue: what the rollback pull request says, and how far the rollback has come. */
export interface IncidentView extends BreachView {
  /** null where no earlier version was verified that could be restored. */
  readonly restores: RollbackView["restores"] | null;
  /** null while there is none. */
  readonly pullRequest: number | null;
  readonly closedAt: string | null;
  /** Set when a person closed the rollback pull request unmerged. */
  readonly declined: DeclinedView | null;
}

interface DeclinedView {
  readonly pullRequest: number;
  readonly retry: string;
  readonly abort: string;
}

/** The rollback pull request was closed unmerged: the release keeps its lock until somebody says how to go on. */
export function declinedView({ environment, model }: ReleaseRecord, pullRequest: number): DeclinedView {
  const line = (verb: string) => `/slipway ${verb} ${environment} --model ${model}`;
  return { pullRequest, retry: line("retry"), abort: line("abort") };
}

export function incidentView(record: ReleaseRecord, incident: Incident): IncidentView {
  const { restores, pullRequest, closedAt } = incident;
  return { ...breachView(record, incident), restores: restores && shortRef(restores), pullRequest, closedAt, declined: null };
}
