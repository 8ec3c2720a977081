import { describe, expect, test } from "vitest";
import { parseState, printState } from "#domain/environment/state.ts";
import { digestSchema, versionRefSchema } from "#domain/model/names.ts";
import { abortedMove, moveFor, rollbackTarget, rolledBackMove, startMove, verifiedLive } from "#domain/rollout/moves.ts";
import { stepsOf } from "#domain/rollout/plan.ts";
import { at, candidate, environmentState, incident, live, openRelease, plan, releaseRecord } from "#test/support/builders.ts";

const open = openRelease();
const running = { state: environmentState({ release: open }), open, record: releaseRecord(), held: () => false };
const [, second] = stepsOf(plan().rollout);

describe("the commits of a release", () => {
  test("the first sets the first weight and brings the candidate's Deployment", () => {
    const move = startMove(environmentState(), releaseRecord({ steps: [] }));
    expect(move.manifests).toEqual({ kind: "split", weight: 5, withCandidate: true });
    expect(move.state.release).toMatchObject({ phase: "progressing", step: 0, weight: 5, liveSince: null });
    expect(move.record.steps).toEqual([{ weight: 5, setAt: at(0), liveAt: null, judgedAt: null, windows: [] }]);
  });

  test("seeing the weight live changes no manifest", () => {
    const move = moveFor({ kind: "mark-live", weight: 5, at: at(1500) }, running, at(1500));
    expect(move.manifests).toEqual({ kind: "unchanged" });
    expect(move.state.release).toMatchObject({ liveSince: at(1500) });
  });

  test("a raise starts a step that is not live yet", () => {
    if (second === undefined) throw new Error("the plan has two steps");
    const move = moveFor({ kind: "raise", to: second, windows: [] }, running, at(4000));
    expect(move.state.release).toMatchObject({ step: 1, weight: 25, liveSince: null, weightSetAt: at(4000) });
    expect(move.record.steps.map(({ weight, judgedAt }) => [weight, judgedAt])).toEqual([
      [5, at(4000)],
      [25, null],
    ]);
    expect(move.manifests).toEqual({ kind: "split", weight: 25, withCandidate: false });
  });

  test("verifying changes what is live and ends the release", () => {
    const move = moveFor({ kind: "verify", windows: [] }, running, at(9000));
    expect(move.state).toMatchObject({ release: null, live: { ...candidate, since: at(9000) } });
    expect(move.record.outcome?.kind).toBe("verified");
    expect(move.manifests).toEqual({ kind: "candidate-only" });
  });

  test("a breach takes the weight back, holds the digest and opens the incident, all in one", () => {
    const move = moveFor({ kind: "stop", message: "too slow", windows: [], firstBad: at(2000) }, running, at(4000));
    expect(move.manifests).toEqual({ kind: "split", weight: 0, withCandidate: false });
    expect(move.state.release).toMatchObject({ phase: "stopping", weight: 0, reason: "too slow" });
    expect(move.state.live.digest).toBe(live.digest);
    expect(move.hold).toMatchObject({ digest: candidate.digest, liftedBy: "holder" });
    expect(move.incident?.restores).toEqual(live);
    expect(move.incident?.timeline.map(({ at: moment }) => moment)).toEqual([at(0), at(1000), at(2000), at(4000)]);
  });

  test("a breach of a paused release ends the pause", () => {
    const paused = openRelease({ phase: "paused", pausedAt: at(2000), reason: "no data" });
    const state = environmentState({ release: paused });
    const move = moveFor({ kind: "stop", message: "too slow", windows: [], firstBad: null }, { ...running, state, open: paused }, at(4000));
    expect(parseState(printState(move.state), "state.yaml")).toEqual({ kind: "ok", value: move.state });
    expect(move.state.release).toMatchObject({ phase: "stopping", weight: 0, reason: "too slow" });
  });

  test("a breach names nothing to go back to where all that was verified is held", () => {
    const move = moveFor({ kind: "stop", message: "too slow", windows: [], firstBad: null }, { ...running, held: () => true }, at(4000));
    expect(move.incident?.restores).toBeNull();
  });

  test("a rollback to an older version makes that one live", () => {
    const older = versionRefSchema.parse({ version: "2026.10.01-1", digest: `sha256:${"b".repeat(64)}` });
    const move = rolledBackMove(running, incident(), { issue: 3, pullRequest: 2, restored: older }, at(9000));
    expect(move.state.live).toEqual({ ...older, since: at(9000) });
    expect(move.incident?.restores).toEqual(older);
    expect(move.incident?.timeline.at(-1)?.what).toContain("2026.10.01-1 restored");
  });

  test("a rollback ends the release, and what was live stays live", () => {
    const restored = versionRefSchema.parse(live);
    const move = rolledBackMove(running, incident(), { issue: 3, pullRequest: 2, restored }, at(9000));
    expect(move.state).toMatchObject({ release: null, live });
    expect(move.record.outcome?.kind).toBe("rolled-back");
    expect(move.incident).toMatchObject({ issue: 3, pullRequest: 2, closedAt: at(9000) });
  });
});

describe("an abort", () => {
  test("ends the release with its reason, without a hold or an incident, and what is live stays", () => {
    const files = verifiedLive(running.state)?.files ?? {};
    const move = abortedMove(running, files, "pull request #7 was closed unmerged", at(4000));
    expect(move.manifests).toEqual({ kind: "restored", files });
    expect(move.state).toEqual({ ...running.state, release: null });
    expect(move.record.outcome).toEqual({ kind: "aborted", at: at(4000), reason: "pull request #7 was closed unmerged" });
    expect(move).not.toHaveProperty("hold");
    expect(move).not.toHaveProperty("incident");
  });

  test("goes back to what is live, although a newer version was verified before it was rolled back", () => {
    const older = { version: "2026.10.01-1", digest: `sha256:${"b".repeat(64)}` };
    const verified = [
      { ...live, release: null, at: at(-1), files: {} },
      { ...older, release: null, at: at(-2), files: {} },
    ];
    expect(verifiedLive(environmentState({ live: { ...older, since: at(0) }, verified }))).toMatchObject(older);
  });
});

describe("what a rollback goes back to", () => {
  const older = { version: "2026.10.01-1", digest: digestSchema.parse(`sha256:${"b".repeat(64)}`) };
  const verified = [
    { ...live, release: null, at: at(-1), files: {} },
    { ...older, release: null, at: at(-2), files: {} },
  ];
  const state = environmentState({ verified });
  const broken = versionRefSchema.parse(candidate);

  test("the newest verified version", () => {
    expect(rollbackTarget(state, broken)).toMatchObject(live);
  });

  test("never one that is held", () => {
    expect(rollbackTarget(state, broken, ({ digest }) => digest === live.digest)).toMatchObject(older);
  });

  test("never the one that is rolled back", () => {
    expect(rollbackTarget(state, versionRefSchema.parse(live))).toMatchObject(older);
  });

  test("nothing, when nothing was ever verified", () => {
    expect(rollbackTarget(environmentState({ verified: [] }), broken)).toBeUndefined();
  });
});
