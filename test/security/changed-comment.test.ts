import { expect, test } from "vitest";
import { addMilliseconds } from "#domain/model/time.ts";
import { answerComment } from "#flows/answer-comment.ts";
import { openRelease, passing } from "#test/support/commenting.ts";

/** Anyone with write access can edit another person's comment: the words would be the attacker's, the role the author's. */
test("a comment that becomes a command by an edit is not executed", async () => {
  const { w, pull, line } = await passing();
  const comment = w.say(pull, "Looks good to me");
  w.conversation.edit(comment.id, line, addMilliseconds(w.clock.now(), 1));
  await answerComment(w.world, w.models, comment.id);
  expect(w.conversation.answersTo(comment.id)[0]).toContain("edited after it was posted");
  expect(await openRelease(w)).toBeNull();
});

test("an edit between reading the comment and deciding is seen", async () => {
  const { w, pull, line } = await passing();
  const comment = w.say(pull, line);
  const answered = async (): Promise<boolean> => {
    w.conversation.edit(comment.id, line, addMilliseconds(w.clock.now(), 1));
    return false;
  };
  await answerComment(w.world, { ...w.models, conversation: { ...w.conversation, answered } }, comment.id);
  expect(await openRelease(w)).toBeNull();
});

test("a comment that is gone when it is decided is not executed", async () => {
  const { w, pull, line } = await passing();
  const comment = w.say(pull, line);
  const answered = async (): Promise<boolean> => {
    w.conversation.remove(comment.id);
    return false;
  };
  await answerComment(w.world, { ...w.models, conversation: { ...w.conversation, answered } }, comment.id);
  expect(w.conversation.answersTo(comment.id)[0]).toContain("The comment was deleted");
  expect(await openRelease(w)).toBeNull();
});

test("a comment that waited longer than half an hour is answered, not executed", async () => {
  const { w, pull, line } = await passing();
  const comment = w.say(pull, line);
  w.clock.advance(30 * 60_000 + 1);
  await answerComment(w.world, w.models, comment.id);
  expect(w.conversation.answersTo(comment.id)[0]).toContain("is older than 30m");
  expect(await openRelease(w)).toBeNull();
});
