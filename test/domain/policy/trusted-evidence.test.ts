import { describe, expect, it } from "vitest";
import { type AcceptedRun, acceptedRunSchema, type ProvenanceClaims, type RunFacts } from "#domain/evidence/run.ts";
import { commitShaSchema } from "#domain/model/names.ts";
import { distrustCodes, trustOf } from "#domain/policy/trusted-evidence.ts";
import { policy } from "./policy-builder.ts";

const workflow = "acme/slipway/.github/workflows/evaluate.yml";
const hex = "e".repeat(64);
const head = commitShaSchema.parse("a".repeat(40));
const other = commitShaSchema.parse("b".repeat(40));
const pinned = "1".repeat(40);
const trusting = policy({ trustedWorkflows: [{ workflow, sha: ["2".repeat(40), pinned] }] });

interface Changes {
  readonly run?: { readonly [K in keyof RunFacts]?: unknown };
  readonly claims?: { readonly [K in keyof ProvenanceClaims]?: unknown };
  readonly provenance?: unknown;
}

function accepted({ run, claims, provenance }: Changes = {}): AcceptedRun {
  return acceptedRunSchema.parse({
    schema: "slipway/accepted-run/v1",
    repository: { id: 1, name: "acme/models" },
    pullRequest: 7,
    run: {
      id: 5,
      attempt: 2,
      event: "pull_request",
      headSha: head,
      path: ".github/workflows/models.yml",
      startedAt: "2026-11-20T10:00:00Z",
      updatedAt: "2026-11-20T10:05:00Z",
      ...run,
    },
    provenance: provenance ?? {
      kind: "signed",
      claims: {
        issuer: "https://token.actions.githubusercontent.com",
        audience: `slipway:sha256:${hex}`,
        repositoryId: 1,
        eventName: "pull_request",
        runId: 5,
        runAttempt: 2,
        jobWorkflowRef: `${workflow}@refs/tags/v1`,
        jobWorkflowSha: pinned,
        issuedAt: "2026-11-20T10:02:00Z",
        ...claims,
      },
    },
    evidence: `sha256:${hex}`,
    acceptedAt: "2026-11-20T10:06:00Z",
  });
}

function codeOf(changes: Changes, reportHead = head, given = trusting): string {
  const trust = trustOf(accepted(changes), reportHead, given);
  return trust.kind === "trusted" ? "trusted" : trust.code;
}

describe("evidence", () => {
  it("of a pinned workflow outside the model's repository, for this head, is trusted", () => {
    expect(trustOf(accepted(), head, trusting)).toEqual({ kind: "trusted", workflow });
  });

  it.each([
    ["of a merge queue is trusted", { run: { event: "merge_group" }, claims: { eventName: "merge_group" } }, "trusted"],
    ["of the other pinned commit is trusted", { claims: { jobWorkflowSha: "2".repeat(40) } }, "trusted"],
    ["of a workflow without a ref is trusted", { claims: { jobWorkflowRef: workflow } }, "trusted"],
    ["without a token is not", { provenance: { kind: "unsigned", reason: "There is no token." } }, "unsigned"],
    ["with a token for other evidence is not", { claims: { audience: `slipway:sha256:${"d".repeat(64)}` } }, "audience-differs"],
    ["with a token for the App is not", { claims: { audience: "slipway:app" } }, "audience-differs"],
    ["with an audience that only begins alike is not", { claims: { audience: `slipway:sha256:${hex}0` } }, "audience-differs"],
    ["of another repository is not", { claims: { repositoryId: 2 } }, "repository-differs"],
    ["of another run is not", { claims: { runId: 6 } }, "run-differs"],
    ["of another attempt is not", { claims: { runAttempt: 1 } }, "run-differs"],
    ["whose event GitHub tells otherwise is not", { run: { event: "merge_group" } }, "event-differs"],
    [
      "of a run started by hand is not",
      { run: { event: "workflow_dispatch" }, claims: { eventName: "workflow_dispatch" } },
      "dispatched-by-hand",
    ],
    [
      "of pull_request_target is not",
      { run: { event: "pull_request_target" }, claims: { eventName: "pull_request_target" } },
      "event-not-trusted",
    ],
    ["of a push is not", { run: { event: "push" }, claims: { eventName: "push" } }, "event-not-trusted"],
    ["of a run for another head is not", { run: { headSha: other } }, "head-differs"],
    [
      "of a workflow in the model's repository is not",
      { claims: { jobWorkflowRef: "acme/models/.github/workflows/evaluate.yml@refs/pull/7/merge" } },
      "workflow-in-model-repository",
    ],
    [
      "of that workflow in other letters is not",
      { claims: { jobWorkflowRef: "Acme/Models/.github/workflows/evaluate.yml@main" } },
      "workflow-in-model-repository",
    ],
    [
      "of a workflow that the policy does not name is not",
      { claims: { jobWorkflowRef: "acme/slipway/.github/workflows/other.yml@refs/tags/v1" } },
      "workflow-not-trusted",
    ],
    [
      "of a workflow in a repository that begins alike is not",
      { claims: { jobWorkflowRef: "acme/slipway2/.github/workflows/evaluate.yml@refs/tags/v1" } },
      "workflow-not-trusted",
    ],
    ["of a path that only begins alike is not", { claims: { jobWorkflowRef: `${workflow}x@refs/tags/v1` } }, "workflow-not-trusted"],
    ["of a commit that is not pinned is not", { claims: { jobWorkflowSha: "3".repeat(40) } }, "workflow-commit-not-trusted"],
    ["issued over 30 seconds before the run is not", { claims: { issuedAt: "2026-11-20T09:59:29.999Z" } }, "issued-outside-run"],
    ["issued 30 seconds before the run is trusted", { claims: { issuedAt: "2026-11-20T09:59:30Z" } }, "trusted"],
    ["issued 30 seconds after the run is trusted", { claims: { issuedAt: "2026-11-20T10:05:30Z" } }, "trusted"],
    ["issued over 30 seconds after the run is not", { claims: { issuedAt: "2026-11-20T10:05:30.001Z" } }, "issued-outside-run"],
    [
      "taken in while the run went on, whose last change GitHub saw long before, is trusted",
      { run: { underWay: true }, claims: { issuedAt: "2026-11-20T10:05:59Z" } },
      "trusted",
    ],
    [
      "taken in while the run went on, and issued after that, is not",
      { run: { underWay: true }, claims: { issuedAt: "2026-11-20T10:06:30.001Z" } },
      "issued-outside-run",
    ],
  ] as const)("%s", (_, changes, expected) => {
    expect(codeOf(changes)).toBe(expected);
  });

  it("whose report names another head is not trusted", () => {
    expect(codeOf({}, other)).toBe("head-differs");
  });

  it("is judged under today's policy: a workflow that it names no more is not trusted", () => {
    expect(codeOf({}, head, policy())).toBe("workflow-not-trusted");
  });

  it("of the model's own repository is not trusted even where the policy names that workflow", () => {
    const own = "acme/models/.github/workflows/evaluate.yml";
    const careless = policy({ trustedWorkflows: [{ workflow: own, sha: [pinned] }] });
    expect(codeOf({ claims: { jobWorkflowRef: `${own}@refs/heads/main` } }, head, careless)).toBe("workflow-in-model-repository");
  });

  it("says why it is not trusted", () => {
    expect(trustOf(accepted({ claims: { runAttempt: 1 } }), head, trusting)).toMatchObject({
      reason: "The token is of run 5, attempt 1; the evidence came with run 5, attempt 2.",
    });
    expect(trustOf(accepted({ provenance: { kind: "unsigned", reason: "There is no token." } }), head, trusting)).toMatchObject({
      reason: "There is no token.",
    });
  });

  it("has a closed list of reasons, each once", () => {
    expect(new Set(distrustCodes).size).toBe(distrustCodes.length);
  });
});
