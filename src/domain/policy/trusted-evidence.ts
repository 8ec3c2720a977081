import type { AcceptedRun, ProvenanceClaims } from "#domain/evidence/run.ts";
import { type CommitSha, hexOf, short } from "#domain/model/names.ts";
import { millisecondsBetween } from "#domain/model/time.ts";
import type { Policy } from "#domain/policy/policy.ts";

/** Why evidence is self-reported: shown, never gating. */
export const distrustCodes = [
  "policy-unreadable",
  "unsigned",
  "audience-differs",
  "repository-differs",
  "run-differs",
  "event-differs",
  "dispatched-by-hand",
  "event-not-trusted",
  "head-differs",
  "workflow-in-model-repository",
  "workflow-not-trusted",
  "workflow-commit-not-trusted",
  "issued-outside-run",
] as const;
export type DistrustCode = (typeof distrustCodes)[number];

export type Trust =
  | { readonly kind: "trusted"; readonly workflow: string }
  | { readonly kind: "self-reported"; readonly code: DistrustCode; readonly reason: string };

/** GitHub's own clocks differ by seconds. */
const clockSkew = 30_000;

/**
 * Whether a run's evidence was computed by a workflow that its pull request could not change, for this head. The token's signature
 * and issuer were checked when its claims were read; what the claims must say is checked here, each time anew, under today's policy.
 */
export function trustOf(run: AcceptedRun, reportHead: CommitSha, policy: Policy): Trust {
  if (run.provenance.kind === "unsigned") return selfReported("unsigned", run.provenance.reason);
  const claims = run.provenance.claims;
  const workflow = claims.jobWorkflowRef.split("@")[0] ?? "";
  return (
    otherEvidence(run, claims) ??
    otherRun(run, claims) ??
    otherHead(run, reportHead) ??
    untrustedWorkflow(run, claims, workflow, policy) ?? {
      kind: "trusted",
      workflow,
    }
  );
}

/** The audience holds the digest of the evidence, so a token is of no use for anything else. */
function otherEvidence(run: AcceptedRun, claims: ProvenanceClaims): Trust | undefined {
  if (claims.audience === `slipway:sha256:${hexOf(run.evidence)}`) return undefined;
  return selfReported("audience-differs", "The run's token was issued for other evidence than this.");
}

function otherRun(run: AcceptedRun, claims: ProvenanceClaims): Trust | undefined {
  if (claims.repositoryId !== run.repository.id) {
    return selfReported("repository-differs", `The run's token is of repository ${claims.repositoryId}, not of ${run.repository.name}.`);
  }
  if (claims.runId !== run.run.id || claims.runAttempt !== run.run.attempt) {
    const token = `run ${claims.runId}, attempt ${claims.runAttempt}`;
    return selfReported("run-differs", `The token is of ${token}; the evidence came with run ${run.run.id}, attempt ${run.run.attempt}.`);
  }
  if (claims.eventName !== run.run.event) {
    return selfReported("event-differs", "The token and GitHub disagree on the event that started the run.");
  }
  const early = millisecondsBetween(claims.issuedAt, run.run.startedAt) > clockSkew;
  const late = millisecondsBetween(run.run.underWay ? run.acceptedAt : run.run.updatedAt, claims.issuedAt) > clockSkew;
  if (early || late)
    return selfReported("issued-outside-run", `The token was issued ${early ? "before the run began" : "after the run ended"}.`);
  return undefined;
}

/** Only for these events GitHub says which head a run is of. */
function otherHead(run: AcceptedRun, reportHead: CommitSha): Trust | undefined {
  if (run.run.event === "workflow_dispatch") {
    return selfReported(
      "dispatched-by-hand",
      "The run was started by hand, and which head it evaluated is not proven; push or re-run the pull request's own run.",
    );
  }
  if (run.run.event !== "pull_request" && run.run.event !== "merge_group") {
    return selfReported(
      "event-not-trusted",
      "The run was not started by a pull request or a merge queue, so which head it evaluated is not proven.",
    );
  }
  if (run.run.headSha !== reportHead) {
    return selfReported("head-differs", `The run is of head ${short(run.run.headSha)}; its report says ${short(reportHead)}.`);
  }
  return undefined;
}

/** The called workflow's file and commit are the anchor: the author of a pull request can write the calling one. */
function untrustedWorkflow(run: AcceptedRun, claims: ProvenanceClaims, workflow: string, policy: Policy): Trust | undefined {
  if (workflow.toLowerCase().startsWith(`${run.repository.name.toLowerCase()}/`)) {
    return selfReported(
      "workflow-in-model-repository",
      "The workflow lies in the model's own repository, where a pull request can change it.",
    );
  }
  const trusted = policy.trustedWorkflows.filter((candidate) => candidate.workflow === workflow);
  if (trusted.length === 0) return selfReported("workflow-not-trusted", `The policy does not trust the workflow ${workflow}.`);
  if (!trusted.some(({ sha }) => sha.includes(claims.jobWorkflowSha))) {
    const commit = short(claims.jobWorkflowSha);
    return selfReported("workflow-commit-not-trusted", `The policy trusts the workflow ${workflow}, but not at commit ${commit}.`);
  }
  return undefined;
}

function selfReported(code: DistrustCode, reason: string): Trust {
  return { kind: "self-reported", code, reason };
}
