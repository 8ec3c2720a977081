import { type Bundle, bundleFromJSON } from "@sigstore/bundle";
import { PolicyError, type SignedEntity, type Signer, toSignedEntity, VerificationError, type Verifier } from "@sigstore/verify";
import { z } from "zod";
import { type Attestation, type AttestationClaims, attestationClaimsSchema } from "#domain/evidence/run.ts";
import { instantOf } from "#domain/model/time.ts";
import type { AttestationVerifier } from "#ports/attestations.ts";
import { certificateClaims, invokedRun } from "./certificate-claims.ts";
import { type Statement, statementOf } from "./statement.ts";
import { NoTrustRoot, trustRoots } from "./trust-roots.ts";

export interface SigstoreSettings {
  /** The text of the installation's trust roots; undefined when it has none. */
  readonly trustRoot: string | undefined;
  /** Who issued the identity that Fulcio certified, exactly as certificates spell it: `https://token.actions.githubusercontent.com`. */
  readonly issuer: string;
  /** Where workflows lie, exactly as certificates spell it: `https://github.com`. */
  readonly server: string;
}

/** Provenance of one file has about 12 kB; what is far larger is not looked at. */
const longestBundle = 1024 * 1024;

/**
 * Verifies GitHub's artifact attestations without any network. A bundle is judged as of the moment at which it was signed, for which a
 * transparency log or a timestamp authority vouches: its certificate lives ten minutes, and the bundle holds years later.
 *
 * @throws NoTrustRoot when the installation's trust roots cannot be read
 */
export function sigstoreAttestations({ trustRoot, issuer, server }: SigstoreSettings): AttestationVerifier {
  const own = trustRoot === undefined ? [] : trustRoots(trustRoot);
  return {
    trustRoot,
    verify(text, given) {
      const bundle = readBundle(text);
      if (typeof bundle === "string") return unverified(bundle);
      const statement = statementOf(bundle);
      if (statement === undefined) return unverified("The run's attestation holds no in-toto statement about a SHA-256 digest.");
      try {
        const { signer, signedAt } = signed(bundle, given === trustRoot ? own : trustRoots(given));
        return attested(signer, signedAt, statement, { issuer, server });
      } catch (error) {
        if (error instanceof NoTrustRoot) return unverified("The trust root kept with the run's attestation cannot be read.");
        if (error instanceof z.ZodError) return unverified("The certificate of the run's attestation is not that of a workflow run.");
        return unverified(reasonOf(error));
      }
    },
  };
}

function attested(
  signer: Signer,
  signedAt: Date,
  statement: Statement,
  { issuer, server }: Pick<SigstoreSettings, "issuer" | "server">,
): Attestation {
  const certificate = certificateClaims(signer);
  if (certificate.issuer !== issuer)
    return unverified("The identity in the attestation's certificate is of another issuer than SLIPWAY_OIDC_ISSUER names.");
  const workflow = certificate.buildSignerUri;
  if (certificate.subject !== workflow || !workflow.startsWith(`${server}/`))
    return unverified("The attestation's certificate does not name a workflow of this GitHub as its subject.");
  const { run, attempt } = invokedRun(certificate);
  const claims: Readonly<Record<keyof AttestationClaims, unknown>> = {
    issuer,
    repositoryId: certificate.sourceRepositoryId,
    eventName: certificate.buildTrigger,
    runId: run,
    runAttempt: attempt,
    jobWorkflowRef: workflow.slice(server.length + 1),
    jobWorkflowSha: certificate.buildSignerDigest,
    runnerEnvironment: certificate.runnerEnvironment,
    sourceRef: certificate.sourceRef,
    sourceSha: certificate.sourceDigest,
    issuedAt: instantOf(signedAt.getTime()),
    ...statement,
  };
  return { kind: "attested", claims: attestationClaimsSchema.parse(claims) };
}

/** @returns a sentence about what is wrong when it is none */
function readBundle(text: string): Bundle | string {
  if (text.length > longestBundle) return `The run's attestation is larger than ${longestBundle} bytes, and not looked at.`;
  try {
    const bundle = bundleFromJSON(JSON.parse(text));
    // A key without a certificate says nothing of who holds it.
    if (bundle.verificationMaterial.content.$case === "publicKey")
      return "The run's attestation is signed with a bare key, not with a certificate of a workflow run.";
    return bundle;
  } catch {
    return "The run's attestation is no Sigstore bundle.";
  }
}

/** By the first trust root that holds; what the last one says when none does. */
function signed(bundle: Bundle, roots: readonly Verifier[]): { readonly signer: Signer; readonly signedAt: Date } {
  const entity = toSignedEntity(bundle);
  let last: unknown;
  for (const root of roots) {
    try {
      return { signer: root.verify(entity), signedAt: earliest(entity) };
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** Of the moments that the verifier has counted: an entry without a promise of its log proves no time. */
function earliest({ timestamps }: SignedEntity): Date {
  const moments = timestamps.flatMap((timestamp) => {
    if (timestamp.$case === "timestamp-authority") return [timestamp.timestamp.signingTime.getTime()];
    return timestamp.tlogEntry.inclusionPromise === undefined ? [] : [Number(timestamp.tlogEntry.integratedTime) * 1000];
  });
  return new Date(Math.min(...moments));
}

function unverified(reason: string): Attestation {
  return { kind: "unverified", reason };
}

/** Our own sentences: those of the library may repeat what stands in the bundle. */
function reasonOf(error: unknown): string {
  const code = error instanceof VerificationError || error instanceof PolicyError ? error.code : undefined;
  switch (code) {
    case "CERTIFICATE_ERROR":
      return "The certificate of the run's attestation is not of an authority in the trust root, or was not valid when it signed.";
    case "TIMESTAMP_ERROR":
      return "No transparency log or timestamp authority of the trust root says when the run's attestation was signed.";
    case "TLOG_BODY_ERROR":
    case "TLOG_ERROR":
    case "TLOG_INCLUSION_PROOF_ERROR":
    case "TLOG_INCLUSION_PROMISE_ERROR":
    case "TLOG_MISSING_INCLUSION_ERROR":
      return "The run's attestation is in no transparency log of the trust root.";
    case "SIGNATURE_ERROR":
      return "The signature of the run's attestation does not hold.";
    default:
      return "The run's attestation cannot be verified with the trust root.";
  }
}
