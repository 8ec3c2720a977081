import { describe, expect, it } from "vitest";
import { type AcceptedRun, type AttestationClaims, acceptedRunSchema, type ProvenanceClaims, type RunFacts } from "#domain/evidence/run.ts";
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
  /** Of the attestation; without it the run left none. */
  readonly attested?: { readonly [K in keyof AttestationClaims]?: unknown };
  readonly attestation?: unknown;
}

const identity = {
  issuer: "https://token.actions.githubusercontent.com",
  repositoryId: 1,
  eventName: "pull_request",
  runId: 5,
  runAttempt: 2,
  jobWorkflowRef: `${workflow}@refs/tags/v1`,
  jobWorkflowSha: pinned,
  issuedAt: "2026-11-20T10:02:00Z",
};

function accepted({ run, claims, provenance, attested, attestation }: Changes = {}): AcceptedRun {
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
      claims: { ...identity, audience: `slipway:sha256:${hex}`, ...claims },
    },
    attestation:
      attestation ??
      (attested && {
        kind: "attested",
        claims: {
          ...identity,
          runnerEnvironment: "github-hosted",
          sourceRef: "refs/pull/7/merge",
          sourceSha: "9".repeat(40),
          predicateType: "https://slsa.dev/provenance/v1",
          subjects: [`sha256:${hex}`],
          ...attested,
        },
      }),
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

  it.each([
    ["on GitHub's runner is trusted", { runnerEnvironment: "github-hosted" }, "trusted"],
    ["on a runner that may be the pull request's own is not", { runnerEnvironment: "self-hosted" }, "runner-not-trusted"],
    ["on a runner of a kind that nobody knows is not", { runnerEnvironment: "elsewhere" }, "runner-not-trusted"],
  ])("of the trusted workflow %s", (_, claims, expected) => {
    expect(codeOf({ claims })).toBe(expected);
  });

  it("of one's own runners is trusted where the policy says so", () => {
    const own = policy({ trustedWorkflows: [{ workflow, sha: [pinned], runners: ["self-hosted"] }] });
    expect(codeOf({ claims: { runnerEnvironment: "self-hosted" } }, head, own)).toBe("trusted");
    expect(codeOf({ claims: { runnerEnvironment: "github-hosted" } }, head, own)).toBe("runner-not-trusted");
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

  it("says of both proofs why neither is trusted", () => {
    const provenance = { kind: "unsigned", reason: "The run left no OIDC token." };
    expect(trustOf(accepted({ provenance, attested: { runId: 6 } }), head, trusting)).toMatchObject({
      code: "unsigned",
      reason: "The run left no OIDC token. The attestation is of run 6, attempt 2; the evidence came with run 5, attempt 2.",
    });
  });

  it("has a closed list of reasons, each once", () => {
    expect(new Set(distrustCodes).size).toBe(distrustCodes.length);
  });
});

describe("evidence without a token", () => {
  const provenance = { kind: "unsigned", reason: "The run left no OIDC token." };
  const merged = "refs/heads/gh-readonly-queue/main/pr-7-";
  const queued = {
    run: { event: "merge_group" },
    attested: { eventName: "merge_group", sourceRef: `${merged}${"c".repeat(40)}`, sourceSha: head },
  };

  it.each<[string, Changes, boolean]>([
    ["that is attested is trusted", { attested: {} }, true],
    ["that is attested beside other files is trusted", { attested: { subjects: [`sha256:${"1".repeat(64)}`, `sha256:${hex}`] } }, true],
    ["that is attested from a merge queue is trusted", queued, true],
    ["that is attested from another group of the queue is not", { ...queued, attested: { ...queued.attested, sourceSha: other } }, false],
    ["whose attestation does not hold is not", { attestation: { kind: "unverified", reason: "Forged." } }, false],
    ["whose attestation is about other evidence is not", { attested: { subjects: [`sha256:${"d".repeat(64)}`] } }, false],
    ["whose attestation is no provenance is not", { attested: { predicateType: "https://spdx.dev/Document/v2.3" } }, false],
    ["whose attestation is of another repository is not", { attested: { repositoryId: 2 } }, false],
    ["whose attestation is of another run is not", { attested: { runId: 6 } }, false],
    ["whose attestation is of another attempt is not", { attested: { runAttempt: 1 } }, false],
    ["whose attestation is of another pull request is not", { attested: { sourceRef: "refs/pull/8/merge" } }, false],
    ["whose attestation is of a branch is not", { attested: { sourceRef: "refs/heads/main" } }, false],
    [
      "whose attestation is of pull_request_target is not",
      { run: { event: "pull_request_target" }, attested: { eventName: "pull_request_target", sourceRef: "refs/heads/main" } },
      false,
    ],
    ["whose attestation tells another event than GitHub is not", { attested: { eventName: "pull_request_target" } }, false],
    [
      "whose attestation is of another workflow is not",
      { attested: { jobWorkflowRef: `${workflow.replace("evaluate", "other")}@main` } },
      false,
    ],
    ["whose attestation is of a commit that is not pinned is not", { attested: { jobWorkflowSha: "3".repeat(40) } }, false],
    [
      "whose attestation is of the model's own repository is not",
      { attested: { jobWorkflowRef: "acme/models/.github/workflows/evaluate.yml@x" } },
      false,
    ],
    ["that was attested on somebody's own runner is not", { attested: { runnerEnvironment: "self-hosted" } }, false],
    ["that was attested before the run is not", { attested: { issuedAt: "2026-11-20T09:59:29.999Z" } }, false],
    ["that was attested after the run is not", { attested: { issuedAt: "2026-11-20T10:05:30.001Z" } }, false],
  ])("%s", (_, changes, trusted) => {
    expect(trustOf(accepted({ provenance, ...changes }), head, trusting).kind).toBe(trusted ? "trusted" : "self-reported");
  });

  it("but with a token of somebody else is trusted for its attestation alone", () => {
    expect(codeOf({ claims: { runId: 6 }, attested: {} })).toBe("trusted");
    expect(codeOf({ claims: { runId: 6 }, attested: { runId: 6 } })).toBe("run-differs");
  });
});
