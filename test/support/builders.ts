import { type EnvironmentState, environmentStateSchema, type OpenRelease, openReleaseSchema } from "#domain/environment/state.ts";
import { type Incident, incidentSchema } from "#domain/incident/incident.ts";
import { addMilliseconds, type Instant, instantSchema } from "#domain/model/time.ts";
import { type ReleasePlan, releasePlanSchema } from "#domain/rollout/plan.ts";
import { type ReleaseRecord, releaseRecordSchema } from "#domain/rollout/release.ts";

export const start = instantSchema.parse("2026-11-20T08:00:00.000Z");

/** A moment of the story, in milliseconds after its start. */
export function at(milliseconds: number): Instant {
  return addMilliseconds(start, milliseconds);
}

export const live = { version: "2026.11.02-1", digest: `sha256:${"a".repeat(64)}` };
export const candidate = { version: "2026.11.20-3", digest: `sha256:${"c".repeat(64)}` };
export const releaseNumber = "r-0123456789abcdef";
const pullRequest = { repository: "acme/models", number: 7, head: "1".repeat(40) };

/** Steps 5 and 25 of 2 s each, a bake of 4 s, two extensions, a deadline of 30 s; 90 % under 50 ms, burnt five times too fast. */
export function plan(overrides: Record<string, unknown> = {}, objectives: readonly object[] = [latency]): ReleasePlan {
  const rollout = {
    serving: { image: `ghcr.io/acme/ranker@sha256:${"2".repeat(64)}` },
    steps: [
      { weight: 5, window: "2s" },
      { weight: 25, window: "2s" },
    ],
    bake: "4s",
    extend: 2,
    deadline: "30s",
    ...overrides,
  };
  return releasePlanSchema.parse({ rollout, objectives });
}

export const latency = {
  name: "latency",
  target: 0.9,
  indicator: { latency: { atMost: "50ms" } },
  burnRate: [{ long: "4s", short: "1s", factor: 5 }],
};

export function openRelease(overrides: Record<string, unknown> = {}): OpenRelease {
  return openReleaseSchema.parse({
    phase: "progressing",
    id: releaseNumber,
    candidate,
    pullRequest,
    step: 0,
    weight: 5,
    weightSetAt: at(0),
    liveSince: at(1000),
    ...overrides,
  });
}

export function environmentState(overrides: Record<string, unknown> = {}): EnvironmentState {
  return environmentStateSchema.parse({
    schema: "slipway/state/v1",
    environment: "production",
    model: "search-ranker",
    live: { ...live, since: at(-1000) },
    verified: [
      { ...live, release: null, at: at(-1000), files: { "environments/production/search-ranker/http-route.yaml": "e".repeat(40) } },
    ],
    release: null,
    ...overrides,
  });
}

export function releaseRecord(overrides: Partial<ReleaseRecord> = {}): ReleaseRecord {
  const written = releaseRecordSchema.decode({
    schema: "slipway/release/v1",
    id: releaseNumber,
    environment: "production",
    model: "search-ranker",
    namespace: "production",
    trigger: { command: 41, by: "lee", at: at(0) },
    pullRequest,
    candidate,
    artifact: "artifacts/2026.11.20-3.json",
    baseline: live,
    evidence: `sha256:${"d".repeat(64)}`,
    policy: "2".repeat(40),
    plan: {
      rollout: { serving: { image: `ghcr.io/acme/ranker@sha256:${"2".repeat(64)}` }, steps: [{ weight: 5, window: "2s" }], bake: "4s" },
      objectives: [latency],
    },
    startedAt: at(0),
    steps: [{ weight: 5, setAt: at(0), liveAt: at(1000), judgedAt: null, windows: [] }],
    outcome: null,
  });
  return { ...written, plan: plan(), ...overrides };
}

export function incident(overrides: Record<string, unknown> = {}): Incident {
  return incidentSchema.parse({
    schema: "slipway/incident/v1",
    id: releaseNumber,
    environment: "production",
    model: "search-ranker",
    candidate,
    restores: live,
    reason: "latency: 20 of 75 requests were good",
    windows: [],
    timeline: [{ at: at(5000), what: "breach decided" }],
    issue: null,
    pullRequest: null,
    closedAt: null,
    ...overrides,
  });
}
