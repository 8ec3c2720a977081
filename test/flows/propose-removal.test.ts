import { describe, expect, test } from "vitest";
import { holdPath, statePath } from "#domain/environment/paths.ts";
import { answerComment } from "#flows/answer-comment.ts";
import { proposeRemovals } from "#flows/propose-removal.ts";
import { resyncModels } from "#flows/resync-models.ts";
import { canary, pull } from "#test/support/commanding.ts";
import { ask, headOf, openRelease, passing } from "#test/support/commenting.ts";
import { ownedFiles } from "#test/support/git-follower.ts";
import { advance, releasing, slow, until } from "#test/support/releasing.ts";
import { routePath, type TestWorld } from "#test/support/world.ts";
import { liveVersion, production, ranker } from "#test/support/world-texts.ts";

const proposalsOf = (w: TestWorld) => w.proposals.all().filter(({ branch }) => branch.startsWith("slipway/remove-route/"));

/** A person wants back from the only version that was ever there. */
async function nothingLeft() {
  const { w, pull: its, line } = await passing();
  const answer = await ask(w, its, "/slipway rollback production it invents prices");
  return { w, its, line, answer };
}

/** Merges as a person does. */
async function merged(w: TestWorld): Promise<void> {
  const [proposal] = proposalsOf(w);
  if (proposal === undefined) throw new Error("the removal is proposed");
  await w.proposals.merge(proposal.number, proposal.head);
}

describe("the removal of a route", () => {
  test("is proposed by one pull request where a person rolls back what is live and nothing verified is left", async () => {
    const { w, answer } = await nothingLeft();
    expect(answer).toContain("nothing verified could be restored, so a pull request proposes to remove the route");
    expect(proposalsOf(w)).toMatchObject([
      { state: "open", title: "Remove the route of search-ranker in production: 2026.11.02-1 is held and nothing verified is left" },
    ]);
    const [proposal] = proposalsOf(w);
    expect(proposal?.body).toContain("nothing verified could be restored: it invents prices");
    expect(proposal?.body).toContain(`/slipway unhold production ${liveVersion.digest} <reason> --model search-ranker`);
    expect([...(await ownedFiles(w)).keys()]).toContain(routePath);
    await resyncModels(w.world, w.models);
    await proposeRemovals(w.world);
    expect(proposalsOf(w)).toHaveLength(1);
  });

  test("takes route and state away when it is merged, and a deploy then says what to do", async () => {
    const { w, its, line } = await nothingLeft();
    await merged(w);
    expect([...(await ownedFiles(w)).keys()]).not.toContain(routePath);
    expect(w.environments.text(statePath(production, ranker))).toBeUndefined();
    expect(await ask(w, its, line)).toContain("now nothing is live");
    expect(await advance(w)).toMatchObject({ kind: "no-release" });
    expect(await ask(w, its, "/slipway status")).toContain("never adopted");
  });

  test("is not proposed again when a person closed it", async () => {
    const { w } = await nothingLeft();
    w.proposals.close(proposalsOf(w)[0]?.number ?? 0);
    await resyncModels(w.world, w.models);
    expect(proposalsOf(w)).toMatchObject([{ state: "closed" }]);
  });

  test("is proposed by the next resync where Slipway died right after the hold", async () => {
    const { w, pull: its } = await passing();
    const proposals = { ...w.world.proposals, open: () => Promise.reject(new Error("died")) };
    const comment = w.say(its, "/slipway rollback production");
    await expect(answerComment({ ...w.world, proposals }, w.models, comment.id)).rejects.toThrow("died");
    await resyncModels(w.world, w.models);
    expect(proposalsOf(w)).toHaveLength(1);
  });

  test("is not proposed for a version that somebody only holds", async () => {
    const { w } = await passing();
    w.hold(liveVersion);
    await resyncModels(w.world, w.models);
    expect(proposalsOf(w)).toEqual([]);
  });

  test("is proposed after a breach too, when what is live beside the canary is held, and is never merged by Slipway", async () => {
    const w = await until(await releasing({}, slow), "live 5");
    w.hold(liveVersion);
    await until(w, "stop");
    const messages = [];
    for (let look = 0; look < 4; look += 1) messages.push((await advance(w)).message);
    expect(messages.slice(0, 2)).toEqual(["incident #1 is open", "pull request #1 proposes to remove the route"]);
    expect(messages.at(-1)).toContain("a person must decide what the route serves; pull request #1 proposes to remove it");
    expect(proposalsOf(w)).toMatchObject([{ state: "open" }]);
    await merged(w);
    expect(await advance(w)).toMatchObject({ kind: "no-release" });
  });

  test("leaves a canary alone: a deploy beside a route that somebody removed is refused", async () => {
    const { w, pull: its, line } = await passing();
    w.environments.edit({ [routePath]: null });
    const before = await headOf(w);
    expect(await ask(w, its, line)).toContain("search-ranker is not served by the target gateway-api in production");
    expect(await headOf(w)).toBe(before);
  });
});

describe("a rollback pull request that a person closed", () => {
  test("is seen in the incident with the lines that go on, and goes on by itself when it is reopened", async () => {
    const w = await canary();
    w.proposals.block("a review is missing");
    await ask(w, pull, "/slipway rollback production");
    await advance(w);
    await advance(w);
    w.proposals.close(1);
    expect(await advance(w)).toMatchObject({ kind: "wait", message: expect.stringContaining("was closed unmerged; the hold stays") });
    const body = w.incidents.all()[0]?.body ?? "";
    expect(body).toContain("was closed unmerged, so nothing was restored");
    expect(body).toContain("/slipway retry production --model search-ranker");
    expect(body).toContain("/slipway abort production --model search-ranker");
    expect(await ask(w, pull, "/slipway status")).toContain("was closed unmerged");
    expect(w.environments.text(holdPath(production, ranker, (await openRelease(w))?.candidate.digest ?? liveVersion.digest))).toBeDefined();
    w.proposals.reopen(1);
    w.proposals.block(undefined);
    await until(w, "rolled back");
    expect(w.incidents.all()[0]?.body).not.toContain("was closed unmerged, so nothing was restored");
  });
});
