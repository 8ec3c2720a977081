import { CronExpressionParser } from "cron-parser";
import { z } from "zod";
import { environmentNameSchema, identifierSchema } from "#domain/model/names.ts";
import { durationSchema, type Instant, millisecondsOf } from "#domain/model/time.ts";
import { calendarCovers } from "./calendar.ts";
import { wallClock } from "./wall-clock.ts";

const localTimeSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, "a local time is written like 2026-11-24T00:00");

const calendarPathSchema = z
  .string()
  .regex(
    /^\.slipway\/calendars\/[0-9A-Za-z][0-9A-Za-z._-]{0,120}\.ics$/,
    "a calendar is a file .slipway/calendars/<name>.ics of this repository",
  );

const forms = ["from", "cron", "calendar"] as const;

/** A planned freeze: one stretch of time, one that comes again (cron), or the events of an iCalendar file. */
export const freezeWindowSchema = z
  .strictObject({
    name: identifierSchema,
    /** One stretch of local time: the beginning included, the end not. */
    from: localTimeSchema.optional(),
    to: localTimeSchema.optional(),
    /** When it begins, again and again: five fields of cron, in the time zone. */
    cron: z.string().max(120).refine(isCron, "not a cron expression of five fields, such as 0 18 * * FRI").optional(),
    /** How long each of them lasts. */
    lasts: durationSchema.optional(),
    calendar: calendarPathSchema.optional(),
    timeZone: z.string().refine(isTimeZone, "not a time zone of the IANA database, such as America/Toronto"),
    /** Where it applies; everywhere when left out. */
    environments: z.array(environmentNameSchema).min(1).optional(),
    /** Who may set it aside for one version, by an override that is recorded; nobody when left out. */
    overriddenBy: identifierSchema.optional(),
  })
  .refine(
    (freeze) => forms.filter((form) => freeze[form] !== undefined).length === 1,
    "a freeze has exactly one of from, cron and calendar",
  )
  .refine((freeze) => (freeze.from === undefined) === (freeze.to === undefined), "a freeze has both from and to")
  .refine(
    (freeze) => (freeze.cron === undefined) === (freeze.lasts === undefined),
    "a freeze by cron says how long it lasts, such as lasts: 62h",
  );
export type FreezeWindow = Readonly<z.infer<typeof freezeWindowSchema>>;

/** Until when a window freezes, as people read it; null when it does not apply at this moment. `calendars`: texts by path. */
export function frozenUntil(window: FreezeWindow, now: Instant, calendars: ReadonlyMap<string, string>): string | null {
  const { from, to, cron, lasts, calendar, timeZone } = window;
  if (from !== undefined && to !== undefined) return coversLocally(from, to, timeZone, now) ? `${to} ${timeZone}` : null;
  if (cron !== undefined && lasts !== undefined) return coversAgain(cron, lasts, timeZone, now);
  return calendar === undefined ? null : calendarCovers(calendars.get(calendar), calendar, timeZone, now);
}

/**
 * Compares the wall clock of the window's zone as text, so no local time is ever turned into an instant: a time that the clock skips
 * begins with the next one it shows, and a time that it shows twice counts both times.
 */
function coversLocally(from: string, to: string, timeZone: string, now: Instant): boolean {
  const local = wallClock(now, timeZone);
  return from <= local && local < to;
}

/** The newest beginning decides: one that lasts longer than the time between two is simply always in force. */
function coversAgain(cron: string, lasts: number, timeZone: string, now: Instant): string | null {
  // The parser looks strictly before the given moment, and a freeze includes its first.
  const justAfter = new Date(millisecondsOf(now) + 1);
  const began = CronExpressionParser.parse(cron, { currentDate: justAfter, tz: timeZone }).prev().getTime();
  const end = began + lasts;
  return millisecondsOf(now) < end ? new Date(end).toISOString() : null;
}

function isCron(text: string): boolean {
  if (text.trim().split(/\s+/).length !== 5) return false;
  try {
    CronExpressionParser.parse(text, { currentDate: new Date(0), tz: "UTC" });
    return true;
  } catch {
    return false;
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
