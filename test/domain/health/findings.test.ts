import { describe, expect, it } from "vitest";
import { printLock } from "#domain/environment/lock.ts";
import { lockPath, policyPath } from "#domain/environment/paths.ts";
import type { EnvironmentsSnapshot } from "#domain/environment/snapshot.ts";
import { type OpenRelease, printState, statePathOf } from "#domain/environment/state.ts";
import { clockFinding, deliveriesFinding, eventsFinding } from "#domain/health/app-findings.ts";
import { lockFindings, policyFinding, releaseFindings } from "#domain/health/environments-findings.ts";
import type { Finding } from "#domain/health/finding.ts";
import { commitShaSchema, environmentNameSchema, loginSchema, modelNameSchema, repositoryNameSchema } from "#domain/model/names.ts";
import { at, environmentState, openRelease, start } from "#test/support/builders.ts";

const hour = 3_600_000;
const day = 24 * hour;

function snapshot(texts: Readonly<Record<string, string>>): EnvironmentsSnapshot {
  return { head: commitShaSchema.parse("1".repeat(40)), entries: new Map(), texts: new Map(Object.entries(texts)) };
}

function withRelease(overrides: Record<string, unknown>): EnvironmentsSnapshot {
  const release: OpenRelease = openRelease(overrides);
  const state = environmentState({ release });
  return snapshot({ [statePathOf(state)]: printState(state) });
}

const kinds = (findings: readonly Finding[]) => findings.map(({ kind }) => kind);

describe("the clock", () => {
  it.each([
    [0, "ok"],
    [30_000, "ok"],
    [-30_000, "ok"],
    [31_000, "problem"],
    [-31_000, "problem"],
    [Number.NaN, "problem"],
  ])("that differs by %i ms is %s", (difference, kind) => {
    expect(clockFinding(1e12 + difference, 1e12).kind).toBe(kind);
  });

  it("says in which direction it is wrong", () => {
    expect(clockFinding(1e12 + 90_000, 1e12).message).toBe("this machine's clock is 90 s ahead of GitHub's");
    expect(clockFinding(1e12 - 90_000, 1e12).message).toBe("this machine's clock is 90 s behind GitHub's");
  });
});

it("events that the App is not told of are named, and others do not matter", () => {
  expect(eventsFinding(["push", "check_run"], ["push", "check_run", "star"]).kind).toBe("ok");
  expect(eventsFinding(["push", "check_run"], ["push"])).toMatchObject({
    kind: "problem",
    message: expect.stringContaining("not told of check_run,"),
  });
});

describe("webhooks", () => {
  it("that were all taken, or never sent, are no problem", () => {
    expect(deliveriesFinding([]).kind).toBe("ok");
    expect(
      deliveriesFinding([
        { event: "push", status: 200 },
        { event: "push", status: 202 },
      ]).kind,
    ).toBe("ok");
  });

  it("that fail are counted, the latest with what it was answered", () => {
    const newest = [400, 200, 502].map((status) => ({ event: "push", status }));
    const message = "2 of the last 3 deliveries failed, the latest (push) with 400";
    expect(deliveriesFinding(newest)).toMatchObject({ kind: "problem", message });
  });

  it("that failed before the latest was taken are told, and no problem any more", () => {
    const newest = [200, 502].map((status) => ({ event: "push", status }));
    expect(deliveriesFinding(newest)).toMatchObject({ kind: "ok", message: "1 of the last 2 deliveries failed, and the latest was taken" });
  });
});

describe("the policy", () => {
  it("that is not there or cannot be read is a problem with its place", () => {
    expect(policyFinding(snapshot({}))).toMatchObject({ kind: "problem", message: expect.stringContaining(policyPath) });
    expect(policyFinding(snapshot({ [policyPath]: "kind: Policy\n" }))).toMatchObject({ kind: "problem" });
  });
});

describe("a release", () => {
  it.each([
    ["is rolled back", { phase: "stopping", stoppedAt: start, reason: "it broke", weight: 0 }, hour],
    ["is paused", { phase: "paused", pausedAt: start, reason: "lee paused it" }, 7 * day],
    ["waits for the cluster", { phase: "progressing", weightSetAt: start, liveSince: null }, hour],
  ])("that %s is stuck after its time, and not at it", (_, release, limit) => {
    const world = withRelease(release);
    expect(kinds(releaseFindings(world, at(limit)))).toEqual(["ok"]);
    const [found] = releaseFindings(world, at(limit + 1));
    expect(found).toMatchObject({ kind: "problem", message: expect.stringContaining("search-ranker 2026.11.20-3 in production") });
  });

  it("that the cluster serves is not stuck, however long its window is", () => {
    expect(kinds(releaseFindings(withRelease({ liveSince: start }), at(90 * day)))).toEqual(["ok"]);
  });

  it("whose state cannot be read is a problem, and does not hide the others", () => {
    const { texts } = withRelease({ phase: "paused", pausedAt: start, reason: "lee paused it" });
    const world = snapshot({ ...Object.fromEntries(texts), ".slipway/state/production/other.yaml": "live: yesterday\n" });
    expect(kinds(releaseFindings(world, at(8 * day)))).toEqual(["problem", "problem"]);
  });
});

describe("a lock", () => {
  const environment = environmentNameSchema.parse("production");
  const model = modelNameSchema.parse("search-ranker");
  const locked = (pullRequest: number | null) =>
    snapshot({
      [lockPath(environment, model)]: printLock({
        schema: "slipway/lock/v1",
        environment,
        model,
        by: loginSchema.parse("lee"),
        at: start,
        pullRequest: pullRequest === null ? null : { repository: repositoryNameSchema.parse("acme/models"), number: pullRequest },
      }),
    });

  it("that no pull request frees is stale after two weeks", () => {
    expect(kinds(lockFindings(locked(null), () => false, at(14 * day)))).toEqual(["ok"]);
    expect(lockFindings(locked(null), () => false, at(15 * day))).toMatchObject([
      { kind: "problem", message: "search-ranker in production is locked by lee for 15d, and no pull request frees it" },
    ]);
  });

  it("that cannot be read is told, for it locks all the same", () => {
    const path = lockPath(environment, model);
    expect(lockFindings(snapshot({ [path]: "by: nobody\n" }), () => false, at(0))).toMatchObject([
      { kind: "problem", message: `${path} cannot be read, and locks all the same` },
    ]);
  });

  it("of a pull request is stale when that is closed, and not before", () => {
    expect(kinds(lockFindings(locked(7), () => false, at(99 * day)))).toEqual(["ok"]);
    expect(kinds(lockFindings(locked(7), () => true, at(0)))).toEqual(["problem"]);
  });
});
