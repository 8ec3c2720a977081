import { describe, expect, it } from "vitest";
import { environmentNameSchema, loginSchema } from "#domain/model/names.ts";
import { type Instant, instantSchema } from "#domain/model/time.ts";
import { activeFreezes } from "#domain/policy/freeze.ts";
import { type FreezeFile, parseFreezeFile, printFreezeFile } from "#domain/policy/freeze-file.ts";
import type { FreezeWindow } from "#domain/policy/freeze-window.ts";
import { wallClock } from "#domain/policy/wall-clock.ts";
import type { SchemaResult } from "#domain/text/parse-with-schema.ts";
import { policy } from "./policy-builder.ts";

const production = environmentNameSchema.parse("production");

function activeFreeze(windows: readonly FreezeWindow[], files: readonly SchemaResult<FreezeFile>[], now: Instant) {
  return activeFreezes({ windows, files, calendars: new Map() }, production, now)[0] ?? null;
}

function frozenAt(now: string, from: string, to: string, timeZone: string): boolean {
  const { freezes } = policy({ freezes: [{ name: "window", from, to, timeZone }] });
  return activeFreeze(freezes, [], instantSchema.parse(now)) !== null;
}

describe("a freeze of the calendar", () => {
  it.each([
    ["2026-11-24T04:59:59.999Z", false],
    ["2026-11-24T05:00:00Z", true],
    ["2026-11-27T17:00:00Z", true],
    ["2026-12-02T04:59:59.999Z", true],
    ["2026-12-02T05:00:00Z", false],
  ])("holds in Toronto through Black Friday's week, first minute in, last minute out: %s %s", (now, expected) => {
    expect(frozenAt(now, "2026-11-24T00:00", "2026-12-02T00:00", "America/Toronto")).toBe(expected);
  });

  it.each([
    [
      "in Toronto, where it begins in summer time",
      "2026-11-01T03:59:59Z",
      "2026-11-01T00:00",
      "2026-11-02T00:00",
      "America/Toronto",
      false,
    ],
    ["in Toronto, where it begins in summer time", "2026-11-01T04:00:00Z", "2026-11-01T00:00", "2026-11-02T00:00", "America/Toronto", true],
    ["and ends in winter time, an hour later", "2026-11-02T04:59:59Z", "2026-11-01T00:00", "2026-11-02T00:00", "America/Toronto", true],
    ["and ends in winter time, an hour later", "2026-11-02T05:00:00Z", "2026-11-01T00:00", "2026-11-02T00:00", "America/Toronto", false],
    ["from a time that the clock skips: before", "2026-03-08T06:59:59Z", "2026-03-08T02:30", "2026-03-08T04:00", "America/Toronto", false],
    [
      "from a time that the clock skips: the next it shows",
      "2026-03-08T07:00:00Z",
      "2026-03-08T02:30",
      "2026-03-08T04:00",
      "America/Toronto",
      true,
    ],
    ["until a time that the clock skips: before", "2026-03-08T06:59:59Z", "2026-03-08T01:00", "2026-03-08T02:30", "America/Toronto", true],
    [
      "until a time that the clock skips: the next it shows",
      "2026-03-08T07:00:00Z",
      "2026-03-08T01:00",
      "2026-03-08T02:30",
      "America/Toronto",
      false,
    ],
    [
      "in an hour that the clock shows twice: first",
      "2026-11-01T05:15:00Z",
      "2026-11-01T01:00",
      "2026-11-01T02:00",
      "America/Toronto",
      true,
    ],
    [
      "in an hour that the clock shows twice: second",
      "2026-11-01T06:15:00Z",
      "2026-11-01T01:00",
      "2026-11-01T02:00",
      "America/Toronto",
      true,
    ],
    ["after both of them", "2026-11-01T07:00:00Z", "2026-11-01T01:00", "2026-11-01T02:00", "America/Toronto", false],
    ["in a half-hour zone, before", "2026-01-01T18:29:59Z", "2026-01-02T00:00", "2026-01-03T00:00", "Asia/Kolkata", false],
    ["in a half-hour zone, from", "2026-01-01T18:30:00Z", "2026-01-02T00:00", "2026-01-03T00:00", "Asia/Kolkata", true],
    ["in a three-quarter-hour zone, before", "2026-06-30T18:14:59Z", "2026-07-01T00:00", "2026-07-02T00:00", "Asia/Kathmandu", false],
    ["in a three-quarter-hour zone, from", "2026-06-30T18:15:00Z", "2026-07-01T00:00", "2026-07-02T00:00", "Asia/Kathmandu", true],
    [
      "where half an hour is summer time, from",
      "2026-10-03T15:30:00Z",
      "2026-10-04T02:30",
      "2026-10-04T03:00",
      "Australia/Lord_Howe",
      true,
    ],
    ["at the end of a year", "2026-12-31T23:59:00Z", "2026-12-31T00:00", "2027-01-01T00:00", "UTC", true],
    ["past the end of a year", "2027-01-01T00:00:00Z", "2026-12-31T00:00", "2027-01-01T00:00", "UTC", false],
  ])("%s (%s, from %s to %s, %s): %s", (_, now, from, to, timeZone, expected) => {
    expect(frozenAt(now, from, to, timeZone)).toBe(expected);
  });

  it("says until when, in its own zone", () => {
    const { freezes } = policy({
      freezes: [{ name: "peak", from: "2026-11-24T00:00", to: "2026-12-02T00:00", timeZone: "America/Toronto" }],
    });
    expect(activeFreeze(freezes, [], instantSchema.parse("2026-11-27T12:00:00Z"))).toEqual({
      name: "peak",
      until: "2026-12-02T00:00 America/Toronto",
      reason: null,
      by: null,
      overriddenBy: null,
    });
  });
});

describe("the wall clock", () => {
  it.each([
    ["2026-11-24T00:00:00Z", "UTC", "2026-11-24T00:00"],
    ["2026-11-24T23:59:59.999Z", "UTC", "2026-11-24T23:59"],
    ["2026-11-24T04:00:00Z", "Asia/Kathmandu", "2026-11-24T09:45"],
    ["0999-01-01T00:00:00Z", "UTC", "0999-01-01T00:00"],
  ])("of %s in %s shows %s, midnight as 00:00", (now, zone, shown) => {
    expect(wallClock(instantSchema.parse(now), zone)).toBe(shown);
  });
});

describe("a freeze that was set by command", () => {
  const from = instantSchema.parse("2026-11-20T08:00:00Z");
  const to = instantSchema.parse("2026-11-20T09:00:00.000Z");
  const file: FreezeFile = {
    schema: "slipway/freeze/v1",
    name: "outage",
    from,
    to,
    reason: "a: move\n# of 'things'",
    by: loginSchema.parse("lee"),
  };

  it.each([
    ["2026-11-20T07:59:59.999Z", false],
    ["2026-11-20T08:00:00.000Z", true],
    ["2026-11-20T08:59:59.999Z", true],
    ["2026-11-20T09:00:00Z", false],
  ])("holds from its beginning until just before its end: %s %s", (now, expected) => {
    expect(activeFreeze([], [{ kind: "ok", value: file }], instantSchema.parse(now)) !== null).toBe(expected);
  });

  it("is read back as it was written", () => {
    expect(parseFreezeFile(printFreezeFile(file), "outage.yaml")).toEqual({ kind: "ok", value: file });
  });

  it.each([
    ["an unknown schema", printFreezeFile(file).replace("freeze/v1", "freeze/v2")],
    ["an end that is its beginning", printFreezeFile(file).replace("2026-11-20T09:00:00.000Z", from)],
    ["an unknown key", `${printFreezeFile(file)}extra: 1\n`],
    ["no reason", printFreezeFile({ ...file, reason: "x" }).replace(/^reason: .*$/m, "reason: ''")],
  ])("is refused with %s", (_, text) => {
    expect(parseFreezeFile(text, "outage.yaml").kind).toBe("invalid");
  });

  it("freezes while its file cannot be read, and says where", () => {
    const unreadable = parseFreezeFile("schema: [", ".slipway/freezes/outage.yaml");
    expect(activeFreeze([], [unreadable], from)).toMatchObject({ name: ".slipway/freezes/outage.yaml", until: "its file can be read" });
  });
});
