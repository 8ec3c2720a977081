import { createHash, generateKeyPairSync, type KeyObject, randomInt, sign } from "node:crypto";
import { bundleToJSON } from "@sigstore/bundle";
import { initializeCA, initializeCTLog, initializeTLog, initializeTSA } from "@sigstore/mock";
import { HashAlgorithm, PublicKeyDetails, TrustedRoot } from "@sigstore/protobuf-specs";
import { z } from "zod";
import { issuerAddress, workflowSha } from "#test/support/oidc-issuer.ts";

/** A certificate authority, its certificate log, a transparency log and a timestamp authority of one's own, in this process. */
export interface Sigstore {
  /** The trust root that names all four, one line. */
  readonly root: string;
  /** One without logs, as GitHub's own for private repositories. */
  readonly privateRoot: string;
  /** Signs a statement with a certificate that lives for ten minutes from the signing, unless told otherwise. */
  attest(wanted?: Attested): Promise<string>;
}

export interface Attested {
  /** Hexadecimal SHA-256 of what it is about. */
  readonly subjects?: readonly string[];
  readonly certificate?: { readonly [Field in keyof typeof certificate]?: string | undefined };
  /** Subject alternative name of the certificate; that of the workflow when left out. */
  readonly subject?: string;
  readonly statement?: Readonly<Record<string, unknown>>;
  readonly payloadType?: string;
  /** Milliseconds after the certificate was issued. */
  readonly signedAfter?: number;
  /** Who vouches for the time: `private` is what GitHub does for private repositories. */
  readonly kind?: "public" | "private";
  /** Changes the finished bundle, as JSON. */
  readonly change?: (bundle: JsonBundle) => unknown;
}

export interface JsonBundle {
  readonly verificationMaterial: { readonly tlogEntries?: readonly unknown[]; readonly timestampVerificationData?: unknown };
  readonly dsseEnvelope: { readonly payload: string; readonly signatures: readonly { readonly sig: string }[] };
}

export const workflowUri = "https://github.com/acme/slipway/.github/workflows/evaluate.yml@refs/heads/main";

/** What Fulcio writes about a run of GitHub Actions, by the last number of the extension. */
const certificate = {
  8: issuerAddress,
  9: workflowUri,
  10: workflowSha,
  11: "github-hosted",
  12: "https://github.com/acme/models",
  13: "d".repeat(40),
  14: "refs/pull/7/merge",
  15: "1",
  16: "https://github.com/acme",
  17: "2",
  18: "https://github.com/acme/models/.github/workflows/slipway.yml@refs/pull/7/merge",
  19: "d".repeat(40),
  20: "pull_request",
  21: "https://github.com/acme/models/actions/runs/9001/attempts/2",
} as const;

const logUrl = "https://rekor.sigstore.example";

/** @param at when it issues certificates; its own ones begin now */
export async function sigstore(at = new Date(Date.now() + 60_000)): Promise<Sigstore> {
  const keys = { ca: keyPair(), ctlog: keyPair(), tlog: keyPair(), tsa: keyPair() };
  const ctlog = await initializeCTLog(keys.ctlog, at);
  const authorities = { public: await initializeCA(keys.ca, ctlog, at), private: await initializeCA(keys.ca, undefined, at) };
  const validFor = { start: new Date(at.getTime() - 3_600_000) };
  const authorityOf = (certificates: readonly ArrayBufferView[]) => ({
    subject: { commonName: "sigstore", organization: "sigstore.mock" },
    uri: "https://fulcio.sigstore.example",
    certChain: { certificates: certificates.map((bytes) => ({ rawBytes: bufferOf(bytes) })) },
    validFor,
    operator: "test",
  });
  const logOf = (publicKey: Buffer) => ({
    baseUrl: logUrl,
    hashAlgorithm: HashAlgorithm.SHA2_256,
    publicKey: { rawBytes: publicKey, keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256, validFor },
    logId: { keyId: createHash("sha256").update(publicKey).digest() },
    checkpointKeyId: undefined,
    operator: "test",
  });
  const tsa = (signedAt: Date) => initializeTSA(keys.tsa, signedAt);
  const tsaNow = await tsa(at);
  const root = (logs: boolean, authority: (typeof authorities)["public"]) =>
    JSON.stringify(
      TrustedRoot.toJSON({
        mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
        certificateAuthorities: [authorityOf([authority.rootCertificate])],
        tlogs: logs ? [logOf(keys.tlog.publicKey.export({ format: "der", type: "spki" }))] : [],
        ctlogs: logs ? [logOf(bufferOf(ctlog.publicKey))] : [],
        timestampAuthorities: logs ? [] : [authorityOf([tsaNow.intCertificate, tsaNow.rootCertificate])],
      }),
    );

  return {
    root: root(true, authorities.public),
    privateRoot: root(false, authorities.private),
    async attest(wanted = {}) {
      const { kind = "public", signedAfter = 0, payloadType = "application/vnd.in-toto+json" } = wanted;
      const written = { ...certificate, ...wanted.certificate };
      const signer = keyPair();
      const signedAt = new Date(at.getTime() + signedAfter);
      const der = await authorities[kind].issueCertificate({
        publicKey: signer.publicKey.export({ format: "der", type: "spki" }),
        subjectAltName: wanted.subject ?? written[9] ?? "",
        extensions: Object.entries(written).flatMap(([last, value]) =>
          value === undefined ? [] : [{ oid: `1.3.6.1.4.1.57264.1.${last}`, value }],
        ),
      });
      const payload = Buffer.from(
        JSON.stringify({
          _type: "https://in-toto.io/Statement/v1",
          subject: (wanted.subjects ?? ["e".repeat(64)]).map((sha256) => ({ name: "evidence.json", digest: { sha256 } })),
          predicateType: "https://slsa.dev/provenance/v1",
          predicate: {},
          ...wanted.statement,
        }),
      );
      const signature = sign("sha256", preAuthEncoding(payloadType, payload), signer.privateKey);
      const timestamps = kind === "private" ? [{ signedTimestamp: await timestamp(await tsa(signedAt), signature) }] : [];
      const bundle = bundleToJSON({
        mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
        content: { $case: "dsseEnvelope", dsseEnvelope: { payloadType, payload, signatures: [{ sig: signature, keyid: "" }] } },
        verificationMaterial: {
          content: { $case: "certificate", certificate: { rawBytes: bufferOf(der) } },
          tlogEntries: kind === "public" ? [await logged(keys.tlog, signedAt, { payload, signature, certificate: bufferOf(der) })] : [],
          timestampVerificationData: { rfc3161Timestamps: timestamps },
        },
      });
      return JSON.stringify(wanted.change?.(JSON.parse(JSON.stringify(bundle))) ?? bundle);
    },
  };
}

interface Signed {
  readonly payload: Buffer;
  readonly signature: Buffer;
  readonly certificate: Buffer;
}

/** An entry of the kind that GitHub's attest action makes, with the log's promise and its proof. */
async function logged(keys: KeyPair, at: Date, { payload, signature, certificate: der }: Signed) {
  const log = await initializeTLog(logUrl, keys, at);
  const pem = `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`;
  const answer = await log.log({
    apiVersion: "0.0.1",
    kind: "dsse",
    spec: {
      payloadHash: { algorithm: "sha256", value: createHash("sha256").update(payload).digest("hex") },
      signatures: [{ signature: signature.toString("base64"), verifier: Buffer.from(pem).toString("base64") }],
    },
  });
  const [entry] = z.array(entrySchema).length(1).parse(Object.values(answer));
  if (entry === undefined) throw new Error("the log made an entry");
  const { inclusionProof: proof, signedEntryTimestamp } = entry.verification;
  return {
    logIndex: String(entry.logIndex),
    logId: { keyId: Buffer.from(entry.logID, "hex") },
    kindVersion: { kind: "dsse", version: "0.0.1" },
    integratedTime: String(entry.integratedTime),
    inclusionPromise: { signedEntryTimestamp: Buffer.from(signedEntryTimestamp, "base64") },
    inclusionProof: {
      logIndex: String(proof.logIndex),
      rootHash: Buffer.from(proof.rootHash, "hex"),
      treeSize: String(proof.treeSize),
      hashes: [],
      checkpoint: { envelope: proof.checkpoint },
    },
    canonicalizedBody: Buffer.from(entry.body, "base64"),
  };
}

const entrySchema = z.object({
  body: z.string(),
  integratedTime: z.number(),
  logID: z.string(),
  logIndex: z.number(),
  verification: z.object({
    inclusionProof: z.object({ logIndex: z.number(), rootHash: z.string(), treeSize: z.number(), checkpoint: z.string() }),
    signedEntryTimestamp: z.string(),
  }),
});

async function timestamp(tsa: Awaited<ReturnType<typeof initializeTSA>>, signature: Buffer): Promise<Buffer> {
  const answer = await tsa.timestamp({
    artifactHash: createHash("sha256").update(signature).digest(),
    hashAlgorithmOID: "2.16.840.1.101.3.4.2.1",
    nonce: randomInt(1_000_000),
    policyOID: "1.3.6.1.4.1.57264.2",
    certReq: false,
  });
  return bufferOf(answer);
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

function keyPair(): KeyPair {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function bufferOf(bytes: ArrayBufferView): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
function preAuthEncoding(type: string, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.byteLength} `), payload]);
}
