import { type Instant, millisecondsBetween, millisecondsOf } from "#domain/model/time.ts";
import type { FreezeFile } from "#domain/policy/freeze-file.ts";
import type { FreezeWindow } from "#domain/policy/policy.ts";
import type { SchemaResult } from "#domain/text/parse-with-schema.ts";
import { type Problem, printProblem } from "#domain/text/problem.ts";

export interface ActiveFreeze {
  readonly name: string;
  /** When it ends, as the person who set it wrote it, with the time zone. */
  readonly until: string;
  /** null for the calendar of the policy. */
  readonly reason: string | null;
  readonly by: string | null;
}

/**
 * The freeze that stops exposure from growing now; the calendar's first. Its beginning is inclusive, its end exclusive. A freeze file that
 * cannot be read freezes until somebody mends it.
 */
export function activeFreeze(
  windows: readonly FreezeWindow[],
  files: readonly SchemaResult<FreezeFile>[],
  now: Instant,
): ActiveFreeze | null {
  const window = windows.find((candidate) => covers(candidate, now));
  if (window !== undefined) return { name: window.name, until: `${window.to} ${window.timeZone}`, reason: null, by: null };
  for (const file of files) {
    if (file.kind === "invalid") return unreadable(file.problems);
    const { name, from, to, reason, by } = file.value;
    if (millisecondsBetween(from, now) >= 0 && millisecondsBetween(now, to) > 0) return { name, until: to, reason, by };
  }
  return null;
}

function unreadable(problems: readonly Problem[]): ActiveFreeze {
  const [first] = problems;
  const reason = first === undefined ? null : printProblem(first);
  return { name: first?.file ?? "unreadable", until: "its file can be read", reason, by: null };
}

/**
 * Compares the wall clock of the window's zone as text, so no local time is ever turned into an instant: a time that the clock skips
 * begins with the next one it shows, and a time that it shows twice counts both times.
 */
function covers(window: FreezeWindow, now: Instant): boolean {
  const local = wallClock(now, window.timeZone);
  return window.from <= local && local < window.to;
}

/** What a clock in that zone shows, as `2026-11-24T00:00`. */
export function wallClock(now: Instant, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const parts = format.formatToParts(new Date(millisecondsOf(now)));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((candidate) => candidate.type === type)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}
