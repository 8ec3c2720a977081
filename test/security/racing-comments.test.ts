import { expect, test } from "vitest";
import { answerComment } from "#flows/answer-comment.ts";
import { openRelease, passing } from "#test/support/commenting.ts";

const startsOf = async (w: Awaited<ReturnType<typeof passing>>["w"]) =>
  w.environments.history({ limit: 10, trailer: "Slipway-Step", value: "start" });

test("two people who deploy at once start one release; the other is told who holds the environment", async () => {
  const { w, pull, line } = await passing();
  const [first, second] = [w.say(pull, line), w.say(pull, line)];
  await Promise.all([first, second].map(({ id }) => answerComment(w.world, w.models, id)));
  expect(await startsOf(w)).toHaveLength(1);
  const answers = [first, second].map(({ id }) => w.conversation.answersTo(id).join());
  expect(answers.filter((answer) => answer.includes("Starts the release"))).toHaveLength(1);
  expect(answers.filter((answer) => answer.includes("production is taken"))).toHaveLength(1);
});

test("one comment that two replicas handle at once starts one release, and both say the same", async () => {
  const { w, pull, line } = await passing();
  const comment = w.say(pull, line);
  await Promise.all([1, 2, 3].map(() => answerComment(w.world, w.models, comment.id)));
  expect(await startsOf(w)).toHaveLength(1);
  expect(w.conversation.answersTo(comment.id)[0]).toContain("Starts the release");
  expect(await openRelease(w)).not.toBeNull();
});
