import { describe, expect, test } from "vitest";
import { policyPath } from "#domain/environment/paths.ts";
import { versionRefSchema } from "#domain/model/names.ts";
import { addMilliseconds } from "#domain/model/time.ts";
import { answerComment } from "#flows/answer-comment.ts";
import { ask, headOf, lineFor, openRelease, passing } from "#test/support/commenting.ts";
import { measured } from "#test/support/judging.ts";
import { killable } from "#test/support/killable.ts";
import { testWorld } from "#test/support/world.ts";
import { better, policyText } from "#test/support/world-texts.ts";

describe("what is refused, with its reason and nothing written", () => {
  const refusals: readonly (readonly [string, () => Promise<string>, RegExp])[] = [
    [
      "a verdict that is no pass",
      async () => {
        const { w, pull, line } = await passing({}, { gain: -0.1 });
        return ask(w, pull, line);
      },
      /its verdict is fail/,
    ],
    [
      "evidence that is only self-reported",
      async () => {
        const { w, pull, line } = await passing({}, { signed: false });
        return ask(w, pull, line);
      },
      /self-reported/,
    ],
    ["a person without the role", async () => passing().then(({ w, pull, line }) => ask(w, pull, line, "eve")), /eve may not deploy/],
    [
      "no commit spelled out",
      async () => passing().then(({ w, pull }) => ask(w, pull, "/slipway deploy production")),
      /spell out the commit/,
    ],
    [
      "another commit than the head",
      async () => {
        const { w, pull, line } = await passing();
        w.repository.commit("change-1", { "notes.md": "later" });
        return ask(w, pull, line);
      },
      /but the head of this pull request is/,
    ],
    [
      "an approver's own new model",
      async () => {
        const floors = { firstVersion: [{ metric: "ndcg@10", atLeast: 0.1 }] };
        const { w, pull, line } = await passing({ adopted: [], policy: policyText({ floors }) });
        return ask(w, pull, line);
      },
      /an approver of the policy other than its author/,
    ],
    [
      "an environment in which nothing was adopted",
      async () => {
        const roles = { deployer: { users: ["amy"] }, approver: { users: ["amy"] } };
        const floors = { firstVersion: [{ metric: "ndcg@10", atLeast: 0.1 }] };
        const { w, pull, line } = await passing({ adopted: [], policy: policyText({ floors, roles }) });
        return ask(w, pull, line, "amy");
      },
      /`slipway adopt production`/,
    ],
  ];
  test.each(refusals)("%s", async (_, run, reason) => {
    expect((await run()).replaceAll(/\\/g, "")).toMatch(reason);
  });

  test("a digest whose file in Git would have the name of the live version's", async () => {
    const w = await testWorld();
    const alike = versionRefSchema.parse({ version: "2026.11.20-9", digest: `sha256:${"a".repeat(8)}${"b".repeat(56)}` });
    const pull = w.propose(alike);
    await measured(w, pull);
    expect(await ask(w, pull, lineFor(pull))).toContain("two versions have digests that begin with aaaaaaaa");
    expect(await openRelease(w)).toBeNull();
  });

  test("a refusal is final: it is not reconsidered when the reason has gone", async () => {
    const { w, pull, line } = await passing();
    w.hold(better);
    const comment = w.say(pull, line);
    await answerComment(w.world, w.models, comment.id);
    const path = [...(await w.environments.snapshot()).texts.keys()].find((name) => name.startsWith(".slipway/holds/")) ?? "";
    w.environments.edit({ [path]: null });
    const head = await headOf(w);
    await answerComment(w.world, w.models, comment.id);
    expect(await headOf(w)).toBe(head);
    expect(w.conversation.reactionsTo(comment.id)).toEqual(["-1"]);
  });

  test("a comment that was edited, even between reading it and deciding", async () => {
    const { w, pull, line } = await passing();
    const comment = w.say(pull, "/slipway help");
    w.conversation.edit(comment.id, line, addMilliseconds(w.clock.now(), 1));
    await answerComment(w.world, w.models, comment.id);
    expect(w.conversation.answersTo(comment.id)[0]).toContain("was edited after it was posted");
    expect(await openRelease(w)).toBeNull();
  });

  test("a comment that is deleted while it is decided", async () => {
    const { w, pull, line } = await passing();
    const comment = w.say(pull, line);
    const answered = async (): Promise<boolean> => {
      w.conversation.remove(comment.id);
      return false;
    };
    await answerComment(w.world, { ...w.models, conversation: { ...w.conversation, answered } }, comment.id);
    expect(await openRelease(w)).toBeNull();
    expect(w.conversation.answersTo(comment.id)[0]).toContain("The comment was deleted");
  });

  test("a comment that is handled too late", async () => {
    const { w, pull, line } = await passing();
    const comment = w.say(pull, line);
    w.clock.advance(30 * 60_000 + 1);
    await answerComment(w.world, w.models, comment.id);
    expect(w.conversation.answersTo(comment.id)[0]).toContain("is older than 30m");
    expect(await openRelease(w)).toBeNull();
  });
});

describe("what gets no answer at all", () => {
  const ignored: readonly (readonly [string, (line: string) => string, boolean])[] = [
    ["a bot's command", (line) => line, true],
    ["a quoted command", (line) => `> ${line}`, false],
    ["a command in a code block", (line) => `\`\`\`\n${line}\n\`\`\``, false],
    ["words", () => "Looks good to me", false],
  ];
  test.each(ignored)("%s", async (_, body, byBot) => {
    const { w, pull, line } = await passing();
    const comment = w.conversation.say({ pullRequest: pull.number, author: "lee", body: body(line), at: w.clock.now(), byBot });
    const process = killable(w.world, w.models);
    await answerComment(process.world, process.models, comment.id);
    expect(process.writes).toEqual([]);
  });

  test("a comment that is gone, or that is on no pull request", async () => {
    const { w, line } = await passing();
    const process = killable(w.world, w.models);
    await answerComment(process.world, process.models, 99);
    const onIssue = w.say({ number: 50 }, line);
    await answerComment(process.world, process.models, onIssue.id);
    expect(process.writes).toEqual([]);
  });
});

describe("what is only told", () => {
  test("help lists the commands", async () => {
    const { w, pull } = await passing();
    const answer = await ask(w, pull, "/slipway help", "eve");
    expect(answer).toContain("/slipway deploy");
    expect(answer).toContain("/slipway status");
  });

  test("a mistyped command is answered with what was meant", async () => {
    const { w, pull } = await passing();
    expect(await ask(w, pull, "/slipway deplyo production")).toContain("Did you mean deploy?");
  });

  test("status says what is live and what is on its way", async () => {
    const { w, pull, line } = await passing();
    await ask(w, pull, line);
    const answer = await ask(w, pull, "/slipway status", "eve");
    expect(answer).toMatch(/\| search-ranker \| production \| 2026\.11\.02-1 \| 2026\.11\.20-3: step 1 at 5 %, set at /);
  });

  test("status says so when the policy cannot be read", async () => {
    const { w, pull } = await passing();
    w.environments.edit({ [policyPath]: "" });
    expect(await ask(w, pull, "/slipway status")).toContain("The policy cannot be read");
  });

  test("several commands of one comment are answered in one reply, in their order", async () => {
    const { w, pull, line } = await passing();
    const answer = await ask(w, pull, `/slipway status\n${line}\n/slipway help deploy`);
    const places = ["This is what Git says now", "Starts the release", "These are the commands"].map((text) => answer.indexOf(text));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places.every((place) => place >= 0)).toBe(true);
  });
});
