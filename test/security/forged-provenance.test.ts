import { describe, expect, test } from "vitest";
import { oidcProvenance } from "#adapters/oidc/oidc-provenance.ts";
import type { ProvenanceClaims } from "#domain/evidence/run.ts";
import { commitShaSchema } from "#domain/model/names.ts";
import { addMilliseconds } from "#domain/model/time.ts";
import { acceptEvidence } from "#flows/accept-evidence.ts";
import { ask, lineFor, openRelease } from "#test/support/commenting.ts";
import { judged } from "#test/support/judging.ts";
import { audience, issuerAddress, oidcIssuer } from "#test/support/oidc-issuer.ts";
import { type Pull, type TestWorld, testWorld } from "#test/support/world.ts";
import { better, trustedCommit, trustedWorkflow } from "#test/support/world-texts.ts";

const issuer = oidcIssuer();
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const [, payload = "", signature = ""] = issuer.token().split(".");

/** Whoever edits a pull request can edit the workflow that reports its metrics: only a token of a workflow out of reach counts. */
describe("a token", () => {
  test.each([
    ["with alg none", `${encode({ alg: "none", typ: "JWT" })}.${payload}.`],
    ["with alg none and an old signature", `${encode({ alg: "none" })}.${payload}.${signature}`],
    ["signed with the public key as a secret", issuer.confusedToken()],
    ["of another issuer", issuer.token({ iss: "https://token.actions.example.com" })],
    ["signed by another key of the same name", oidcIssuer().token()],
    ["for us and somebody else", issuer.token({ aud: [audience, "sts.amazonaws.com"] })],
    ["that ended before it began", issuer.token({ exp: 1 })],
  ])("%s proves nothing", async (_, token) => {
    expect(await oidcProvenance({ issuer: issuerAddress }).verify(token, issuer.keys)).toMatchObject({ kind: "unsigned" });
  });
});

/** A run whose token is sound, but says something else. */
async function offered(change: Partial<ProvenanceClaims>): Promise<{ readonly w: TestWorld; readonly pull: Pull }> {
  const w = await testWorld();
  const pull = w.propose(better);
  const run = await w.completeRun(pull);
  const left = await w.models.runs.evidence(run.id);
  if (left.kind !== "found") throw new Error("the run left evidence");
  const verified = await w.provenance.verify(left.files.token ?? "", await w.provenance.keys());
  if (verified.kind !== "signed") throw new Error("its token is sound");
  w.runs.leave(run.id, { kind: "found", files: { ...left.files, token: w.provenance.sign({ ...verified.claims, ...change }) } });
  await acceptEvidence(w.world, w.models, run.id, run.attempt);
  return { w, pull };
}

describe("a sound token", () => {
  test("of the trusted workflow, for this evidence, of this run, counts", async () => {
    const { w, pull } = await offered({});
    expect(await judged(w, pull)).toMatchObject({ verdict: "pass", selfReported: null });
  });

  const start = Date.parse("2000-01-01T00:00:00Z");
  test.each<[string, Partial<ProvenanceClaims>]>([
    ["for the App's API", { audience: "slipway:app" }],
    ["for other evidence", { audience: `slipway:sha256:${"0".repeat(64)}` }],
    ["of another repository", { repositoryId: 2 }],
    ["of another run", { runId: 4711 }],
    ["of another attempt", { runAttempt: 9 }],
    ["of another event", { eventName: "push" }],
    ["of a workflow in the model's repository", { jobWorkflowRef: "acme/models/.github/workflows/evaluate.yml@refs/heads/main" }],
    ["of somebody's copy of the workflow", { jobWorkflowRef: trustedWorkflow.replace("acme", "mallory") }],
    ["of the trusted workflow at another commit", { jobWorkflowSha: commitShaSchema.parse(trustedCommit.replace(/^f/, "e")) }],
    [
      "issued long before the run",
      { issuedAt: addMilliseconds("2000-01-01T00:00:00.000Z" as ProvenanceClaims["issuedAt"], start - start) },
    ],
  ])("%s is self-reported, and gates nothing", async (_, change) => {
    const { w, pull } = await offered(change);
    const model = await judged(w, pull);
    expect(model).toMatchObject({ verdict: "no-data", selfReported: expect.anything() });
    expect(await ask(w, pull, lineFor(pull))).toContain("self-reported");
    expect(await openRelease(w)).toBeNull();
  });
});

test("evidence of another head is not taken in at all", async () => {
  const w = await testWorld();
  const pull = w.propose(better);
  const other = commitShaSchema.parse("9".repeat(40));
  const run = await w.completeRun(pull, { change: (report) => ({ ...report, run: report.run && { ...report.run, head: other } }) });
  expect(await acceptEvidence(w.world, w.models, run.id, run.attempt)).toMatchObject({ kind: "refused" });
});
