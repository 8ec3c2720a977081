import { describe, expect, test } from "vitest";
import { holdPath, releasePath } from "#domain/environment/paths.ts";
import { stateIn } from "#domain/environment/read-snapshot.ts";
import { parseRelease } from "#domain/rollout/release.ts";
import { endClosedReleases } from "#flows/end-closed-releases.ts";
import { resyncModels } from "#flows/resync-models.ts";
import { openRelease } from "#test/support/commenting.ts";
import { ownedFiles } from "#test/support/git-follower.ts";
import { advance, changesOf, newestStep, releasing, scarce, slow, until } from "#test/support/releasing.ts";
import { routePath, servedFiles, type TestWorld } from "#test/support/world.ts";
import { better, liveVersion, production, ranker, version } from "#test/support/world-texts.ts";

const ends = (w: TestWorld) => endClosedReleases(w.world, w.models);

/** A release whose pull request a person has closed unmerged. */
async function closed(options: Parameters<typeof releasing>[0] = {}, step = "live 5"): Promise<TestWorld> {
  const w = await until(await releasing(options), step);
  w.repository.close(1);
  return w;
}

async function stateOf(w: TestWorld) {
  const state = stateIn(await w.environments.snapshot(), production, ranker);
  if (state?.kind !== "ok") throw new Error("the state can be read");
  return state.value;
}

/** What was answered, and whether Git moved. */
async function looked(w: TestWorld) {
  let endings: unknown;
  const { moved } = await changesOf(w, async () => {
    endings = await ends(w);
  });
  return { moved, endings };
}

describe("closing a pull request unmerged", () => {
  test.each(["start", "live 5", "weight 25"])(
    "aborts its release after the step %s: what is live serves alone, byte for byte",
    async (step) => {
      const w = await closed({}, step);
      const before = await stateOf(w);
      const open = before.release;
      if (open === null) throw new Error("a release is open");
      const { trailers } = await changesOf(w, () => ends(w));
      expect(trailers).toMatchObject({ "Slipway-Step": "aborted", "Slipway-Release": open.id });
      expect(Object.fromEntries(await ownedFiles(w))).toEqual(servedFiles([liveVersion]));
      expect(await stateOf(w)).toEqual({ ...before, release: null });
      const path = releasePath(production, ranker, open.id);
      expect(parseRelease(w.environments.text(path) ?? "", path)).toMatchObject({
        value: { outcome: { kind: "aborted", at: w.clock.now(), reason: "pull request #1 was closed unmerged" } },
      });
    },
  );

  test("holds nothing and opens no incident", async () => {
    const w = await closed();
    await ends(w);
    expect(w.environments.text(holdPath(production, ranker, better.digest))).toBeUndefined();
    expect(w.incidents.all()).toEqual([]);
    expect(w.proposals.all()).toEqual([]);
  });

  test("frees a paused release, whose lock nothing else would release", async () => {
    const w = await until(await releasing({}, scarce), "pause");
    w.repository.close(1);
    expect(await ends(w)).toEqual([{ kind: "aborted", message: "pull request #1 was closed unmerged" }]);
    expect(await openRelease(w)).toBeNull();
  });

  test("is found by a resync, and once aborted nothing more is done or asked", async () => {
    const w = await closed();
    await resyncModels(w.world, w.models);
    expect(await newestStep(w)).toBe("aborted");
    expect(await looked(w)).toEqual({ moved: false, endings: [] });
    expect(await advance(w)).toMatchObject({ kind: "no-release" });
  });

  test("leaves a release that is stopping to its rollback", async () => {
    const w = await until(await releasing({}, slow), "stop");
    w.repository.close(1);
    expect(await looked(w)).toEqual({ moved: false, endings: [] });
    expect(await openRelease(w)).toMatchObject({ phase: "stopping" });
  });

  test("leaves a finished release live", async () => {
    const w = await closed({}, "verified");
    expect(await looked(w)).toEqual({ moved: false, endings: [] });
    expect(await stateOf(w)).toMatchObject({ live: better, release: null });
  });

  test("writes nothing over what a person edited, and says so", async () => {
    const w = await closed();
    w.environments.edit({ [routePath]: "kind: HTTPRoute\n" });
    expect(await looked(w)).toEqual({
      moved: false,
      endings: [{ kind: "blocked", message: expect.stringContaining("but the model's files were edited by Alex Person") }],
    });
    expect(w.warnings.at(-1)).toContain("a release cannot be aborted: pull request #1 was closed unmerged");
  });

  test("does not give all traffic to a live version that is held", async () => {
    const w = await closed();
    w.hold(liveVersion);
    expect(await looked(w)).toEqual({
      moved: false,
      endings: [{ kind: "blocked", message: "pull request #1 was closed unmerged, but 2026.11.02-1 is held: a recall" }],
    });
  });

  test("restores what is live, not an older version", async () => {
    const w = await closed({ adopted: [liveVersion, version("2026.10.01-1", "b")] });
    await ends(w);
    expect(Object.fromEntries(await ownedFiles(w))).toEqual(servedFiles([liveVersion]));
  });

  test("is decided anew when the environments repository moved: an edit in between wins", async () => {
    const w = await closed();
    w.environments.beforeNextWrite(() => void w.environments.edit({ [routePath]: "kind: HTTPRoute\n" }));
    expect(await ends(w)).toMatchObject([{ kind: "blocked" }]);
    expect(await newestStep(w)).toBeUndefined();
  });

  test("lands after somebody else's commit elsewhere", async () => {
    const w = await closed();
    w.environments.beforeNextWrite(() => void w.environments.edit({ "other.md": "words" }));
    expect(await ends(w)).toMatchObject([{ kind: "aborted" }]);
    expect(w.environments.text("other.md")).toBe("words");
  });

  test("is tried again when the host does not take the commit", async () => {
    const w = await closed();
    w.environments.refuse("protected");
    expect(await looked(w)).toEqual({ moved: false, endings: [{ kind: "refused", message: "protected" }] });
    w.environments.refuse(undefined);
    expect(await ends(w)).toMatchObject([{ kind: "aborted" }]);
  });

  test("writes nothing when the record of the release is gone", async () => {
    const w = await closed();
    const open = await openRelease(w);
    if (!open) throw new Error("a release is open");
    const path = releasePath(production, ranker, open.id);
    w.environments.edit({ [path]: null });
    expect(await looked(w)).toEqual({ moved: false, endings: [{ kind: "blocked", message: `${path} is missing` }] });
  });
});

describe("a release goes on", () => {
  test("while its pull request is open, for one question to GitHub", async () => {
    const w = await until(await releasing(), "live 5");
    const asked: number[] = [];
    const repository = { ...w.repository, pullRequest: (number: number) => (asked.push(number), w.repository.pullRequest(number)) };
    expect(await endClosedReleases(w.world, { ...w.models, repository })).toEqual([{ kind: "kept", message: "pull request #1 is open" }]);
    expect(asked).toEqual([1]);
  });

  test("when its pull request is merged", async () => {
    const w = await until(await releasing(), "live 5");
    w.repository.merge(1);
    expect(await looked(w)).toEqual({ moved: false, endings: [{ kind: "kept", message: "pull request #1 is merged" }] });
    await until(w, "verified");
  });

  test("when a pull request of the same number was closed in another repository", async () => {
    const w = await closed();
    const repository = { ...w.repository, about: async () => ({ ...(await w.repository.about()), name: w.world.repository }) };
    expect(await endClosedReleases(w.world, { ...w.models, repository })).toEqual([]);
    expect(await openRelease(w)).toMatchObject({ phase: "progressing" });
  });
});
