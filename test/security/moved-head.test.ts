import { describe, expect, test } from "vitest";
import { short } from "#domain/model/names.ts";
import { answerComment } from "#flows/answer-comment.ts";
import type { ModelRepository } from "#ports/model-repository.ts";
import { ask, headOf, lineFor, openRelease, passing } from "#test/support/commenting.ts";
import { measured } from "#test/support/judging.ts";
import type { TestWorld } from "#test/support/world.ts";
import { policyText } from "#test/support/world-texts.ts";

/** Time of check, time of use: between what a person saw and what is released, somebody pushes. (copy-pr-bot 2025, Atlantis #1508 and #6529.) */
const push = (w: TestWorld): unknown => w.repository.commit("change-1", { "notes.md": "a push" });

describe("a push to the pull request", () => {
  test("before the comment: the evaluated commit is not released in the place of the head", async () => {
    const { w, pull, line } = await passing();
    push(w);
    expect(await ask(w, pull, line)).toContain("but the head of this pull request is");
    expect(await openRelease(w)).toBeNull();
  });

  test("after the comment and before it is handled", async () => {
    const { w, pull, line } = await passing();
    const comment = w.say(pull, line);
    push(w);
    await answerComment(w.world, w.models, comment.id);
    expect(w.conversation.answersTo(comment.id)[0]).toContain(`You mean ${short(pull.head)}, but the head of this pull request is`);
    expect(await openRelease(w)).toBeNull();
  });

  test("that was evaluated and passes too: a line that names the older commit does not release the newer", async () => {
    const { w, pull, line } = await passing();
    push(w);
    const head = (await w.repository.pullRequest(pull.number))?.head ?? pull.head;
    await measured(w, { ...pull, head });
    expect(await ask(w, pull, line)).toContain(`You mean ${short(pull.head)}`);
    expect(await openRelease(w)).toBeNull();
  });

  test.each([1, 2, 3])("between reading number %i of the head and the write", async (reads) => {
    const { w, pull, line } = await passing();
    let read = 0;
    const pullRequest: ModelRepository["pullRequest"] = async (number) => {
      read += 1;
      if (read === reads) push(w);
      return w.repository.pullRequest(number);
    };
    const comment = w.say(pull, line);
    await answerComment(w.world, { ...w.models, repository: { ...w.repository, pullRequest } }, comment.id);
    expect(read).toBeGreaterThanOrEqual(reads);
    expect(w.conversation.answersTo(comment.id)[0]).toMatch(/but the head of this pull request is|The head moved from/);
    expect(await openRelease(w)).toBeNull();
  });

  test("after the release started changes nothing of it: the digest is pinned in Git", async () => {
    const { w, pull, line } = await passing();
    await ask(w, pull, line);
    const before = await openRelease(w);
    push(w);
    expect(await openRelease(w)).toEqual(before);
    expect(before?.candidate.digest).toMatch(/^sha256:c+$/);
  });
});

describe("a pull request that is turned into a draft between command and action", () => {
  const approvals = { people: 1 };
  const policy = policyText({ environments: [{ name: "production", from: "pull-request", namespace: "models", approvals }] });

  test.each([
    ["deploy", "lee", undefined],
    ["approve", "amy", policy],
  ] as const)("is not acted on: %s", async (verb, by, asked) => {
    for (const at of [1, 2, 3]) {
      const { w, pull } = await passing(asked === undefined ? {} : { policy: asked });
      let read = 0;
      const pullRequest: ModelRepository["pullRequest"] = async (number) => {
        read += 1;
        if (read === at) w.repository.change(number, { draft: true });
        return w.repository.pullRequest(number);
      };
      const comment = w.say(pull, `/slipway ${verb} production @${pull.head}`, by);
      const before = await headOf(w);
      await answerComment(w.world, { ...w.models, repository: { ...w.repository, pullRequest } }, comment.id);
      expect(read).toBeGreaterThanOrEqual(at);
      expect(w.conversation.answersTo(comment.id)[0]).toMatch(/is a draft|turned into a draft/);
      expect(await headOf(w)).toBe(before);
    }
  });
});

test("a refused line is answered with the one for the new head only once that is evaluated", async () => {
  const { w, pull, line } = await passing();
  push(w);
  const head = (await w.repository.pullRequest(pull.number))?.head ?? pull.head;
  expect(await ask(w, pull, line)).not.toContain(lineFor({ ...pull, head }));
  await measured(w, { ...pull, head });
  expect(await ask(w, pull, line)).toContain(lineFor({ ...pull, head }));
});
