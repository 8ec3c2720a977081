import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { conversation } from "#adapters/github/conversation.ts";
import { type Instant, instantOf, millisecondsOf } from "#domain/model/time.ts";
import type { Conversation } from "#ports/conversation.ts";
import { type GitHubSandbox, models, startGitHubSandbox } from "#test/adapters/github/github-sandbox.ts";
import { fakeConversation } from "#test/support/fakes/conversation.ts";

interface Subject {
  readonly conversation: Conversation;
  readonly pullRequest: number;
  /** A moment before everything that this subject says. */
  readonly before: Instant;
  /** A person comments; the id. */
  say(author: string, body: string): Promise<number>;
  edit(id: number, author: string, body: string): Promise<void>;
  remove(id: number, author: string): Promise<void>;
  answers(): Promise<readonly string[]>;
  reactions(id: number): Promise<readonly string[]>;
}

function onFake(): Subject {
  const fake = fakeConversation();
  const said: number[] = [];
  return {
    conversation: fake,
    pullRequest: 1,
    before: instantOf(0),
    async say(author, body) {
      const { id } = fake.say({ pullRequest: 1, author, body });
      said.push(id);
      return id;
    },
    edit: async (id, _author, body) => fake.edit(id, body),
    remove: async (id) => fake.remove(id),
    answers: async () => said.flatMap((id) => fake.answersTo(id)),
    reactions: async (id) => fake.reactionsTo(id),
  };
}

const idSchema = z.object({ id: z.number() });

async function onGitHub(sandbox: GitHubSandbox, branch: string): Promise<Subject> {
  await sandbox.commit(models, branch, { "model.yaml": `${branch}\n` });
  const pullRequest = await sandbox.openPullRequest("ada", models, branch);
  const path = `/repos/${models}/issues`;
  const comments = () => sandbox.repository(models).issues.find(({ number }) => number === pullRequest)?.comments ?? [];
  return {
    conversation: conversation(sandbox.github, models),
    pullRequest,
    before: instantOf(Date.now() - 2000),
    say: async (author, body) => idSchema.parse(await sandbox.as(author, "POST", `${path}/${pullRequest}/comments`, { body })).id,
    edit: async (id, author, body) => void (await sandbox.as(author, "PATCH", `${path}/comments/${id}`, { body })),
    remove: async (id, author) => void (await sandbox.as(author, "DELETE", `${path}/comments/${id}`)),
    answers: async () =>
      comments().flatMap(({ app, body }) => (app === undefined ? [] : [body.replace(/^<!-- slipway:answer \d+ -->\n/, "")])),
    reactions: async (id) =>
      comments()
        .find((comment) => comment.id === id)
        ?.reactions.map(({ content }) => content) ?? [],
  };
}

let sandbox: GitHubSandbox;
beforeAll(async () => {
  sandbox = await startGitHubSandbox();
});
afterAll(() => sandbox.close());

let branches = 0;
const subjects: readonly [string, () => Promise<Subject> | Subject][] = [
  ["the fake", onFake],
  ["GitHub", () => onGitHub(sandbox, `talk-${++branches}`)],
];

describe.each(subjects)("Conversation on %s", (_name, make) => {
  it("tells what was said since a moment, oldest first, with author and pull request", async () => {
    const { conversation, pullRequest, before, say } = await make();
    const first = await say("ada", "/slipway status");
    const second = await say("eve", "Nice.");
    const heard = (await conversation.since(before)).filter((comment) => comment.pullRequest === pullRequest);
    expect(heard.map(({ id, author, body, byBot }) => ({ id, author, body, byBot }))).toEqual([
      { id: first, author: "ada", body: "/slipway status", byBot: false },
      { id: second, author: "eve", body: "Nice.", byBot: false },
    ]);
    expect(await conversation.since(instantOf(millisecondsOf(heard[1]?.updatedAt ?? before) + 60_000))).toEqual([]);
  });

  it("shows a comment as it is now, and that it was edited or is gone", async () => {
    const { conversation, say, edit, remove } = await make();
    const id = await say("ada", "/slipway status");
    const said = await conversation.comment(id);
    expect(said).toMatchObject({ id, body: "/slipway status" });
    await edit(id, "ada", "/slipway help");
    expect(await conversation.comment(id)).toMatchObject({ body: "/slipway help", createdAt: said?.createdAt });
    await remove(id, "ada");
    expect(await conversation.comment(id)).toBeUndefined();
  });

  it("answers a comment once, and finds that it has", async () => {
    const { conversation, say, answers } = await make();
    const comment = await conversation.comment(await say("ada", "/slipway status"));
    if (comment === undefined) throw new Error("the comment is not there");
    expect(await conversation.answered(comment)).toBe(false);
    await conversation.answer(comment, "Nothing is released.");
    await conversation.answer(comment, "Nothing is released.");
    expect(await conversation.answered(comment)).toBe(true);
    expect(await answers()).toEqual(["Nothing is released."]);
  });

  it("does not hear itself", async () => {
    const { conversation, pullRequest, before, say } = await make();
    const id = await say("ada", "/slipway help");
    const comment = await conversation.comment(id);
    if (comment === undefined) throw new Error("the comment is not there");
    await conversation.answer(comment, "/slipway deploy production");
    const heard = (await conversation.since(before)).filter((one) => one.pullRequest === pullRequest);
    expect(heard.map((one) => one.id)).toEqual([id]);
  });

  it("reacts once with each reaction, and does not mind that the comment is gone", async () => {
    const { conversation, say, remove, reactions } = await make();
    const id = await say("ada", "/slipway status");
    const comment = await conversation.comment(id);
    if (comment === undefined) throw new Error("the comment is not there");
    await conversation.react(comment, "eyes");
    await conversation.react(comment, "eyes");
    await conversation.react(comment, "rocket");
    expect(await reactions(id)).toEqual(["eyes", "rocket"]);
    await remove(id, "ada");
    await expect(conversation.react(comment, "-1")).resolves.toBeUndefined();
  });
});
