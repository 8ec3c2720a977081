import { expect, test } from "vitest";
import { short } from "#domain/model/names.ts";
import { acceptEvidence } from "#flows/accept-evidence.ts";
import { answerComment } from "#flows/answer-comment.ts";
import { judgePullRequestHead } from "#flows/judge-pull-request.ts";
import { openRelease } from "#test/support/commenting.ts";
import { check, success } from "#test/support/judging.ts";
import { testWorld } from "#test/support/world.ts";
import { better } from "#test/support/world-texts.ts";

/** What a webhook carries is never read: each only names what to look at, so their order is of no account. */
test("a comment that arrives before the run it was written after is refused, and stays refused once the run arrives", async () => {
  const w = await testWorld();
  const pull = w.propose(better);
  const run = await w.completeRun(pull);
  const comment = w.say(pull, `/slipway deploy production @${short(pull.head)}`);
  await answerComment(w.world, w.models, comment.id);
  await acceptEvidence(w.world, w.models, run.id, run.attempt);
  await answerComment(w.world, w.models, comment.id);
  expect(w.conversation.answersTo(comment.id)[0]).toContain("evaluated before your comment");
  expect(await openRelease(w)).toBeNull();
});

test("the news of an older head, arriving last, does not overwrite what is said of the newer", async () => {
  const w = await testWorld();
  const first = w.propose(better);
  const early = await w.completeRun(first, { gain: -0.1 });
  const head = w.repository.commit("change-1", { "notes.md": "newer" });
  const second = { ...first, head };
  const late = await w.completeRun(second);
  for (const run of [late, early]) {
    await acceptEvidence(w.world, w.models, run.id, run.attempt);
    await judgePullRequestHead(w.world, w.models, first.number);
  }
  expect(check(w, second)?.state).toEqual(success);
  expect(w.reports.commentOf(first.number)).toContain(short(head));
});
