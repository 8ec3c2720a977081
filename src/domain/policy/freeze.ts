import type { EnvironmentName } from "#domain/model/names.ts";
import { type Instant, millisecondsBetween } from "#domain/model/time.ts";
import type { FreezeFile } from "#domain/policy/freeze-file.ts";
import { type FreezeWindow, frozenUntil } from "#domain/policy/freeze-window.ts";
import type { SchemaResult } from "#domain/text/parse-with-schema.ts";
import { type Problem, printProblem } from "#domain/text/problem.ts";

export interface ActiveFreeze {
  readonly name: string;
  /** When it ends, as the person who set it wrote it, with the time zone. */
  readonly until: string;
  /** null for the calendar of the policy. */
  readonly reason: string | null;
  readonly by: string | null;
  /** The role that may set it aside for one version; null: nobody. */
  readonly overriddenBy: string | null;
}

/** What freezes: the policy's calendar, the texts of the calendar files it names, and the freezes set by command. */
export interface Freezes {
  readonly windows: readonly FreezeWindow[];
  readonly calendars: ReadonlyMap<string, string>;
  readonly files: readonly SchemaResult<FreezeFile>[];
}

/**
 * Every freeze that stops exposure from growing in an environment now; the calendar's first. Its beginning is inclusive, its end exclusive.
 * A freeze file that cannot be read freezes until somebody mends it.
 */
export function activeFreezes({ windows, calendars, files }: Freezes, environment: EnvironmentName, now: Instant): readonly ActiveFreeze[] {
  const here = ({ environments }: { readonly environments?: readonly EnvironmentName[] | undefined }): boolean =>
    environments === undefined || environments.includes(environment);
  const planned = windows.filter(here).flatMap((window): ActiveFreeze[] => {
    const until = frozenUntil(window, now, calendars);
    return until === null ? [] : [{ name: window.name, until, reason: null, by: null, overriddenBy: window.overriddenBy ?? null }];
  });
  const set = files.flatMap((file): ActiveFreeze[] => {
    if (file.kind === "invalid") return [unreadable(file.problems)];
    const { name, from, to, reason, by } = file.value;
    const covers = here(file.value) && millisecondsBetween(from, now) >= 0 && (to === undefined || millisecondsBetween(now, to) > 0);
    return covers ? [{ name, until: to ?? "somebody lifts it", reason, by, overriddenBy: null }] : [];
  });
  return [...planned, ...set];
}

function unreadable(problems: readonly Problem[]): ActiveFreeze {
  const [first] = problems;
  const reason = first === undefined ? null : printProblem(first);
  return { name: first?.file ?? "unreadable", until: "its file can be read", reason, by: null, overriddenBy: null };
}
