import { describe, expect, test } from "vitest";
import { holdPath, incidentPath } from "#domain/environment/paths.ts";
import { holdOn } from "#domain/environment/read-snapshot.ts";
import { answerComment } from "#flows/answer-comment.ts";
import { canary, older, proposing, pull, stateOf } from "#test/support/commanding.ts";
import { ask, openRelease, passing } from "#test/support/commenting.ts";
import { fakeSlipway } from "#test/support/fakes/environments-repository.ts";
import { ownedFiles } from "#test/support/git-follower.ts";
import { advance, changesOf, newestStep, releasing, slow, until } from "#test/support/releasing.ts";
import { routePath, servedFiles } from "#test/support/world.ts";
import { better, liveVersion, production, ranker } from "#test/support/world-texts.ts";

describe("rollback by a person", () => {
  test("of a canary is the same two writes as at a breach", async () => {
    const w = await canary();
    const { paths } = await changesOf(w, () => ask(w, pull, "/slipway rollback production it is wrong"));
    const id = (await openRelease(w))?.id ?? "";
    expect(paths).toEqual(expect.arrayContaining([routePath, holdPath(production, ranker, better.digest), incidentPath(id)]));
    expect(await openRelease(w)).toMatchObject({ phase: "stopping", weight: 0 });
    await until(w, "rolled back");
    expect(Object.fromEntries(await ownedFiles(w))).toEqual(servedFiles([liveVersion]));
    expect(w.incidents.all()[0]?.title).toBe("search-ranker 2026.11.20-3 is rolled back by a person in production");
    expect(w.proposals.all()).toMatchObject([{ state: "merged", title: expect.stringContaining("is rolled back by a person") }]);
  });

  test("of what is live, when nothing is open, restores the newest verified version and holds the live one", async () => {
    const w = await until(await canary(), "verified");
    await ask(w, pull, "/slipway rollback production it is wrong");
    expect(await openRelease(w)).toMatchObject({ phase: "stopping", candidate: better, weight: 100 });
    await until(w, "rolled back");
    expect(await stateOf(w)).toMatchObject({ live: liveVersion, release: null });
    expect(Object.fromEntries(await ownedFiles(w))).toEqual(servedFiles([liveVersion]));
    expect(holdOn(await w.environments.snapshot(), production, ranker, better.digest)?.reason).toBe("lee asked for it: it is wrong");
  });

  test("of what is live, with nothing verified to restore, holds it and says that a person decides", async () => {
    const w = await until(await canary(), "verified");
    w.hold(liveVersion);
    const before = await ownedFiles(w);
    expect(await ask(w, pull, "/slipway rollback production")).toContain("nothing verified could be restored");
    expect(await ownedFiles(w)).toEqual(before);
    expect(holdOn(await w.environments.snapshot(), production, ranker, better.digest)).toBeDefined();
    expect(await ask(w, pull, "/slipway rollback production")).toContain("is held already. A person decides what the route serves");
  });

  test("of an adopted version to a released one goes the same way, by the record of what is restored", async () => {
    const w = await until(await canary(), "verified");
    await ask(w, pull, "/slipway rollback production");
    await until(w, "rolled back");
    await ask(w, pull, `/slipway unhold production ${better.digest} it was the gateway`, "hal");
    expect(await ask(w, pull, "/slipway rollback production the old one is broken")).toContain(
      "Stop search-ranker 2026.11.02-1, live in production",
    );
    expect(await openRelease(w)).toMatchObject({
      candidate: liveVersion,
      reason: "lee asked for it: the old one is broken. 2026.11.02-1 was adopted: report and pull request are those of 2026.11.20-3",
    });
    await until(w, "rolled back");
    expect(await stateOf(w)).toMatchObject({ live: better, release: null });
    expect(holdOn(await w.environments.snapshot(), production, ranker, liveVersion.digest)).toBeDefined();
  });

  test("of an adopted version to another adopted one is refused, since no release says how either is served", async () => {
    const { w } = await passing({ adopted: [liveVersion, older] });
    expect(await ask(w, pull, "/slipway rollback production")).toContain("No release brought 2026.11.02-1 or 2026.10.01-1 to production");
  });

  test("is not frozen", async () => {
    const w = await canary();
    w.freeze();
    await ask(w, pull, "/slipway rollback production");
    await until(w, "rolled back");
    expect(await openRelease(w)).toBeNull();
  });

  test("does not touch a release that began after the comment", async () => {
    const { w, line } = await passing();
    const comment = w.say(pull, "/slipway rollback production", "lee");
    await ask(w, pull, line);
    await answerComment(w.world, w.models, comment.id);
    expect(w.conversation.answersTo(comment.id)[0]).toContain("began at");
    expect(await openRelease(w)).toMatchObject({ phase: "progressing" });
  });

  test("whose pull request was closed is tried again in another one", async () => {
    const w = await until(await releasing(proposing, slow), "stop");
    await advance(w);
    w.proposals.close(1);
    expect(await ask(w, pull, "/slipway rollback production")).toContain("/slipway retry production --model search-ranker");
    await ask(w, pull, "/slipway retry production");
    await advance(w);
    await advance(w);
    expect(w.proposals.all().map(({ state, branch }) => [state, branch.slice(-2)])).toEqual([
      ["closed", expect.any(String)],
      ["open", "-2"],
    ]);
    const again = w.proposals.all()[1];
    if (again === undefined) throw new Error("another pull request is open");
    await w.proposals.merge(again.number, again.head);
    await until(w, "rolled back");
  });

  test("whose pull request a person squashed ends like any other", async () => {
    const w = await until(await releasing(proposing, slow), "stop");
    await advance(w);
    await advance(w);
    const [proposal] = w.proposals.all();
    if (proposal === undefined) throw new Error("a pull request is open");
    await w.proposals.merge(proposal.number, proposal.head);
    const restored = await ownedFiles(w);
    // The squash: the same files in one commit of a person.
    w.environments.edit({ [routePath]: "kind: HTTPRoute\n" }, fakeSlipway, "Before\n\nSlipway-Release: r-0000000000000000");
    w.environments.edit({ [routePath]: restored.get(routePath) ?? "" });
    expect(await newestStep(w)).toBeUndefined();
    await until(w, "rolled back");
  });
});
