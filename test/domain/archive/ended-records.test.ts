import { describe, expect, it } from "vitest";
import { endedRecords, recordRetention } from "#domain/archive/ended-records.ts";
import { evidencePath, incidentPath, releasePath } from "#domain/environment/paths.ts";
import type { EnvironmentState } from "#domain/environment/state.ts";
import type { Incident } from "#domain/incident/incident.ts";
import { blobIdSchema, environmentNameSchema, releaseIdSchema } from "#domain/model/names.ts";
import { addMilliseconds, type Instant } from "#domain/model/time.ts";
import type { ReleaseRecord } from "#domain/rollout/release.ts";
import type { SchemaResult } from "#domain/text/parse-with-schema.ts";
import { digest } from "#test/domain/report/judgement-builder.ts";
import { environmentState, incident, openRelease, releaseRecord, start } from "#test/support/builders.ts";

const blob = blobIdSchema.parse("b".repeat(40));
const ended = { kind: "verified", at: start, reason: "it passed" } as const;
const yearLater = addMilliseconds(start, recordRetention);
const ok = <Value>(value: Value): SchemaResult<Value> => ({ kind: "ok", value });
const broken: SchemaResult<never> = {
  kind: "invalid",
  problems: [{ file: "x.yaml", line: 1, column: 1, path: [], message: "is no YAML" }],
};

interface World {
  readonly releases?: readonly ReleaseRecord[];
  readonly unreadable?: boolean;
  readonly states?: readonly SchemaResult<EnvironmentState>[];
  readonly incidents?: readonly SchemaResult<Incident>[];
}

const pathOf = ({ environment, model, id }: ReleaseRecord) => releasePath(environment, model, id);
const reportOf = ({ model, evidence }: ReleaseRecord) => evidencePath(model, evidence);
const release = (number: number, changes: Partial<ReleaseRecord> = {}) =>
  releaseRecord({ id: releaseIdSchema.parse(`r-${String(number).padStart(16, "0")}`), outcome: ended, ...changes });

function archived({ releases = [], unreadable = false, states = [], incidents = [] }: World, now: Instant = yearLater) {
  const paths = releases.flatMap((record) => [pathOf(record), reportOf(record), incidentPath(record.id)]);
  const unread = unreadable ? [{ path: ".slipway/releases/production/x/y.yaml", record: broken }] : [];
  const records = {
    entries: new Map(paths.map((path) => [path, blob])),
    releases: [...releases.map((record) => ({ path: pathOf(record), record: ok(record) })), ...unread],
    states,
    incident: () => incidents[0],
  };
  const { moves, problems } = endedRecords(records, now);
  return { paths: moves.map(({ path }) => path).toSorted(), problems };
}

describe("a release", () => {
  const one = release(1);
  const all = [incidentPath(one.id), reportOf(one), pathOf(one)].toSorted();

  it("is archived with its report and incident a year after it ended, and not a moment earlier", () => {
    const closed = ok(incident({ closedAt: start }));
    expect(archived({ releases: [one], incidents: [closed] })).toEqual({ paths: all, problems: [] });
    expect(archived({ releases: [one] }, addMilliseconds(yearLater, -1)).paths).toEqual([]);
  });

  it.each<[string, World]>([
    ["has not ended", { releases: [release(1, { outcome: null })] }],
    ["serves, or is what a rollback goes to", { states: [ok(environmentState({ verified: [verifiedBy(one)] }))] }],
    ["is open in a state", { states: [ok(environmentState({ release: openRelease({ id: one.id }) }))] }],
    ["has an incident that is open", { incidents: [ok(incident())] }],
    ["has an incident that was closed lately", { incidents: [ok(incident({ closedAt: yearLater }))] }],
    ["has an incident that cannot be read", { incidents: [broken] }],
  ])("stays while it %s", (_, world) => {
    expect(archived({ releases: [one], ...world })).toEqual({ paths: [], problems: [] });
  });

  it("stays, and so does everything, while a state cannot be read", () => {
    const { paths, problems } = archived({ releases: [one], states: [broken] });
    expect({ paths, problem: problems[0] }).toEqual({
      paths: [],
      problem: expect.stringContaining("No release is archived while a state cannot be read: "),
    });
  });

  it("leaves its report where another release rests on it", () => {
    const elsewhere = release(2, { environment: environmentNameSchema.parse("staging"), outcome: null });
    expect(archived({ releases: [one, elsewhere] }).paths).toEqual([incidentPath(one.id), pathOf(one)].toSorted());
    const other = release(3, { outcome: null, evidence: digest("5") });
    expect(archived({ releases: [one, other] }).paths).toContain(reportOf(one));
  });

  it("leaves its report where a record that cannot be read may rest on it", () => {
    const { paths, problems } = archived({ releases: [one], unreadable: true });
    expect(paths).toEqual([incidentPath(one.id), pathOf(one)].toSorted());
    expect(problems).toEqual([expect.stringContaining(".slipway/releases/production/x/y.yaml stays, since it cannot be read")]);
  });
});

function verifiedBy({ id, candidate }: ReleaseRecord) {
  return { ...candidate, release: id, at: start, files: {} };
}
