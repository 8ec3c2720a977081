import { describe, expect, test } from "vitest";
import { holdPath } from "#domain/environment/paths.ts";
import { holdOn } from "#domain/environment/read-snapshot.ts";
import { parseTrailers } from "#domain/environment/trailers.ts";
import { answerComment } from "#flows/answer-comment.ts";
import { canary, newestMessage, older, proposing, pull, recordOf } from "#test/support/commanding.ts";
import { ask, headOf, openRelease } from "#test/support/commenting.ts";
import { ownedFiles } from "#test/support/git-follower.ts";
import { advance, changesOf, releasing, scarce, slow, until } from "#test/support/releasing.ts";
import { routePath, servedFiles, type TestWorld } from "#test/support/world.ts";
import { better, liveVersion, production, ranker } from "#test/support/world-texts.ts";

describe("pause and resume", () => {
  test("keep the weight, say who and why in Git, and go on from the same step with a new window", async () => {
    const w = await canary();
    const answer = await ask(w, pull, "/slipway pause production the store is moved");
    expect(answer).toContain("Pause search-ranker 2026.11.20-3 at 5 % in production.");
    expect(await openRelease(w)).toMatchObject({ phase: "paused", weight: 5, by: "lee", reason: "lee paused it: the store is moved" });
    expect(await newestMessage(w)).toContain("Asked for by lee: the store is moved");
    expect(parseTrailers(await newestMessage(w))).toMatchObject({ "Slipway-Step": "pause", "Slipway-Command": expect.any(String) });
    w.clock.advance(60_000);
    expect(await advance(w)).toMatchObject({ kind: "wait", message: "lee paused it: the store is moved" });

    expect(await ask(w, pull, "/slipway resume production")).toContain("Resume search-ranker 2026.11.20-3 at 5 % in production.");
    expect(await openRelease(w)).toMatchObject({ phase: "progressing", weight: 5, liveSince: null, weightSetAt: w.clock.now() });
    await until(w, "weight 25");
    await until(w, "verified");
  });

  test("a paused canary that breaks its objective is still rolled back", async () => {
    const w = await canary();
    await ask(w, pull, "/slipway pause production");
    w.metrics.serve(better.digest, slow);
    await until(w, "stop");
    expect(await openRelease(w)).toMatchObject({ phase: "stopping", weight: 0 });
  });

  test.each([
    ["/slipway pause production", "is paused already: lee paused it", "/slipway resume production"],
    ["/slipway retry production", "Nothing failed: lee paused it", "/slipway resume production"],
  ])("%s on a paused release is refused", async (line, why, next) => {
    const w = await canary();
    await ask(w, pull, "/slipway pause production");
    const before = await headOf(w);
    const answer = await ask(w, pull, line);
    expect(answer).toContain(why);
    expect(answer).toContain(next);
    expect(await headOf(w)).toBe(before);
  });

  test("resume says that nothing is paused", async () => {
    const w = await canary();
    expect(await ask(w, pull, "/slipway resume production")).toContain("is not paused; it stands at 5 %");
  });

  test("resume goes over no hold", async () => {
    const w = await until(await releasing({}, scarce), "pause");
    w.hold(better);
    const answer = await ask(w, pull, "/slipway resume production");
    expect(answer).toContain("is held in production: a recall. It is lifted by hal.");
    expect(answer).toContain(`/slipway unhold production ${better.digest.slice(7, 19)} <reason> --model search-ranker`);
  });

  test("retry takes a step again that Slipway paused", async () => {
    const w = await until(await releasing({}, scarce), "pause");
    w.metrics.serve(better.digest, { perSecond: 100, goodShare: 1 });
    expect(await ask(w, pull, "/slipway retry production")).toContain("Resume search-ranker");
    await until(w, "verified");
  });

  test("a pause that came after the comment is not lifted by it", async () => {
    const w = await canary();
    const comment = w.say(pull, "/slipway resume production", "lee");
    await ask(w, pull, "/slipway pause production");
    const before = await headOf(w);
    await answerComment(w.world, w.models, comment.id);
    expect(w.conversation.answersTo(comment.id)[0]).toContain("The pause began at");
    expect(await headOf(w)).toBe(before);
  });
});

describe("after an edit by a person", () => {
  const edited = async (): Promise<TestWorld> => {
    const w = await canary();
    w.environments.edit({ [routePath]: "kind: HTTPRoute\n" });
    return w;
  };

  test("a pause says that Slipway has stopped already and writes nothing over the edit", async () => {
    const w = await edited();
    const { moved } = await changesOf(w, () => ask(w, pull, "/slipway pause production"));
    expect(moved).toBe(false);
  });

  test.each(["resume", "abort"])("%s goes on only when it names that edit", async (verb) => {
    const w = await edited();
    const commit = (await headOf(w)).slice(0, 12);
    const answer = await ask(w, pull, `/slipway ${verb} production`);
    expect(answer).toContain("edited by Alex Person");
    const next = `/slipway ${verb} production @${commit} --model search-ranker`;
    expect(answer).toContain(next);
    expect(w.environments.text(routePath)).toBe("kind: HTTPRoute\n");

    await ask(w, pull, next);
    expect(w.environments.text(routePath)).not.toBe("kind: HTTPRoute\n");
    if (verb === "resume") await until(w, "verified");
    else expect(Object.fromEntries(await ownedFiles(w))).toEqual(servedFiles([liveVersion]));
  });

  test("a lock or hold by command does not pass for going on", async () => {
    const w = await edited();
    await ask(w, pull, "/slipway lock production");
    await ask(w, pull, `/slipway hold production ${older.digest} old`, "hal");
    expect(await advance(w)).toMatchObject({ kind: "wait", message: expect.stringContaining("edited by Alex Person") });
  });
});

describe("abort", () => {
  test("restores what is live byte for byte and holds nothing", async () => {
    const w = await canary();
    const id = (await openRelease(w))?.id ?? "";
    await ask(w, pull, "/slipway abort production changed my mind");
    expect(Object.fromEntries(await ownedFiles(w))).toEqual(servedFiles([liveVersion]));
    expect(await openRelease(w)).toBeNull();
    expect((await recordOf(w, id))?.outcome).toMatchObject({ kind: "aborted", reason: "lee aborted it: changed my mind" });
    expect(w.environments.text(holdPath(production, ranker, better.digest))).toBeUndefined();
  });

  test("does not give all traffic to what is held, and offers the rollback", async () => {
    const w = await canary();
    w.hold(liveVersion);
    const answer = await ask(w, pull, "/slipway abort production");
    expect(answer).toContain("2026.11.02-1, live beside the canary, is held (a recall)");
    expect(answer).toContain("/slipway rollback production --model search-ranker");
  });

  test("ends a stopping release whose pull request was closed; the hold stays", async () => {
    const w = await until(await releasing(proposing, slow), "stop");
    await advance(w);
    const [proposal] = w.proposals.all();
    expect(await ask(w, pull, "/slipway abort production")).toContain("is open: merge it, or close it and abort then.");
    w.proposals.close(proposal?.number ?? 0);
    await ask(w, pull, "/slipway abort production");
    expect(await openRelease(w)).toBeNull();
    expect(Object.fromEntries(await ownedFiles(w))).toEqual(servedFiles([liveVersion]));
    expect(holdOn(await w.environments.snapshot(), production, ranker, better.digest)).toBeDefined();
  });

  test("frees a stopping release for which nothing verified is left", async () => {
    const w = await canary({}, slow);
    w.hold(liveVersion);
    await until(w, "stop");
    expect(w.proposals.all()).toEqual([]);
    await ask(w, pull, "/slipway abort production");
    expect(await openRelease(w)).toBeNull();
  });
});
