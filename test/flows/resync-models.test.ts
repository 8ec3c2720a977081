import { describe, expect, test } from "vitest";
import { RefusedEvidence } from "#flows/refused-evidence.ts";
import { resyncModels } from "#flows/resync-models.ts";
import { lineFor, openRelease } from "#test/support/commenting.ts";
import { check, comment, failure } from "#test/support/judging.ts";
import { killable } from "#test/support/killable.ts";
import { testWorld } from "#test/support/world.ts";
import { version } from "#test/support/world-texts.ts";

describe("a resync does what lost webhooks would have asked for", () => {
  test("takes in evidence, judges heads and answers comments", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await w.completeRun(pull);
    await resyncModels(w.world, w.models);
    expect(check(w, pull)?.title).toMatch(/^Pass: /);
    const said = w.say(pull, lineFor(pull));
    await resyncModels(w.world, w.models);
    expect(w.conversation.answersTo(said.id)).toHaveLength(1);
    expect(await openRelease(w)).toMatchObject({ weight: 5 });
  });

  test("writes nothing a second time, and does not fetch what is in the log", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await w.completeRun(pull);
    w.say(pull, "/slipway help");
    await resyncModels(w.world, w.models);
    const written = w.reports.writes();
    const fetched: number[] = [];
    const runs = { ...w.models.runs, evidence: (run: number) => (fetched.push(run), w.runs.evidence(run)) };
    const process = killable(w.world, { ...w.models, runs });
    await resyncModels(process.world, process.models);
    await resyncModels(process.world, process.models);
    expect(process.writes).toEqual(["comment", "check"]);
    expect(w.reports.writes()).toBe(written);
    expect(fetched).toEqual([]);
  });

  test("takes in every run of a head, and a later attempt of one", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await w.completeRun(pull, { id: 4 });
    await w.completeRun(pull, { id: 5 });
    await resyncModels(w.world, w.models);
    await w.completeRun(pull, { id: 5, attempt: 2 });
    await resyncModels(w.world, w.models);
    const log = await w.evidence.read(1, pull.number);
    expect(log.map(({ accepted: { run } }) => [run.id, run.attempt])).toEqual([
      [5, 1],
      [4, 1],
      [5, 2],
    ]);
  });

  test("answers a command that is older than it may be, and leaves older ones alone", async () => {
    const w = await testWorld();
    const pull = w.propose();
    const forgotten = w.say(pull, "/slipway help");
    w.clock.advance(5 * 60_000);
    const late = w.say(pull, lineFor(pull));
    w.clock.advance(31 * 60_000);
    await resyncModels(w.world, w.models);
    expect(w.conversation.answersTo(late.id)[0]).toContain("is older than 30m");
    expect(w.conversation.answersTo(forgotten.id)).toEqual([]);
  });

  test("leaves closed pull requests alone", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await w.completeRun(pull);
    w.repository.close(pull.number);
    await resyncModels(w.world, w.models);
    expect(w.reports.writes()).toBe(0);
  });
});

describe("what fails of one pull request", () => {
  test("does not keep the others, or the comments, waiting, and is told", async () => {
    const w = await testWorld();
    const poisoned = w.propose(version("2026.11.21-1", "e"));
    const fine = w.propose();
    await w.completeRun(fine);
    const said = w.say(fine, "/slipway help");
    const changedFiles = async (number: number) => {
      if (number === poisoned.number) throw new Error("406 diff too large");
      return w.repository.changedFiles(number);
    };
    const models = { ...w.models, repository: { ...w.repository, changedFiles } };
    await expect(resyncModels(w.world, models)).rejects.toThrow("1 of a resync failed, first: Error: 406 diff too large");
    expect(check(w, fine)?.title).toMatch(/^Pass: /);
    expect(comment(w, fine)).toContain("ndcg@10");
    expect(w.conversation.answersTo(said.id)).toHaveLength(1);
  });

  test("does not keep its own evidence from being judged", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await w.completeRun(pull);
    const runs = { ...w.models.runs, evidence: () => Promise.reject(new Error("502")) };
    await expect(resyncModels(w.world, { ...w.models, runs })).rejects.toThrow("502");
    expect(check(w, pull)?.state).toEqual({ kind: "pending" });
  });
});

describe("evidence that is refused", () => {
  /** A head whose only run left what is no archive. */
  async function refused() {
    const w = await testWorld();
    const pull = w.propose();
    await w.completeRun(pull);
    w.runs.leave(1, { kind: "unreadable", reason: "The artifact is not a zip." });
    const fetched: number[] = [];
    const runs = { ...w.models.runs, evidence: (run: number) => (fetched.push(run), w.runs.evidence(run)) };
    const models = { ...w.models, runs };
    await resyncModels(w.world, models);
    return { w, pull, fetched, models };
  }

  test("fails the check of its head, which says why", async () => {
    const { w, pull } = await refused();
    const title = "Error: The evidence of run 1, attempt 1, is refused: The artifact is not a zip. Mend the workflow and run it again.";
    expect(check(w, pull)).toMatchObject({ title, state: failure });
    expect(comment(w, pull)).toContain("is not a zip");
  });

  test("is not fetched at each resync, but again after a while, and after a restart", async () => {
    const { w, pull, fetched, models } = await refused();
    await resyncModels(w.world, models);
    expect(fetched).toEqual([1]);
    w.clock.advance(10 * 60_000);
    await resyncModels(w.world, models);
    expect(fetched).toEqual([1, 1]);
    const before = check(w, pull);
    await resyncModels(w.world, { ...models, refused: new RefusedEvidence() });
    expect(fetched).toEqual([1, 1, 1]);
    expect(check(w, pull)).toEqual(before);
  });

  test("is replaced by a later attempt that is taken in", async () => {
    const { w, pull, models } = await refused();
    await w.completeRun(pull, { id: 1, attempt: 2 });
    await resyncModels(w.world, models);
    expect(check(w, pull)?.title).toMatch(/^Pass: /);
  });

  test("says nothing of the next head", async () => {
    const { w, pull, models } = await refused();
    w.repository.commit("change-1", { "README.md": "words" });
    await resyncModels(w.world, models);
    const moved = await w.repository.pullRequest(pull.number);
    expect(moved && w.reports.checkOf(moved.head)?.state).toEqual({ kind: "pending" });
  });
});
