import ICAL from "ical.js";
import type { Instant } from "#domain/model/time.ts";
import { wallClock } from "./wall-clock.ts";

/** No calendar of freezes repeats an event more often than this before it is rewritten; beyond it the rest is not looked at. */
const mostOccurrences = 20_000;

/**
 * Until when an event of an iCalendar file (RFC 5545) covers this moment; null when none does. Times are compared on the wall clock of the
 * event's own zone; a time without one, and a whole day, are meant in `timeZone`. A file that is missing or cannot be read freezes until it can.
 */
export function calendarCovers(text: string | undefined, path: string, timeZone: string, now: Instant): string | null {
  if (text === undefined) return `${path} is there`;
  try {
    for (const event of eventsIn(text)) {
      const until = eventCovers(event, timeZone, now);
      if (until !== null) return until;
    }
    return null;
  } catch {
    return `${path} can be read`;
  }
}

function eventsIn(text: string): readonly ICAL.Event[] {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return calendar
    .getAllSubcomponents("vevent")
    .map((component) => new ICAL.Event(component))
    .filter((event) => !event.isRecurrenceException() && event.component.getFirstPropertyValue("status") !== "CANCELLED");
}

function eventCovers(event: ICAL.Event, timeZone: string, now: Instant): string | null {
  const zone = zoneOf(event, timeZone);
  const local = wallClock(now, zone);
  const covers = (start: ICAL.Time, end: ICAL.Time): string | null =>
    clockText(start) <= local && local < clockText(end) ? `${clockText(end)} ${zone}` : null;
  if (!event.isRecurring()) return covers(event.startDate, event.endDate);
  const occurrences = event.iterator();
  for (let count = 0; count < mostOccurrences; count += 1) {
    const next = occurrences.next();
    // An exception may move an occurrence by days, so the first that begins later does not end the search at once.
    if (next === null || clockText(next) > furthest(local)) return null;
    const { startDate, endDate } = event.getOccurrenceDetails(next);
    const until = covers(startDate, endDate);
    if (until !== null) return until;
  }
  return null;
}

/** The zone is taken by its name in the IANA database; an unknown name throws, and so the calendar cannot be read. */
function zoneOf(event: ICAL.Event, timeZone: string): string {
  const tzid = event.component.getFirstProperty("dtstart")?.getFirstParameter("tzid");
  if (tzid) return new Intl.DateTimeFormat("en", { timeZone: tzid }).resolvedOptions().timeZone;
  return event.startDate.zone === ICAL.Timezone.utcTimezone ? "UTC" : timeZone;
}

/** `2026-11-24T00:00`; a whole day begins at midnight. */
function clockText(time: ICAL.Time): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${String(time.year).padStart(4, "0")}-${two(time.month)}-${two(time.day)}T${two(time.hour)}:${two(time.minute)}`;
}

/** How far an exception may move an occurrence to an earlier time, in milliseconds. */
const furthestMove = 60 * 86_400_000;

function furthest(local: string): string {
  return new Date(Date.parse(`${local}:00Z`) + furthestMove).toISOString().slice(0, 16);
}
