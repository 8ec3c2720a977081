import { type Instant, millisecondsBetween } from "#domain/model/time.ts";
import { formatCount, formatFixed } from "#domain/report/format-number.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";
import type { JudgedWindow } from "#domain/slo/window-verdict.ts";
import type { Incident } from "./incident.ts";

/** One measurement that decided, as people compare it with its objective. */
export interface BreachRow {
  readonly objective: string;
  /** `90 %` */
  readonly target: string;
  /** `61.3 % [57.2, 65.2]`, of requests that were good. */
  readonly share: string;
  readonly requests: string;
  readonly window: string;
  readonly kind: string;
}

export function breachRows(windows: readonly JudgedWindow[]): readonly BreachRow[] {
  return windows.map((window) => ({
    objective: window.objective,
    target: `${percent(window.target)} %`,
    share: shareText(window),
    requests: formatCount(window.total),
    window: `${timeOf(window.from)} to ${timeOf(window.to)}`,
    kind: judgedBy[window.kind],
  }));
}

function shareText({ good, total, lower, upper }: JudgedWindow): string {
  if (total === 0) return "none: no request";
  const interval = lower === null || upper === null ? "" : ` [${percent(lower)}, ${percent(upper)}]`;
  return `${percent(good / total)} %${interval}`;
}

/** One decimal is 1 request in 1,000; targets such as 99.95 % keep what they need. */
function percent(share: number): string {
  const value = share * 100;
  const decimals = Number.isInteger(Number(value.toFixed(6)))
    ? 0
    : Number(value.toFixed(1)) === Number(value.toFixed(6))
      ? 1
      : share > 0.99
        ? 2
        : 1;
  return formatFixed(value, decimals);
}

/** `08:15:02` */
function timeOf(at: Instant): string {
  return at.slice(11, 19);
}

export interface TimelineRow {
  readonly at: string;
  /** `+12.5 s` since the first; null for the first. */
  readonly after: string | null;
  readonly what: string;
}

export function timelineRows({ timeline }: Incident): readonly TimelineRow[] {
  const start = timeline[0]?.at;
  return timeline.map(({ at, what }, index) => ({
    at,
    after: index === 0 || start === undefined ? null : `+${sinceStart(start, at)}`,
    what,
  }));
}

function sinceStart(start: Instant, at: Instant): string {
  const seconds = millisecondsBetween(start, at) / 1000;
  if (seconds < 60) return `${formatFixed(seconds, 1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How far the candidate came. */
export function exposureText(record: ReleaseRecord): string {
  const most = record.steps.reduce((greatest, { weight }) => Math.max(greatest, weight), 0);
  const { length } = record.steps;
  return `The candidate had at most ${most} % of the traffic, in ${length} ${length === 1 ? "step" : "steps"}`;
}

const judgedBy = { window: "window of this step", recent: "last window", "burn-rate": "burn rate" } as const satisfies Record<
  JudgedWindow["kind"],
  string
>;
