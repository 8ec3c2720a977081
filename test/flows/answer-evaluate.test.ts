import { describe, expect, test } from "vitest";
import { answerComment } from "#flows/answer-comment.ts";
import { ask, headOf, passing } from "#test/support/commenting.ts";
import { type Death, killable } from "#test/support/killable.ts";
import type { TestWorld } from "#test/support/world.ts";

const line = "/slipway evaluate";

async function attempts(w: TestWorld, head: Parameters<TestWorld["runs"]["listed"]>[0]): Promise<readonly number[]> {
  return (await w.runs.listed(head)).map(({ attempt }) => attempt);
}

describe("an evaluation that is asked for again", () => {
  test("becomes one attempt more of the head's run, no commit, and one answer", async () => {
    const { w, pull } = await passing();
    const before = await headOf(w);
    const comment = w.say(pull, line);
    await answerComment(w.world, w.models, comment.id);
    await answerComment(w.world, w.models, comment.id);
    expect(await attempts(w, pull.head)).toEqual([2]);
    expect(await headOf(w)).toBe(before);
    expect(w.conversation.answersTo(comment.id)[0]).toContain(`Evaluates ${pull.head.slice(0, 12)} again: attempt 2 of run 1.`);
    expect(w.conversation.reactionsTo(comment.id)).toEqual(["rocket"]);
  });

  test("is carried out again for another comment, once the attempt before is over", async () => {
    const { w, pull } = await passing();
    await ask(w, pull, line);
    expect(await ask(w, pull, line)).toContain("is still under way (attempt 2)");
    await w.completeRun(pull, { id: 1, attempt: 2 });
    expect(await ask(w, pull, line)).toContain("attempt 3 of run 1");
    expect(await attempts(w, pull.head)).toEqual([3]);
  });

  const deaths = [1, 2, 3].flatMap((write) => (["before", "after"] as const).map((when): Death => ({ write, when })));
  test.each(deaths)("is carried out once and answered alike when the process dies $when write $write", async (death) => {
    const undisturbed = await passing();
    const answer = await ask(undisturbed.w, undisturbed.pull, line);

    const { w, pull } = await passing();
    const comment = w.say(pull, line);
    const process = killable(w.world, w.models, death);
    await expect(answerComment(process.world, process.models, comment.id)).rejects.toThrow(death.when);
    process.restart();
    w.clock.advance(60_000);
    await answerComment(process.world, process.models, comment.id);
    expect(process.writes.filter((name) => name === "repeat run")).toHaveLength(1);
    expect(await attempts(w, pull.head)).toEqual([2]);
    expect(w.conversation.answersTo(comment.id)).toEqual([answer]);
  });

  test("by two replicas at once is one attempt", async () => {
    const { w, pull } = await passing();
    const comment = w.say(pull, line);
    await Promise.all([answerComment(w.world, w.models, comment.id), answerComment(w.world, w.models, comment.id)]);
    expect(await attempts(w, pull.head)).toEqual([2]);
    expect(w.conversation.answersTo(comment.id)[0]).toContain("attempt 2 of run 1");
  });

  test("is told in GitHub's words when GitHub does not repeat the run", async () => {
    const { w, pull } = await passing();
    w.runs.refuse("GitHub answered 403: Unable to re-run this workflow run because it was created over a month ago");
    expect(await ask(w, pull, line)).toContain("created over a month ago. Push, or run it again there.");
    expect(await attempts(w, pull.head)).toEqual([1]);
  });

  test("of a head that moved while it was decided is not carried out", async () => {
    const { w, pull } = await passing();
    w.repository.commit("change-1", { "models/search-ranker/NOTES.md": "One more word.\n" });
    expect(await ask(w, pull, `${line} @${pull.head}`)).toContain("but the head of this pull request is");
    expect(await attempts(w, pull.head)).toEqual([1]);
  });
});
