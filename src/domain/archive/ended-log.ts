import type { EvidenceLogFacts, FileAt } from "#domain/archive/archived.ts";
import { archivedLogFolder } from "#domain/environment/paths.ts";
import { type Instant, millisecondsBetween } from "#domain/model/time.ts";

/** How long the evidence log of a pull request stays after it was closed: 90 days. */
export const logRetention = 90 * 86_400_000;

export type LogEnd = { readonly kind: "ended"; readonly files: readonly FileAt[] } | { readonly kind: "stays"; readonly problem?: string };

/** Whether a pull request's evidence log may be archived whole and its ref removed, and as which files. */
export function endedLog({ log, runs, pullRequest }: EvidenceLogFacts, now: Instant): LogEnd {
  const name = `The evidence log of ${runs?.repository ?? `repository ${log.repositoryId}`}#${log.pullRequest}`;
  if (runs === undefined) return { kind: "stays", problem: `${name} stays, since a run in it cannot be read.` };
  if (!isPast(runs.newest, now) || pullRequest.kind === "open") return { kind: "stays" };
  if (pullRequest.kind === "unknown") return { kind: "stays", problem: `${name} stays: ${pullRequest.reason}.` };
  if (!isPast(pullRequest.at, now)) return { kind: "stays" };
  const folder = archivedLogFolder(log.repositoryId, log.pullRequest);
  return { kind: "ended", files: [...log.files].map(([path, blob]) => ({ path: `${folder}${path}`, blob })) };
}

/** Whether the retention since then is over. */
export function isPast(moment: Instant, now: Instant): boolean {
  return millisecondsBetween(moment, now) >= logRetention;
}
