import { describe, expect, test } from "vitest";
import { holdPath, incidentPath, policyPath, statePath } from "#domain/environment/paths.ts";
import { incidentIn, stateIn } from "#domain/environment/read-snapshot.ts";
import { blobIdOf } from "#domain/manifest/blob-id.ts";
import { parseRelease } from "#domain/rollout/release.ts";
import { openRelease } from "#test/support/commenting.ts";
import { backendsInGit, followGit, ownedFiles } from "#test/support/git-follower.ts";
import { advance, changesOf, releasing, scarce, slow, until } from "#test/support/releasing.ts";
import { routePath, type TestWorld, testWorld } from "#test/support/world.ts";
import { better, liveVersion, production, ranker } from "#test/support/world-texts.ts";

const state = statePath(production, ranker);
const deployments = {
  live: "environments/production/search-ranker/deployment-aaaaaaaa.yaml",
  candidate: "environments/production/search-ranker/deployment-cccccccc.yaml",
};
const hold = holdPath(production, ranker, better.digest);

async function idOf(w: TestWorld): Promise<string> {
  const [start] = await w.environments.history({ limit: 1, trailer: "Slipway-Step", value: "start" });
  return /Slipway-Release: (\S+)/.exec(start?.message ?? "")?.[1] ?? "";
}
async function weights(w: TestWorld) {
  return Object.fromEntries(backendsInGit(await ownedFiles(w)).map(({ digest, weight }) => [digest, weight]));
}
async function recordOf(w: TestWorld) {
  const path = [...(await w.environments.snapshot()).entries.keys()].find((name) => name.startsWith(".slipway/releases/")) ?? "";
  const record = parseRelease(w.environments.text(path) ?? "", path);
  if (record.kind === "invalid") throw new Error("the release record can be read");
  return record.value;
}

interface Case {
  readonly about: string;
  readonly prepare: () => Promise<TestWorld>;
  readonly kind: string;
  readonly step?: string;
  /** Beside state and release record. */
  readonly files?: (id: string) => readonly string[];
}

const unseen = () => releasing();
const seen = async (w: TestWorld): Promise<TestWorld> => (await followGit(w), w);
const later = async (w: TestWorld, milliseconds: number): Promise<TestWorld> => (w.clock.advance(milliseconds), w);

const cases: readonly Case[] = [
  { about: "a weight that the cluster does not serve yet is waited for", prepare: unseen, kind: "wait" },
  { about: "a weight that is seen live is marked live", prepare: async () => seen(await unseen()), kind: "mark-live", step: "live 5" },
  { about: "an open window is waited for", prepare: async () => until(await releasing(), "live 5"), kind: "wait" },
  {
    about: "a passed window raises the weight",
    prepare: async () => later(await until(await releasing(), "live 5"), 2000),
    kind: "raise",
    step: "weight 25",
    files: () => [routePath],
  },
  {
    about: "a passed bake verifies, and the old version leaves Git",
    prepare: async () => later(await until(await releasing(), "live 100"), 4000),
    kind: "verify",
    step: "verified",
    files: () => [deployments.live, routePath],
  },
  {
    about: "a failed window stops: weight back, hold and incident in one push",
    prepare: async () => later(await until(await releasing({}, slow), "live 5"), 2000),
    kind: "stop",
    step: "stop",
    files: (id) => [routePath, hold, incidentPath(id)],
  },
  {
    about: "a weight that is not seen live by the deadline pauses",
    prepare: async () => later(await unseen(), 30_001),
    kind: "pause",
    step: "pause",
  },
  {
    about: "a hold pauses",
    prepare: async () => {
      const w = await until(await releasing(), "live 5");
      w.hold(better);
      return w;
    },
    kind: "pause",
    step: "pause",
  },
  {
    about: "windows that stay inconclusive pause",
    prepare: async () => later(await until(await releasing({}, scarce), "live 5"), 6000),
    kind: "pause",
    step: "pause",
  },
  {
    about: "windows without a request pause",
    prepare: async () => later(await until(await releasing({}, { perSecond: 0, goodShare: 1 }), "live 5"), 6000),
    kind: "pause",
    step: "pause",
  },
  {
    about: "a freeze stops growth",
    prepare: async () => {
      const w = await later(await until(await releasing(), "live 5"), 2000);
      w.freeze();
      return w;
    },
    kind: "wait",
  },
  {
    about: "a weight that is no longer served does not grow",
    prepare: async () => {
      const w = await later(await until(await releasing(), "live 5"), 2000);
      w.cluster.show(ranker, production, { kind: "unknown", reason: "503" });
      return w;
    },
    kind: "wait",
  },
];

describe("one look at a release", () => {
  test.each(cases)("$about", async ({ prepare, kind, step, files }) => {
    const w = await prepare();
    const id = await idOf(w);
    let answer: unknown;
    const changes = await changesOf(w, async () => {
      answer = await advance(w);
    });
    expect(answer).toMatchObject({ kind });
    if (step === undefined) return expect(changes.moved).toBe(false);
    const record = `.slipway/releases/production/search-ranker/${id}.yaml`;
    expect(changes.paths).toEqual([...(files?.(id) ?? []), record, state].toSorted());
    expect(changes.trailers).toMatchObject({ "Slipway-Release": id, "Slipway-Step": step, "Slipway-Command": undefined });
  });

  test("where nothing was ever live, or nothing is on its way, says so", async () => {
    expect(await advance(await testWorld({ adopted: [] }))).toMatchObject({ kind: "no-release" });
    expect(await advance(await testWorld())).toMatchObject({
      kind: "no-release",
      message: "no release of search-ranker is open in production",
    });
  });

  test("is safe to repeat: looking again at once changes nothing more", async () => {
    const w = await seen(await unseen());
    await advance(w);
    expect((await changesOf(w, () => advance(w))).moved).toBe(false);
  });

  test("says when to look again", async () => {
    const w = await until(await releasing(), "live 5");
    const open = await openRelease(w);
    expect(await advance(w)).toMatchObject({ kind: "wait", wakeAt: expect.stringMatching(/^2026-11-20T08:00:0/) });
    expect(open?.liveSince).not.toBeNull();
  });
});

describe("the way of a release that keeps its promise", () => {
  test("goes 5, 25, 100 and verified, each weight seen live before it is judged", async () => {
    const w = await until(await releasing(), "verified");
    const record = await recordOf(w);
    expect(record.outcome?.kind).toBe("verified");
    expect(record.steps.map(({ weight }) => weight)).toEqual([5, 25, 100]);
    for (const { setAt, liveAt, judgedAt, windows } of record.steps) {
      expect(setAt <= (liveAt ?? "") && (liveAt ?? "") < (judgedAt ?? "")).toBe(true);
      expect(windows.map(({ verdict }) => verdict)).toEqual(["pass"]);
    }
    expect(await weights(w)).toEqual({ [better.digest]: 100 });
  });

  test("ends with the candidate live and remembered by the exact bytes that serve it", async () => {
    const w = await until(await releasing(), "verified");
    const read = stateIn(await w.environments.snapshot(), production, ranker);
    if (read?.kind !== "ok") throw new Error("the state can be read");
    expect(read.value).toMatchObject({ live: better, release: null });
    expect(read.value.verified.map(({ digest }) => digest)).toEqual([better.digest, liveVersion.digest]);
    const files = await ownedFiles(w);
    expect(read.value.verified[0]?.files).toEqual(Object.fromEntries([...files].map(([path, text]) => [path, blobIdOf(text)])));
    expect([...files.keys()].toSorted()).toEqual([deployments.candidate, routePath]);
  });

  test("takes as many looks as an App that was away all the time: a window is judged over its own stretch", async () => {
    const w = await until(await releasing(), "live 5");
    w.clock.advance(3_600_000);
    await advance(w);
    expect((await recordOf(w)).steps[0]?.windows[0]).toMatchObject({ total: 200 });
  });
});

describe("a breach", () => {
  test("takes the weight back to 0, keeps both versions in Git, and names the measurements it rests on", async () => {
    const w = await until(await releasing({}, slow), "stop");
    expect(await weights(w)).toEqual({ [liveVersion.digest]: 100, [better.digest]: 0 });
    expect(await openRelease(w)).toMatchObject({ phase: "stopping", weight: 0 });
    const incident = incidentIn(await w.environments.snapshot(), await idOf(w));
    expect(incident).toMatchObject({ kind: "ok", value: { restores: liveVersion, windows: [{ verdict: "fail", total: 200, good: 140 }] } });
  });

  test("is not stopped by a freeze", async () => {
    const w = await until(await releasing({}, slow), "live 5");
    w.freeze();
    w.clock.advance(2000);
    expect(await advance(w)).toMatchObject({ kind: "stop" });
  });

  test("is stopped although the policy cannot be read; then a person merges the rollback", async () => {
    const w = await until(await releasing({}, slow), "live 5");
    w.environments.edit({ [policyPath]: null });
    w.clock.advance(2000);
    expect(await advance(w)).toMatchObject({ kind: "stop" });
    expect(await weights(w)).toEqual({ [liveVersion.digest]: 100, [better.digest]: 0 });
    await advance(w);
    await advance(w);
    expect(await advance(w)).toMatchObject({ kind: "wait", message: expect.stringContaining("waits for a person") });
  });

  test("of a canary that was paused takes its weight back too", async () => {
    const w = await until(await releasing({}, { perSecond: 0, goodShare: 1 }), "pause");
    w.metrics.serve(better.digest, { perSecond: 100, goodShare: 0 });
    expect(await advance(w)).toMatchObject({ kind: "stop" });
    expect(await weights(w)).toEqual({ [liveVersion.digest]: 100, [better.digest]: 0 });
  });

  test("by a budget that burns too fast does not wait for the window's end", async () => {
    const w = await until(await releasing({}, { perSecond: 100, goodShare: 0 }), "live 5");
    expect(await advance(w)).toMatchObject({ kind: "stop" });
  });
});

describe("several replicas", () => {
  const steps: readonly (readonly [string, () => Promise<TestWorld>])[] = [
    ["mark-live", async () => seen(await unseen())],
    ["raise", async () => later(await until(await releasing(), "live 5"), 2000)],
    ["verify", async () => later(await until(await releasing(), "live 100"), 4000)],
    ["stop", async () => later(await until(await releasing({}, slow), "live 5"), 2000)],
  ];
  test.each(steps)("that %s at the same time make one commit", async (kind, prepare) => {
    const w = await prepare();
    const before = await w.environments.history({ limit: 100, paths: ["environments", ".slipway"] });
    const answers = await Promise.all([advance(w), advance(w), advance(w)]);
    const after = await w.environments.history({ limit: 100, paths: ["environments", ".slipway"] });
    expect(after.length - before.length).toBe(1);
    expect(answers.filter((answer) => answer.kind === kind)).toHaveLength(1);
  });

  test("that finish a rollback at the same time open one pull request and one incident", async () => {
    const w = await until(await releasing({}, slow), "stop");
    for (let round = 0; round < 6; round += 1) await Promise.all([advance(w), advance(w)]);
    expect(w.proposals.all()).toMatchObject([{ state: "merged" }]);
    expect(w.incidents.all()).toHaveLength(1);
    expect(await w.environments.history({ limit: 9, trailer: "Slipway-Step", value: "rolled back" })).toHaveLength(1);
  });
});
