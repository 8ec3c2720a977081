import { afterEach, describe, expect, it, vi } from "vitest";
import { sigstoreAttestations } from "#adapters/sigstore/sigstore-attestations.ts";
import { NoTrustRoot } from "#adapters/sigstore/trust-roots.ts";
import { issuerAddress, workflowSha } from "#test/support/oidc-issuer.ts";
import { type Attested, sigstore, workflowUri } from "#test/support/sigstore.ts";

const at = new Date(Math.floor(Date.now() / 1000) * 1000 + 60_000);
const ours = await sigstore(at);
const other = await sigstore(at);
const settings = { issuer: issuerAddress, server: "https://github.com" };
const verifier = sigstoreAttestations({ trustRoot: ours.root, ...settings });

const claims = {
  issuer: issuerAddress,
  repositoryId: 1,
  eventName: "pull_request",
  runId: 9001,
  runAttempt: 2,
  jobWorkflowRef: "acme/slipway/.github/workflows/evaluate.yml@refs/heads/main",
  jobWorkflowSha: workflowSha,
  runnerEnvironment: "github-hosted",
  sourceRef: "refs/pull/7/merge",
  sourceSha: "d".repeat(40),
  predicateType: "https://slsa.dev/provenance/v1",
  subjects: [`sha256:${"e".repeat(64)}`],
  issuedAt: at.toISOString(),
};

afterEach(() => {
  vi.useRealTimers();
});

describe("an artifact attestation", () => {
  it("gives what its certificate and statement say when all signatures hold", async () => {
    expect(verifier.verify(await ours.attest(), ours.root)).toEqual({ kind: "attested", claims });
  });

  it("of a private repository holds by its timestamp, under a root that has no logs", async () => {
    const bundle = await ours.attest({ kind: "private", signedAfter: 1000 });
    const issuedAt = new Date(at.getTime() + 1000).toISOString();
    expect(verifier.verify(bundle, ours.privateRoot)).toEqual({ kind: "attested", claims: { ...claims, issuedAt } });
    expect(verifier.verify(bundle, ours.root)).toMatchObject({ kind: "unverified" });
  });

  it("holds when any of several roots knows it", async () => {
    const several = `${other.root}\n${ours.root}\n`;
    expect(verifier.verify(await ours.attest(), several)).toMatchObject({ kind: "attested" });
  });

  it("holds ten months later, long after its certificate and its authority have ended, with the root that was kept", async () => {
    const bundle = await ours.attest();
    vi.useFakeTimers({ now: at.getTime() + 500 * 86_400_000, toFake: ["Date"] });
    const renewed = sigstoreAttestations({ trustRoot: other.root, ...settings });
    expect(renewed.verify(bundle, ours.root)).toEqual({ kind: "attested", claims });
    expect(renewed.verify(bundle, other.root)).toMatchObject({ kind: "unverified" });
  });

  it("may be about several files", async () => {
    const bundle = await ours.attest({ subjects: ["a".repeat(64), "b".repeat(64)] });
    expect(verifier.verify(bundle, ours.root)).toMatchObject({
      claims: { subjects: [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`] },
    });
  });

  const changed = (text: string) => text.replace(/^./, (letter) => (letter === "A" ? "B" : "A"));
  it.each<[string, Attested, string]>([
    ["with an expired certificate", { signedAfter: 700_000 }, "was not valid when it signed"],
    ["signed before its certificate began", { signedAfter: -60_000 }, "was not valid when it signed"],
    [
      "with another payload than was signed",
      {
        change: (bundle) => ({
          ...bundle,
          dsseEnvelope: {
            ...bundle.dsseEnvelope,
            payload: Buffer.from(Buffer.from(bundle.dsseEnvelope.payload, "base64").toString().replace(/e{64}/, "f".repeat(64))).toString(
              "base64",
            ),
          },
        }),
      },
      "in no transparency log",
    ],
    [
      "with a forged signature",
      {
        change: (bundle) => ({
          ...bundle,
          dsseEnvelope: { ...bundle.dsseEnvelope, signatures: bundle.dsseEnvelope.signatures.map(({ sig }) => ({ sig: changed(sig) })) },
        }),
      },
      "in no transparency log",
    ],
    [
      "without an entry of the log",
      { change: (bundle) => ({ ...bundle, verificationMaterial: { ...bundle.verificationMaterial, tlogEntries: [] } }) },
      "says when the run's attestation was signed",
    ],
    ["without a promise of the certificate log", { kind: "private" }, "trust root"],
    ["of another issuer", { certificate: { 8: "https://token.actions.example.com" } }, "another issuer"],
    [
      "whose subject is another workflow than its signer",
      { subject: "https://github.com/mallory/x/.github/workflows/a.yml@main" },
      "as its subject",
    ],
    ["of a workflow on another server", { certificate: { 9: workflowUri.replace("github.com", "github.example") } }, "as its subject"],
    [
      "of a server whose name begins alike",
      { certificate: { 9: workflowUri.replace("github.com", "github.com.example") } },
      "as its subject",
    ],
    ["of a person", { certificate: { 15: undefined, 20: undefined, 21: undefined } }, "not that of a workflow run"],
    ["of a run that is none", { certificate: { 21: "https://github.com/acme/models/actions/runs/9001" } }, "not that of a workflow run"],
    ["of a commit that is none", { certificate: { 10: "main" } }, "not that of a workflow run"],
    ["of no repository", { certificate: { 15: "0" } }, "not that of a workflow run"],
    ["with a statement of another form", { statement: { _type: "https://in-toto.io/Statement/v0.1" } }, "no in-toto statement"],
    ["about nothing", { subjects: [] }, "no in-toto statement"],
    ["about a digest that is none", { subjects: ["sha256"] }, "no in-toto statement"],
    ["whose payload is something else", { payloadType: "text/plain" }, "no in-toto statement"],
  ])("is unverified %s", async (_, wanted, reason) => {
    const verified = verifier.verify(await ours.attest(wanted), ours.root);
    expect(verified).toEqual({ kind: "unverified", reason: expect.stringContaining(reason) });
  });

  it("is unverified with a forged signature under a root without logs", async () => {
    const bundle = await ours.attest({
      kind: "private",
      change: (made) => ({
        ...made,
        dsseEnvelope: { ...made.dsseEnvelope, payload: Buffer.from(JSON.stringify({ ...statement })).toString("base64") },
      }),
    });
    expect(verifier.verify(bundle, ours.privateRoot)).toEqual({
      kind: "unverified",
      reason: "The signature of the run's attestation does not hold.",
    });
  });
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "evidence.json", digest: { sha256: "0".repeat(64) } }],
    predicateType: "https://slsa.dev/provenance/v1",
  };

  it("is unverified when another authority made it", async () => {
    expect(verifier.verify(await other.attest(), ours.root)).toMatchObject({ kind: "unverified" });
  });

  it.each([
    ["is empty", ""],
    ["is no JSON", "hello"],
    ["is no bundle", "{}"],
    ["is a list", "[]"],
    ["is null", "null"],
    ["is of an unknown version", '{"mediaType":"application/vnd.dev.sigstore.bundle.v9.9+json"}'],
    ["nests without end", "[".repeat(100_000)],
    ["is far too long", `{"mediaType":"${"x".repeat(1_100_000)}"}`],
  ])("is unverified when it %s", (_, text) => {
    expect(verifier.verify(text, ours.root)).toEqual({
      kind: "unverified",
      reason: expect.stringMatching(/no Sigstore bundle|not looked at/),
    });
  });

  it("is unverified when it is signed with a bare key", async () => {
    const bundle = await ours.attest({
      change: ({ verificationMaterial: { tlogEntries }, ...made }) => ({
        ...made,
        verificationMaterial: { tlogEntries, publicKey: { hint: "x" } },
      }),
    });
    expect(verifier.verify(bundle, ours.root)).toMatchObject({ reason: expect.stringContaining("bare key") });
  });

  it("is unverified with a trust root that cannot be read", async () => {
    expect(verifier.verify(await ours.attest(), "{}")).toMatchObject({ reason: expect.stringContaining("trust root") });
  });
});

describe("the trust root of an installation", () => {
  const empty = (keys: readonly string[]) =>
    JSON.stringify({ ...JSON.parse(ours.root), ...Object.fromEntries(keys.map((key) => [key, []])) });

  it.each([
    ["no JSON", "hello", "neither JSON"],
    ["nothing", "\n", "no trust root in it"],
    ["a document of another kind", '{"keys":[]}', "no certificate authority"],
    ["a number", "7", "no certificate authority"],
    ["no authority", empty(["certificateAuthorities"]), "no certificate authority"],
    ["nobody who knows the time", empty(["tlogs", "timestampAuthorities"]), "no time can be known"],
    ["a broken key", ours.root.replace(/"rawBytes":"[^"]{20}/, '"rawBytes":"AAAAAAAAAAAAAAAAAAAA'), "cannot be read"],
    ["far too much", " ".repeat(1_100_000), "at most"],
  ])("is refused when the file holds %s, with what to do", (_, text, reason) => {
    const open = () => sigstoreAttestations({ trustRoot: text, ...settings });
    expect(open).toThrow(NoTrustRoot);
    expect(open).toThrow(reason);
    expect(open).toThrow("gh attestation trusted-root");
  });

  it("may be left out", () => {
    expect(sigstoreAttestations({ trustRoot: undefined, ...settings }).trustRoot).toBeUndefined();
  });
});
