import { expect, test } from "vitest";
import { answerComment } from "#flows/answer-comment.ts";
import { headOf, openRelease, passing } from "#test/support/commenting.ts";

test("a delivery that comes again, a day or a rollback later, executes nothing again", async () => {
  const { w, pull, line } = await passing();
  const comment = w.say(pull, line);
  await answerComment(w.world, w.models, comment.id);
  const started = await openRelease(w);
  const head = await headOf(w);
  for (const later of [0, 60_000, 86_400_000]) {
    w.clock.advance(later);
    await answerComment(w.world, w.models, comment.id);
  }
  expect(await headOf(w)).toBe(head);
  expect(await openRelease(w)).toEqual(started);
});

test("it executes nothing even when the answer that would have stopped it was deleted: Git knows the comment", async () => {
  const { w, pull, line } = await passing();
  const comment = w.say(pull, line);
  await answerComment(w.world, w.models, comment.id);
  const head = await headOf(w);
  const forgetful = { ...w.models, conversation: { ...w.conversation, answered: async () => false } };
  await answerComment(w.world, forgetful, comment.id);
  expect(await headOf(w)).toBe(head);
  expect(w.conversation.answersTo(comment.id)[0]).toContain("Starts the release");
});
