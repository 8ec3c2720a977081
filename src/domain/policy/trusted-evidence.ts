import { queuedPullRequest } from "#domain/evidence/queued-pull-request.ts";
import type { AcceptedRun, AttestationClaims, ProvenanceClaims } from "#domain/evidence/run.ts";
import { type CommitSha, hexOf, short } from "#domain/model/names.ts";
import { millisecondsBetween } from "#domain/model/time.ts";
import type { Policy } from "#domain/policy/policy.ts";

/** Why evidence is self-reported: shown, never gating. */
export const distrustCodes = [
  "policy-unreadable",
  "unsigned",
  "attestation-unverified",
  "audience-differs",
  "subject-differs",
  "predicate-differs",
  "repository-differs",
  "run-differs",
  "event-differs",
  "source-differs",
  "dispatched-by-hand",
  "event-not-trusted",
  "head-differs",
  "workflow-in-model-repository",
  "workflow-not-trusted",
  "workflow-commit-not-trusted",
  "runner-not-trusted",
  "issued-outside-run",
] as const;
export type DistrustCode = (typeof distrustCodes)[number];

export type Trust =
  | { readonly kind: "trusted"; readonly workflow: string }
  | { readonly kind: "self-reported"; readonly code: DistrustCode; readonly reason: string };

/** GitHub's own clocks differ by seconds. */
const clockSkew = 30_000;

/** What GitHub's `actions/attest-build-provenance` states: this subject was made by that run. */
const provenancePredicate = "https://slsa.dev/provenance/v1";

/**
 * Whether a run's evidence was computed by a workflow that its pull request could not change, for this head. Signatures and issuers
 * were checked when the claims were read; what the claims must say is checked here, each time anew, under today's policy. The run's
 * token and its attestation say the same of it, and either is enough.
 */
export function trustOf(run: AcceptedRun, reportHead: CommitSha, policy: Policy): Trust {
  const token = trustOfToken(run, reportHead, policy);
  const attestation = token.kind === "trusted" ? undefined : trustOfAttestation(run, reportHead, policy);
  if (token.kind === "trusted" || attestation === undefined) return token;
  if (attestation.kind === "trusted") return attestation;
  return selfReported(token.code, `${token.reason} ${attestation.reason}`);
}

function trustOfToken(run: AcceptedRun, reportHead: CommitSha, policy: Policy): Trust {
  if (run.provenance.kind === "unsigned") return selfReported("unsigned", run.provenance.reason);
  const { claims } = run.provenance;
  return otherAudience(run, claims) ?? trustOfRun(run, claims, "token", reportHead, policy);
}

function trustOfAttestation(run: AcceptedRun, reportHead: CommitSha, policy: Policy): Trust | undefined {
  if (run.attestation === undefined) return undefined;
  if (run.attestation.kind === "unverified") return selfReported("attestation-unverified", run.attestation.reason);
  const { claims } = run.attestation;
  return otherSubject(run, claims) ?? otherSource(run, claims) ?? trustOfRun(run, claims, "attestation", reportHead, policy);
}

type RunClaims = Omit<ProvenanceClaims, "audience">;
type Proof = "token" | "attestation";

function trustOfRun(run: AcceptedRun, claims: RunClaims, proof: Proof, reportHead: CommitSha, policy: Policy): Trust {
  const workflow = claims.jobWorkflowRef.split("@")[0] ?? "";
  return (
    otherRun(run, claims, proof) ??
    otherHead(run, reportHead) ??
    untrustedWorkflow(run, claims, workflow, policy) ?? { kind: "trusted", workflow }
  );
}

/** The audience holds the digest of the evidence, so a token is of no use for anything else. */
function otherAudience(run: AcceptedRun, claims: ProvenanceClaims): Trust | undefined {
  if (claims.audience === `slipway:sha256:${hexOf(run.evidence)}`) return undefined;
  return selfReported("audience-differs", "The run's token was issued for other evidence than this.");
}

function otherSubject(run: AcceptedRun, claims: AttestationClaims): Trust | undefined {
  if (!claims.subjects.includes(run.evidence))
    return selfReported("subject-differs", "The run's attestation is about another file than this evidence.json; attest that very file.");
  if (claims.predicateType === provenancePredicate) return undefined;
  return selfReported("predicate-differs", `The run's attestation is no provenance: its predicate is not ${provenancePredicate}.`);
}

/** The commit of a pull request's run is a merge of its head, which only the run itself names; its number is in the ref. */
function otherSource(run: AcceptedRun, claims: AttestationClaims): Trust | undefined {
  const [, number] = /^refs\/pull\/([1-9]\d{0,8})\/merge$/.exec(claims.sourceRef) ?? [];
  const pullRequest = number === undefined ? queuedPullRequest(claims.sourceRef) : Number(number);
  const otherGroup = number === undefined && claims.sourceSha !== run.run.headSha;
  const refless = run.run.event !== "pull_request" && run.run.event !== "merge_group";
  if (refless || (pullRequest === run.pullRequest && !otherGroup)) return undefined;
  return selfReported("source-differs", `The run's attestation is of another source than pull request #${run.pullRequest}.`);
}

function otherRun(run: AcceptedRun, claims: RunClaims, proof: Proof): Trust | undefined {
  if (claims.repositoryId !== run.repository.id) {
    return selfReported("repository-differs", `The run's ${proof} is of repository ${claims.repositoryId}, not of ${run.repository.name}.`);
  }
  if (claims.runId !== run.run.id || claims.runAttempt !== run.run.attempt) {
    const other = `run ${claims.runId}, attempt ${claims.runAttempt}`;
    return selfReported(
      "run-differs",
      `The ${proof} is of ${other}; the evidence came with run ${run.run.id}, attempt ${run.run.attempt}.`,
    );
  }
  if (claims.eventName !== run.run.event) {
    return selfReported("event-differs", `The ${proof} and GitHub disagree on the event that started the run.`);
  }
  const early = millisecondsBetween(claims.issuedAt, run.run.startedAt) > clockSkew;
  const late = millisecondsBetween(run.run.underWay ? run.acceptedAt : run.run.updatedAt, claims.issuedAt) > clockSkew;
  if (early || late)
    return selfReported("issued-outside-run", `The ${proof} was issued ${early ? "before the run began" : "after the run ended"}.`);
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
function untrustedWorkflow(run: AcceptedRun, claims: RunClaims, workflow: string, policy: Policy): Trust | undefined {
  if (workflow.toLowerCase().startsWith(`${run.repository.name.toLowerCase()}/`)) {
    return selfReported(
      "workflow-in-model-repository",
      "The workflow lies in the model's own repository, where a pull request can change it.",
    );
  }
  const trusted = policy.trustedWorkflows.filter((candidate) => candidate.workflow === workflow);
  if (trusted.length === 0) return selfReported("workflow-not-trusted", `The policy does not trust the workflow ${workflow}.`);
  const pinned = trusted.filter(({ sha }) => sha.includes(claims.jobWorkflowSha));
  if (pinned.length === 0) {
    const commit = short(claims.jobWorkflowSha);
    return selfReported("workflow-commit-not-trusted", `The policy trusts the workflow ${workflow}, but not at commit ${commit}.`);
  }
  const { runnerEnvironment: runner } = claims;
  if (runner !== undefined && !pinned.some(({ runners = ["github-hosted"] }) => runners.some((allowed) => allowed === runner))) {
    const next = "where that cannot be, a policy owner adds self-hosted to its runners in trustedWorkflows";
    return selfReported("runner-not-trusted", `The workflow ${workflow} ran on a runner that the policy does not trust for it; ${next}.`);
  }
  return undefined;
}

function selfReported(code: DistrustCode, reason: string): Trust {
  return { kind: "self-reported", code, reason };
}
