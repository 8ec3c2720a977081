import type { SlipwayIdentity } from "#domain/environment/authorship.ts";
import { parseTrailers } from "#domain/environment/trailers.ts";
import { type Instant, millisecondsBetween } from "#domain/model/time.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";
import { type History, isWithin, type Span } from "./history.ts";
import { type LiveRollback, liveRollbacks } from "./live-rollbacks.ts";
import { isOwnCommit } from "./own-commit.ts";
import { type Spread, spreadOf } from "./spread.ts";

/**
 * DORA's measures of one environment, of one model or all. Times are in seconds.
 *
 * - **Deployment**: a release that ended in the period, verified or rolled back. One that a person aborted was taken back before anyone knew
 *   whether it was good: it is counted beside.
 * - **Deployment frequency**: deployments for each seven days of the period.
 * - **Lead time**: from the command, click or merge that asked for a release until it was verified at 100 %, of the verified ones.
 * - **Change-fail rate**: the share of deployments that were rolled back: as a canary, or later, when they were live.
 * - **Time to restore**: from the start of the first window that was judged to break an objective (from the commit that stopped the release,
 *   where a person asked and nothing was measured) until the commit that closed the rollback, of the rollbacks that ended in the period.
 */
export interface Dora extends Span {
  readonly environment: string;
  /** null: all models of the environment together. */
  readonly model: string | null;
  readonly deployments: number;
  readonly aborted: number;
  readonly deploymentsPerWeek: number;
  readonly leadTime: Spread | null;
  readonly failed: number;
  /** null where there was no deployment to fail. */
  readonly changeFailRate: number | null;
  readonly timeToRestore: Spread | null;
}

const week = 7 * 86_400_000;

export interface DoraQuestion extends Span {
  readonly environment?: string | undefined;
  readonly model?: string | undefined;
  readonly identity: SlipwayIdentity;
}

/** The measures of each environment, and of each of its models, in a period; by name. */
export function dora(whole: History, { identity, ...only }: DoraQuestion): readonly Dora[] {
  const history = { ...whole, commits: whole.commits.filter((commit) => isOwnCommit(commit, identity)) };
  const wanted = history.releases.filter(
    ({ environment, model }) => (only.environment ?? environment) === environment && (only.model ?? model) === model,
  );
  return sorted(wanted.map(({ environment }) => environment)).flatMap((environment) => {
    const inside = wanted.filter((record) => record.environment === environment);
    const models = sorted(inside.map(({ model }) => model)).map((model) => ({
      model,
      records: inside.filter((record) => record.model === model),
    }));
    const all = only.model === undefined ? [{ model: null, records: inside }] : [];
    return [...all, ...models].map(({ model, records }) => measured(history, only, { environment, model, records }));
  });
}

interface Group {
  readonly environment: string;
  readonly model: string | null;
  readonly records: readonly ReleaseRecord[];
}

function measured(history: History, span: Span, { environment, model, records }: Group): Dora {
  const back = liveRollbacks(records, history.commits);
  const taken = new Set(back.map(({ record }) => record.id));
  const ended = records.filter(({ id, outcome }) => !taken.has(id) && outcome !== null && isWithin(span, outcome.at));
  const verified = ended.filter(({ outcome }) => outcome?.kind === "verified");
  const deployments = ended.filter(({ outcome }) => outcome?.kind !== "aborted");
  const failed = deployments.filter((record) => record.outcome?.kind === "rolled-back" || back.some((rollback) => undid(rollback, record)));
  const restored = records.filter(({ outcome }) => outcome?.kind === "rolled-back" && isWithin(span, outcome.at));
  return {
    environment,
    model,
    since: span.since,
    until: span.until,
    deployments: deployments.length,
    aborted: ended.length - deployments.length,
    deploymentsPerWeek: (deployments.length * week) / millisecondsBetween(span.since, span.until),
    leadTime: spreadOf(verified.map(({ trigger, outcome }) => seconds(trigger.at, outcome?.at ?? trigger.at))),
    failed: failed.length,
    changeFailRate: deployments.length === 0 ? null : failed.length / deployments.length,
    timeToRestore: spreadOf(restored.map((record) => seconds(brokenSince(history, record), record.outcome?.at ?? record.startedAt))),
  };
}

/** A person rolled back what was live: the newest release that had brought that version. One that was aborted took nothing back. */
function undid({ undone, record }: LiveRollback, { id }: ReleaseRecord): boolean {
  return undone?.id === id && record.outcome?.kind !== "aborted";
}

function brokenSince({ incidents, commits }: History, { id, startedAt }: ReleaseRecord): Instant {
  const windows = incidents.find((other) => other.id === id)?.windows ?? [];
  const [first] = windows.flatMap(({ verdict, from }) => (verdict === "fail" ? [from] : [])).toSorted();
  if (first !== undefined) return first;
  const stop = commits.find(({ message }) => {
    const trailers = parseTrailers(message);
    return trailers["Slipway-Release"] === id && trailers["Slipway-Step"] === "stop";
  });
  return stop?.at ?? startedAt;
}

function seconds(from: Instant, to: Instant): number {
  return millisecondsBetween(from, to) / 1000;
}

function sorted<Name extends string>(names: readonly Name[]): readonly Name[] {
  return [...new Set(names)].toSorted();
}
