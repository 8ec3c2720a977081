import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { environmentNameSchema } from "#domain/model/names.ts";
import { instantOf, instantSchema } from "#domain/model/time.ts";
import { activeFreezes } from "#domain/policy/freeze.ts";
import { freezeWindowSchema, frozenUntil } from "#domain/policy/freeze-window.ts";

type Written = Parameters<typeof freezeWindowSchema.parse>[0];

function until(window: Written, now: string, calendars: Readonly<Record<string, string>> = {}): string | null {
  return frozenUntil(freezeWindowSchema.parse(window), instantSchema.parse(now), new Map(Object.entries(calendars)));
}

describe("a freeze that comes again", () => {
  const weekends = { name: "weekends", cron: "0 18 * * FRI", lasts: "62h", timeZone: "America/Toronto" };

  it.each([
    ["a minute before it begins", "2026-11-20T22:59:59Z", null],
    ["at its first moment", "2026-11-20T23:00:00Z", "2026-11-23T13:00:00.000Z"],
    ["on Sunday", "2026-11-22T12:00:00Z", "2026-11-23T13:00:00.000Z"],
    ["at its last moment", "2026-11-23T12:59:59Z", "2026-11-23T13:00:00.000Z"],
    ["when it has ended", "2026-11-23T13:00:00Z", null],
  ])("is looked up by cron in its own zone: %s", (_, now, expected) => {
    expect(until(weekends, now)).toBe(expected);
  });

  it("begins at the local hour in summer as in winter", () => {
    expect(until(weekends, "2026-07-03T21:59:00Z")).toBeNull();
    expect(until(weekends, "2026-07-03T22:00:00Z")).not.toBeNull();
  });

  it("that lasts longer than the time between two is always in force", () => {
    const hourly = { name: "always", cron: "0 * * * *", lasts: "2h", timeZone: "UTC" };
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), (time) => until(hourly, instantOf(time)) !== null));
  });
});

describe("a freeze by an iCalendar file", () => {
  const path = ".slipway/calendars/peak.ics";
  const window = { name: "peak", calendar: path, timeZone: "America/Toronto" };
  const ics = (...events: readonly string[][]): Readonly<Record<string, string>> => ({
    [path]: [
      "BEGIN:VCALENDAR",
      "VERSION:2.0",
      "PRODID:-//acme//EN",
      ...events.flatMap((lines) => ["BEGIN:VEVENT", ...lines, "END:VEVENT"]),
      "END:VCALENDAR",
      "",
    ].join("\r\n"),
  });
  const blackFriday = ["UID:1", "DTSTART;VALUE=DATE:20261127", "DTEND;VALUE=DATE:20261201", "SUMMARY:Black Friday"];

  it.each([
    ["before the day begins in Toronto", "2026-11-27T04:59:00Z", null],
    ["from its first minute", "2026-11-27T05:00:00Z", "2026-12-01T00:00 America/Toronto"],
    ["until the last", "2026-12-01T04:59:00Z", "2026-12-01T00:00 America/Toronto"],
    ["and not longer", "2026-12-01T05:00:00Z", null],
  ])("takes whole days in the freeze's zone: %s", (_, now, expected) => {
    expect(until(window, now, ics(blackFriday))).toBe(expected);
  });

  it("takes times in the event's own zone, and in UTC", () => {
    const berlin = ["UID:2", "DTSTART;TZID=Europe/Berlin:20261125T090000", "DTEND;TZID=Europe/Berlin:20261125T100000"];
    const utc = ["UID:3", "DTSTART:20261126T090000Z", "DURATION:PT1H"];
    expect(until(window, "2026-11-25T08:30:00Z", ics(berlin))).toBe("2026-11-25T10:00 Europe/Berlin");
    expect(until(window, "2026-11-25T09:00:00Z", ics(berlin))).toBeNull();
    expect(until(window, "2026-11-26T09:59:00Z", ics(utc))).toBe("2026-11-26T10:00 UTC");
  });

  it("follows events that recur, with their exceptions", () => {
    const weekly = ["UID:4", "DTSTART:20261102T100000Z", "DTEND:20261102T120000Z", "RRULE:FREQ=WEEKLY;BYDAY=MO", "EXDATE:20261116T100000Z"];
    const moved = ["UID:4", "RECURRENCE-ID:20261123T100000Z", "DTSTART:20261124T100000Z", "DTEND:20261124T120000Z"];
    const calendar = ics(weekly, moved);
    expect(until(window, "2026-11-09T11:00:00Z", calendar)).not.toBeNull();
    expect(until(window, "2026-11-16T11:00:00Z", calendar)).toBeNull();
    expect(until(window, "2026-11-23T11:00:00Z", calendar)).toBeNull();
    expect(until(window, "2026-11-24T11:00:00Z", calendar)).not.toBeNull();
  });

  it("leaves cancelled events aside", () => {
    expect(until(window, "2026-11-28T12:00:00Z", ics([...blackFriday, "STATUS:CANCELLED"]))).toBeNull();
  });

  it.each([
    ["is missing", {}],
    ["is no calendar", { [path]: "BEGIN:VCARD" }],
    [
      "names a zone that does not exist",
      ics(["UID:5", "DTSTART;TZID=Mars/Olympus:20261125T090000", "DTEND;TZID=Mars/Olympus:20261125T100000"]),
    ],
  ])("freezes until somebody mends it when the file %s", (_, calendars) => {
    expect(until(window, "2026-11-25T08:30:00Z", calendars)).toContain(path);
  });
});

describe("a freeze of some environments", () => {
  it("leaves the others alone", () => {
    const windows = [
      freezeWindowSchema.parse({
        name: "peak",
        from: "2026-11-24T00:00",
        to: "2026-12-02T00:00",
        timeZone: "UTC",
        environments: ["production"],
      }),
    ];
    const now = instantSchema.parse("2026-11-25T00:00:00Z");
    const names = (environment: string) =>
      activeFreezes({ windows, files: [], calendars: new Map() }, environmentNameSchema.parse(environment), now).map(({ name }) => name);
    expect(names("production")).toEqual(["peak"]);
    expect(names("staging")).toEqual([]);
  });
});

describe("a freeze as it is written", () => {
  it.each([
    ["says exactly one of from, cron and calendar", { name: "x", timeZone: "UTC" }, "exactly one"],
    ["says how long a recurring one lasts", { name: "x", cron: "0 0 * * *", timeZone: "UTC" }, "how long"],
    ["has a cron expression that exists", { name: "x", cron: "0 0 * * 9", lasts: "1h", timeZone: "UTC" }, "cron"],
    ["names a calendar of this repository", { name: "x", calendar: "../../etc/passwd", timeZone: "UTC" }, ".slipway/calendars"],
  ])("%s", (_, written, message) => {
    expect(freezeWindowSchema.safeParse(written).error?.issues[0]?.message).toContain(message);
  });
});
