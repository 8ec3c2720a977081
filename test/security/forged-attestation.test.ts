import { describe, expect, test } from "vitest";
import { readEvidenceArchive } from "#adapters/github/evidence-archive.ts";
import { sigstoreAttestations } from "#adapters/sigstore/sigstore-attestations.ts";
import { digestOf } from "#domain/evidence/accept-run.ts";
import { hexOf } from "#domain/model/names.ts";
import { instantOf, millisecondsBetween } from "#domain/model/time.ts";
import { acceptEvidence } from "#flows/accept-evidence.ts";
import { zip } from "#test/adapters/github/zip.ts";
import { ask, lineFor, openRelease } from "#test/support/commenting.ts";
import { judged } from "#test/support/judging.ts";
import { issuerAddress } from "#test/support/oidc-issuer.ts";
import { type Attested, sigstore } from "#test/support/sigstore.ts";
import { type Pull, type TestWorld, testWorld } from "#test/support/world.ts";
import { better, trustedCommit, trustedWorkflow } from "#test/support/world-texts.ts";

const at = new Date(Math.floor(Date.now() / 1000) * 1000 + 60_000);
const ours = await sigstore(at);
const theirs = await sigstore(at);
const server = "https://github.com";
const attestations = sigstoreAttestations({ trustRoot: ours.root, issuer: issuerAddress, server });

const signerOf = (workflow: string) => `${server}/${workflow}@refs/tags/v1`;

/** A run without a token, whose evidence somebody attests. */
async function offered(wanted: Attested, attest = ours.attest, without = false): Promise<{ readonly w: TestWorld; readonly pull: Pull }> {
  const w = await testWorld();
  const pull = w.propose(better);
  w.clock.advance(millisecondsBetween(w.clock.now(), instantOf(at.getTime() - 30_000)));
  const run = await w.completeRun(pull, { signed: false });
  w.clock.advance(60_000);
  const left = await w.models.runs.evidence(run.id);
  if (left.kind !== "found") throw new Error("the run left evidence");
  const attestation = await attest({
    subjects: [hexOf(digestOf(left.files.evidence))],
    ...wanted,
    certificate: {
      9: signerOf(trustedWorkflow),
      10: trustedCommit,
      14: `refs/pull/${pull.number}/merge`,
      21: `${server}/acme/models/actions/runs/${run.id}/attempts/${run.attempt}`,
      ...wanted.certificate,
    },
  });
  w.runs.leave(run.id, { kind: "found", files: { ...left.files, attestation } });
  const verifier = without ? { ...attestations, trustRoot: undefined } : attestations;
  await acceptEvidence({ ...w.world, attestations: verifier }, w.models, run.id, run.attempt);
  return { w, pull };
}

/** A bundle is a file that the pull request's run leaves: only one of the trusted workflow, about this evidence, counts. */
describe("an attestation", () => {
  test("of the trusted workflow, about this evidence, of this run, counts as a token does", async () => {
    const { w, pull } = await offered({});
    expect(await judged(w, pull)).toMatchObject({ verdict: "pass", selfReported: null });
    await ask(w, pull, lineFor(pull));
    expect(await openRelease(w)).not.toBeNull();
  });

  test.each<[string, Attested]>([
    ["about another file", { subjects: ["0".repeat(64)] }],
    ["of somebody's copy of the workflow", { certificate: { 9: signerOf(trustedWorkflow.replace("acme", "mallory")) } }],
    ["of a workflow in the model's repository", { certificate: { 9: signerOf("acme/models/.github/workflows/evaluate.yml") } }],
    ["of the trusted workflow at another commit", { certificate: { 10: "e".repeat(40) } }],
    ["of another repository", { certificate: { 15: "2" } }],
    ["of another run", { certificate: { 21: `${server}/acme/models/actions/runs/4711/attempts/1` } }],
    ["of another pull request", { certificate: { 14: "refs/pull/4711/merge" } }],
    ["of pull_request_target", { certificate: { 20: "pull_request_target" } }],
    ["of the author's own runner", { certificate: { 11: "self-hosted" } }],
    ["of another issuer", { certificate: { 8: "https://token.actions.example.com" } }],
    ["whose subject is not its signer", { subject: signerOf("mallory/x/.github/workflows/evaluate.yml") }],
    ["of another predicate", { statement: { predicateType: "https://in-toto.io/attestation/release/v0.1" } }],
    ["signed after its certificate ended", { signedAfter: 700_000 }],
    ["taken out of the log", { change: (made) => ({ ...made, verificationMaterial: { ...made.verificationMaterial, tlogEntries: [] } }) }],
    [
      "with a signature of something else",
      { change: (made) => ({ ...made, dsseEnvelope: { ...made.dsseEnvelope, signatures: [{ sig: "AAAA" }] } }) },
    ],
    ["that is no bundle", { change: () => ({ mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json" }) }],
    ["that is far too long", { change: () => ({ padding: "x".repeat(1_100_000) }) }],
  ])("%s is self-reported, and gates nothing", async (_, wanted) => {
    const { w, pull } = await offered(wanted);
    expect(await outcome(w, pull)).toEqual(refused);
  });

  test("of a certificate authority of one's own is self-reported", async () => {
    const { w, pull } = await offered({}, theirs.attest);
    expect(await outcome(w, pull)).toEqual(refused);
  });

  test("where the installation trusts no root is self-reported", async () => {
    const { w, pull } = await offered({}, ours.attest, true);
    expect(await outcome(w, pull)).toEqual(refused);
    expect((await judged(w, pull)).selfReported?.reason).toContain("SLIPWAY_SIGSTORE_ROOT_FILE");
  });

  async function outcome(w: TestWorld, pull: Pull) {
    const { verdict, selfReported } = await judged(w, pull);
    const answer = await ask(w, pull, lineFor(pull));
    return { verdict, reason: selfReported?.reason, told: answer.includes("self-reported"), release: await openRelease(w) };
  }
  const refused = { verdict: "no-data", reason: expect.stringMatching(/\S{3} /), told: true, release: null };
});

test("a report cannot pass for the attestation, nor the attestation for a report", async () => {
  const archive = await readEvidenceArchive(
    zip([
      { name: "evidence.json", content: "{}" },
      { name: "evidence.sigstore.json", content: "bundle" },
    ]),
  );
  expect(archive).toMatchObject({ kind: "found", files: { attestation: "bundle", reports: new Map() } });
});
