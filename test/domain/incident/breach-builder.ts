import { type Incident, incidentSchema } from "#domain/incident/incident.ts";
import type { Instant } from "#domain/model/time.ts";
import { instantOf } from "#domain/model/time.ts";
import { type ReleaseRecord, releaseRecordSchema } from "#domain/rollout/release.ts";
import type { JudgedWindow } from "#domain/slo/window-verdict.ts";
import { baseline, candidate, digest, sha } from "#test/domain/report/judgement-builder.ts";

const start = Date.UTC(2026, 10, 20, 8, 0, 0);

export function second(after: number): Instant {
  return instantOf(start + after * 1000);
}

export function brokenWindow(change: Partial<JudgedWindow> = {}): JudgedWindow {
  return {
    objective: "latency",
    kind: "window",
    from: second(9),
    to: second(11),
    good: 92,
    total: 150,
    target: 0.9,
    lower: 0.5332,
    upper: 0.6876,
    verdict: "fail",
    ...change,
  };
}

export function release(): ReleaseRecord {
  return releaseRecordSchema.parse({
    schema: "slipway/release/v1",
    id: "r-0123456789abcdef",
    environment: "production",
    model: "search-ranker",
    namespace: "production",
    trigger: { command: 4711, by: "lee", at: second(0) },
    pullRequest: { repository: "acme/models", number: 2, head: sha("a") },
    candidate,
    artifact: "s3://acme-models/search-ranker/model.json",
    baseline,
    evidence: digest("6"),
    policy: sha("d"),
    plan: {
      rollout: {
        serving: { image: `ghcr.io/acme/ranker@sha256:${"1".repeat(64)}` },
        steps: [
          { weight: 5, window: "2s" },
          { weight: 25, window: "2s" },
        ],
        bake: "4s",
      },
      objectives: [],
    },
    startedAt: second(0),
    steps: [
      { weight: 5, setAt: second(0), liveAt: second(1), judgedAt: second(5), windows: [] },
      { weight: 25, setAt: second(5), liveAt: second(6.5), judgedAt: second(11), windows: [brokenWindow()] },
    ],
    outcome: null,
  });
}

export function incident(change: Partial<Incident> = {}): Incident {
  return {
    ...incidentSchema.parse({
      schema: "slipway/incident/v1",
      id: "r-0123456789abcdef",
      environment: "production",
      model: "search-ranker",
      candidate,
      restores: baseline,
      reason: "latency: 61.3 % of 150 requests were good, the objective is 90 %",
      windows: [brokenWindow(), brokenWindow({ kind: "burn-rate", from: second(5), total: 420, good: 301, lower: 0.6719, upper: 0.7577 })],
      timeline: [
        { at: second(0), what: "weight 5 % set in Git" },
        { at: second(1), what: "weight 5 % seen live" },
        { at: second(5), what: "weight 25 % set in Git" },
        { at: second(6.5), what: "weight 25 % seen live" },
        { at: second(11), what: "breach decided, weight back to 0 %, digest held" },
      ],
      issue: null,
      pullRequest: null,
      closedAt: null,
    }),
    ...change,
  };
}
