import { type AttestationClaims, acceptedRunSchema, attestationClaimsSchema } from "#domain/evidence/run.ts";
import type { EvidenceEntry } from "#ports/evidence-log.ts";

interface Overrides {
  readonly repository?: number;
  readonly pullRequest?: number;
  readonly run?: number;
  readonly attempt?: number;
  readonly evidence?: Uint8Array;
  readonly reports?: ReadonlyMap<string, Uint8Array>;
  readonly token?: string;
  readonly keys?: string;
  readonly attestation?: string;
  readonly trustRoot?: string;
}

/** Of run 1 of pull request 1 of `acme/models`. */
export function attestationClaims(changes: { readonly [Name in keyof AttestationClaims]?: unknown } = {}): AttestationClaims {
  return attestationClaimsSchema.parse({
    issuer: "https://token.actions.githubusercontent.com",
    repositoryId: 1,
    eventName: "pull_request",
    runId: 1,
    runAttempt: 1,
    jobWorkflowRef: "acme/slipway/.github/workflows/evaluate.yml@refs/tags/v1",
    jobWorkflowSha: "f".repeat(40),
    runnerEnvironment: "github-hosted",
    sourceRef: "refs/pull/1/merge",
    sourceSha: "9".repeat(40),
    predicateType: "https://slsa.dev/provenance/v1",
    subjects: [`sha256:${"e".repeat(64)}`],
    issuedAt: "2026-11-20T08:02:00.000Z",
    ...changes,
  });
}

/** A self-reported run of pull request 7, with one report. */
export function evidenceEntry(overrides: Overrides = {}): EvidenceEntry {
  const { repository = 1, pullRequest = 7, run = 1, attempt = 1, token, keys, attestation, trustRoot } = overrides;
  return {
    accepted: acceptedRunSchema.parse({
      schema: "slipway/accepted-run/v1",
      repository: { id: repository, name: "acme/models" },
      pullRequest,
      run: {
        id: run,
        attempt,
        event: "pull_request",
        headSha: "a".repeat(40),
        path: ".github/workflows/slipway.yml",
        startedAt: "2026-11-20T08:00:00.000Z",
        updatedAt: "2026-11-20T08:05:00.000Z",
      },
      provenance: { kind: "unsigned", reason: "there is no token" },
      evidence: `sha256:${"b".repeat(64)}`,
      acceptedAt: "2026-11-20T08:06:00.000Z",
    }),
    files: {
      evidence: overrides.evidence ?? Buffer.from("{}\n"),
      reports: overrides.reports ?? new Map([["search-ranker.json", Buffer.from('{"verdict":"pass"}\n')]]),
      ...(token === undefined ? {} : { token }),
      ...(keys === undefined ? {} : { keys }),
      ...(attestation === undefined ? {} : { attestation }),
      ...(trustRoot === undefined ? {} : { trustRoot }),
    },
  };
}
