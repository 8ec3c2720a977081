import { describe, expect, test } from "vitest";
import { acceptEvidence } from "#flows/accept-evidence.ts";
import { attestationClaims } from "#test/support/evidence-entry.ts";
import { evidenceFiles } from "#test/support/made-evidence.ts";
import { type TestWorld, testWorld } from "#test/support/world.ts";

const recorded = async ({ evidence }: TestWorld, number = 1) => evidence.read(1, number);
const accept = ({ world, models }: TestWorld, run: number, attempt = 1) => acceptEvidence(world, models, run, attempt);

describe("the evidence of a run", () => {
  test("is taken in whole: exact bytes, token, keys, GitHub's facts and the claims of the token", async () => {
    const w = await testWorld();
    const pull = w.propose();
    const run = await w.completeRun(pull);
    expect(await accept(w, 1)).toEqual({ kind: "appended", pullRequest: pull.number });

    const [entry, ...others] = await recorded(w);
    const artifact = await w.runs.evidence(1);
    if (artifact.kind !== "found") throw new Error("the run left evidence");
    expect(others).toEqual([]);
    expect(entry?.files.evidence).toEqual(artifact.files.evidence);
    expect(entry?.files.reports).toEqual(artifact.files.reports);
    expect(entry?.files.token).toBe(artifact.files.token);
    expect(entry?.files.keys).toBe(await w.provenance.keys());
    expect(entry?.accepted).toMatchObject({ run, acceptedAt: w.clock.now(), provenance: { kind: "signed", claims: { runId: 1 } } });
  });

  test("is taken in once, however often it is asked for", async () => {
    const w = await testWorld();
    await w.completeRun(w.propose());
    await accept(w, 1);
    const [first] = await recorded(w);
    w.clock.advance(60_000);
    expect(await accept(w, 1)).toEqual({ kind: "present", pullRequest: 1 });
    expect(await recorded(w)).toEqual([first]);
  });

  test("is taken in once by two replicas at the same time", async () => {
    const w = await testWorld();
    await w.completeRun(w.propose());
    const answers = await Promise.all([accept(w, 1), accept(w, 1)]);
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(["appended", "present"]);
    expect(await recorded(w)).toHaveLength(1);
  });

  test("without a token is taken in as self-reported", async () => {
    const w = await testWorld();
    await w.completeRun(w.propose(), { signed: false });
    expect(await accept(w, 1)).toMatchObject({ kind: "appended" });
    const [entry] = await recorded(w);
    expect(entry?.accepted.provenance).toEqual({ kind: "unsigned", reason: "The run left no OIDC token." });
    expect(entry?.files).not.toHaveProperty("keys");
  });

  test("with a token that nobody signed is taken in as self-reported, and says why", async () => {
    const w = await testWorld();
    await w.completeRun(w.propose());
    const artifact = await w.runs.evidence(1);
    if (artifact.kind === "found") w.runs.leave(1, { kind: "found", files: { ...artifact.files, token: "made-up" } });
    await accept(w, 1);
    const [entry] = await recorded(w);
    expect(entry?.accepted.provenance).toEqual({ kind: "unsigned", reason: "the signature does not hold" });
  });

  test("is asked for again later when the issuer's keys cannot be had, rather than called unsigned for ever", async () => {
    const w = await testWorld();
    await w.completeRun(w.propose());
    const world = { ...w.world, provenance: { ...w.world.provenance, keys: () => Promise.reject(new Error("503")) } };
    await expect(acceptEvidence(world, w.models, 1, 1)).rejects.toThrow("503");
    expect(await recorded(w)).toEqual([]);
  });
});

describe("the attestation of a run", () => {
  const bundleOf = async (w: TestWorld, bundle: string) => {
    const artifact = await w.runs.evidence(1);
    if (artifact.kind !== "found") throw new Error("the run left evidence");
    const { token: _, ...files } = artifact.files;
    w.runs.leave(1, { kind: "found", files: { ...files, attestation: bundle } });
  };

  test("is kept whole with the trust root of that time, so that it can be verified without either of us", async () => {
    const w = await testWorld();
    await w.completeRun(w.propose());
    const claims = attestationClaims();
    await bundleOf(w, w.attestations.attest(claims));
    await accept(w, 1);
    const [entry] = await recorded(w);
    expect(entry?.accepted).toMatchObject({ provenance: { kind: "unsigned" }, attestation: { kind: "attested", claims } });
    expect(entry?.files).toMatchObject({ attestation: "fake-bundle-1", trustRoot: w.attestations.trustRoot });
  });

  test("that does not hold is taken in all the same, and says why", async () => {
    const w = await testWorld();
    await w.completeRun(w.propose());
    await bundleOf(w, "made-up");
    await accept(w, 1);
    const [entry] = await recorded(w);
    expect(entry?.accepted.attestation).toEqual({ kind: "unverified", reason: "the bundle does not hold" });
    expect(entry?.files.attestation).toBe("made-up");
  });

  test("counts for nothing where the installation has no trust root, and says who sets one", async () => {
    const w = await testWorld();
    await w.completeRun(w.propose());
    await bundleOf(w, "bundle");
    await acceptEvidence({ ...w.world, attestations: { ...w.attestations, trustRoot: undefined } }, w.models, 1, 1);
    const [entry] = await recorded(w);
    expect(entry?.accepted.attestation).toMatchObject({
      kind: "unverified",
      reason: expect.stringContaining("SLIPWAY_SIGSTORE_ROOT_FILE"),
    });
    expect(entry?.files).not.toHaveProperty("trustRoot");
  });
});

describe("what is not taken in, and why", () => {
  test("a run that GitHub does not know", async () => {
    expect(await accept(await testWorld(), 9)).toEqual({ kind: "none", reason: "there is no run 9, attempt 1" });
  });

  test("a run that left nothing", async () => {
    const w = await testWorld();
    await w.completeRun(w.propose());
    w.runs.leave(1, { kind: "none" });
    expect(await accept(w, 1)).toEqual({ kind: "none", reason: "run 1 left no evidence" });
  });

  test("an artifact that is no such archive", async () => {
    const w = await testWorld();
    await w.completeRun(w.propose());
    w.runs.leave(1, { kind: "unreadable", reason: "the artifact is larger than 50 MiB" });
    expect(await accept(w, 1)).toMatchObject({ kind: "refused", reason: "the artifact is larger than 50 MiB" });
    expect(await recorded(w)).toEqual([]);
  });

  test("the evidence of an earlier attempt, which a later one has replaced", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await w.completeRun(pull, { id: 5 });
    await w.completeRun(pull, { id: 5, attempt: 2 });
    const reason = "The evidence is of run 5 attempt 2, not of 5 attempt 1.";
    expect(await accept(w, 5, 1)).toMatchObject({ kind: "refused", reason });
    expect(w.warnings).toEqual([`evidence refused: ${reason}`]);
    expect(await accept(w, 5, 2)).toMatchObject({ kind: "appended" });
    expect(await recorded(w)).toHaveLength(1);
  });

  test("evidence that another pull request's run left", async () => {
    const w = await testWorld();
    const mine = w.propose();
    const other = w.openPullRequest({ "README.md": "other" });
    await w.completeRun(mine, { id: 1, change: (report) => ({ ...report, run: report.run && { ...report.run, head: other.head } }) });
    expect(await accept(w, 1)).toMatchObject({ kind: "refused", reason: expect.stringContaining("The evidence is of head ") });
    expect(await recorded(w)).toEqual([]);
  });

  test("evidence that was made outside of a run", async () => {
    const w = await testWorld();
    await w.completeRun(w.propose(), { change: (report) => ({ ...report, run: null }) });
    expect(await accept(w, 1)).toMatchObject({ kind: "refused", reason: "The evidence was made outside a workflow run." });
  });

  test("a report that was changed after it was listed", async () => {
    const w = await testWorld();
    await w.completeRun(w.propose());
    const artifact = await w.runs.evidence(1);
    if (artifact.kind !== "found") throw new Error("the run left evidence");
    const changed = new Map([...artifact.files.reports].map(([name, bytes]) => [name, new Uint8Array([...bytes, 10])]));
    w.runs.leave(1, { kind: "found", files: { ...artifact.files, reports: changed } });
    expect(await accept(w, 1)).toMatchObject({
      kind: "refused",
      reason: "search-ranker.json is not the file that evidence.json names: its digest differs.",
    });
  });

  test("evidence that lists a report which is not there", async () => {
    const w = await testWorld();
    await w.completeRun(w.propose());
    const artifact = await w.runs.evidence(1);
    if (artifact.kind === "found") w.runs.leave(1, { kind: "found", files: { ...artifact.files, reports: evidenceFiles([]).reports } });
    expect(await accept(w, 1)).toMatchObject({
      kind: "refused",
      reason: "evidence.json lists search-ranker.json, which the artifact does not hold.",
    });
  });
});
