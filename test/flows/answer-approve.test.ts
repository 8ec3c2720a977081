import { describe, expect, test } from "vitest";
import { approvalsPath, policyPath } from "#domain/environment/paths.ts";
import { approvalsIn } from "#domain/environment/read-snapshot.ts";
import { parseTrailers } from "#domain/environment/trailers.ts";
import { short } from "#domain/model/names.ts";
import { answerComment } from "#flows/answer-comment.ts";
import { ask, headOf, lineFor, openRelease, passing } from "#test/support/commenting.ts";
import { measured } from "#test/support/judging.ts";
import { type Death, killable } from "#test/support/killable.ts";
import type { Pull, TestWorld } from "#test/support/world.ts";
import { policyText, production, ranker, version } from "#test/support/world-texts.ts";

const environment = { name: "production", from: "pull-request", rollback: "merge", namespace: "models" };
const roles = { deployer: { users: ["lee"] }, approver: { users: ["amy", "ben", "ada"] }, owner: { users: ["olga"] } };
const policyOf = (approvals: object | undefined) =>
  policyText({ environments: [{ ...environment, ...(approvals && { approvals }) }], roles });
const two = policyOf({ people: 2 });

const lineTo = ({ head }: Pull) => `/slipway approve production @${short(head)}`;

async function approvals(w: TestWorld) {
  return approvalsIn(await w.environments.snapshot(), production, ranker);
}

describe("an approval", () => {
  test("is one commit, of exactly what would be released, and lets a deploy start when there are enough", async () => {
    const { w, pull } = await passing({ policy: two });
    expect(await ask(w, pull, lineFor(pull))).toContain("asks for 2 approvals");
    const first = await ask(w, pull, lineTo(pull), "amy");
    expect(first).toContain("🚀 Approve search-ranker 2026.11.20-3 for production (1 of 2 approvals).");
    expect(await ask(w, pull, lineFor(pull))).toContain("it has 1, of amy");
    expect(await ask(w, pull, lineTo(pull), "ben")).toContain("(2 of 2 approvals)");
    const [newest] = await w.environments.history({ limit: 1, paths: [approvalsPath(production, ranker)] });
    expect(parseTrailers(newest?.message ?? "")).toMatchObject({ "Slipway-Step": "approve", "Slipway-Command": "4" });
    expect(await approvals(w)).toMatchObject([
      { by: "amy", sha: pull.head },
      { by: "ben", sha: pull.head },
    ]);
    expect(await ask(w, pull, lineFor(pull))).toContain("Starts the release");
    expect(await openRelease(w)).toMatchObject({ phase: "progressing" });
  });

  const refused: readonly [string, string, string, RegExp][] = [
    [
      "of the author",
      "ada",
      policyOf({}),
      /ada proposed this version, and nobody approves their own\. Ask somebody else of the role approver/,
    ],
    ["of somebody without the role", "lee", policyOf({}), /lee may not approve in production\. That is for amy, ben and ada/],
    ["of another role than the environment's", "amy", policyOf({ role: "owner" }), /amy may not approve in production\. That is for olga/],
    ["where none is asked for", "amy", policyOf(undefined), /production asks for no approvals/],
  ];
  test.each(refused)("%s is refused", async (_, by, policy, reason) => {
    const { w, pull } = await passing({ policy });
    const before = await headOf(w);
    expect((await ask(w, pull, lineTo(pull), by)).replaceAll("\\", "")).toMatch(reason);
    expect(await headOf(w)).toBe(before);
  });

  test("of the environment's own role counts", async () => {
    const { w, pull } = await passing({ policy: policyOf({ role: "owner" }) });
    expect(await ask(w, pull, lineTo(pull), "olga")).toContain("(1 of 1 approval)");
  });

  const unfit: readonly [string, (w: TestWorld, pull: Pull) => unknown, RegExp][] = [
    ["a draft", (w, pull) => w.repository.change(pull.number, { draft: true }), /is a draft/],
    ["a fork", (w, pull) => w.repository.change(pull.number, { headRepositoryId: 2 }), /nothing is released from a fork/],
    ["a closed pull request", (w, pull) => w.repository.close(pull.number), /closed without being merged/],
    [
      "a head that moved",
      (w) => w.repository.commit("change-1", { "NOTES.md": "more\n" }),
      /the head of this pull request is [0-9a-f]{12} now/,
    ],
  ];
  test.each(unfit)("of %s is refused", async (_, change, reason) => {
    const { w, pull } = await passing({ policy: two });
    await change(w, pull);
    expect(await ask(w, pull, lineTo(pull), "amy")).toMatch(reason);
    expect(await approvals(w)).toEqual([]);
  });

  test("of what fails, or was not evaluated, is refused", async () => {
    const failing = await passing({ policy: two }, { gain: -0.5 });
    expect(await ask(failing.w, failing.pull, lineTo(failing.pull), "amy")).toContain("its verdict is fail");
    const { w } = await passing({ policy: two });
    const other = w.propose(version("2026.11.21-1", "d"));
    expect(await ask(w, other, lineTo(other), "amy")).toContain("was evaluated before your comment");
  });

  test("of the reference environment names its commit, and the refusal writes the line", async () => {
    const { w, pull } = await passing({ policy: two });
    const answer = await ask(w, pull, "/slipway approve production", "amy");
    expect(answer).toContain("spell out the commit that you mean");
    expect(answer).toContain(`/slipway approve production @${short(pull.head)}`);
  });

  test("given twice counts once", async () => {
    const { w, pull } = await passing({ policy: two });
    await ask(w, pull, lineTo(pull), "amy");
    expect(await ask(w, pull, lineTo(pull), "Amy")).toContain("has approved exactly this for production; 1 of 2 approvals");
    expect(await approvals(w)).toHaveLength(1);
  });

  test("is void when the policy changed, and given again", async () => {
    const { w, pull } = await passing({ policy: policyOf({}) });
    await ask(w, pull, lineTo(pull), "amy");
    w.environments.edit({ [policyPath]: policyOf({ people: 1 }) });
    expect(await ask(w, pull, lineFor(pull))).toContain("it has none");
    expect(await ask(w, pull, lineTo(pull), "amy")).toContain("(1 of 1 approval)");
    expect(await ask(w, pull, lineFor(pull))).toContain("Starts the release");
  });

  const deaths = [1, 2, 3].flatMap((write) => (["before", "after"] as const).map((when): Death => ({ write, when })));
  test.each(deaths)("is written down once and answered alike when the process dies $when write $write", async (death) => {
    const undisturbed = await passing({ policy: two });
    const answer = await ask(undisturbed.w, undisturbed.pull, lineTo(undisturbed.pull), "amy");

    const { w, pull } = await passing({ policy: two });
    const comment = w.say(pull, lineTo(pull), "amy");
    const process = killable(w.world, w.models, death);
    await expect(answerComment(process.world, process.models, comment.id)).rejects.toThrow(death.when);
    process.restart();
    await answerComment(process.world, process.models, comment.id);
    expect(process.writes.filter((name) => name === "commit")).toHaveLength(1);
    expect(await approvals(w)).toHaveLength(1);
    expect(w.conversation.answersTo(comment.id)).toEqual([answer]);
  });

  test("beside another at the same time is not lost", async () => {
    const { w, pull } = await passing({ policy: two });
    const comments = [w.say(pull, lineTo(pull), "amy"), w.say(pull, lineTo(pull), "ben")];
    await Promise.all(comments.map(({ id }) => answerComment(w.world, w.models, id)));
    expect((await approvals(w)).map(({ by }) => by).toSorted()).toEqual(["amy", "ben"]);
  });

  test("of another version stays beside it; of what is live it goes", async () => {
    const { w, pull } = await passing({ policy: two });
    const other = w.propose(version("2026.11.21-1", "d"));
    await measured(w, other);
    await ask(w, pull, lineTo(pull), "amy");
    await ask(w, other, lineTo(other), "amy");
    expect(await approvals(w)).toHaveLength(2);
    const path = approvalsPath(production, ranker);
    const text = w.environments.text(path) ?? "";
    const [first] = await approvals(w);
    w.environments.edit({ [path]: text.replace(first?.digest ?? "", `sha256:${"a".repeat(64)}`) });
    await ask(w, other, lineTo(other), "ben");
    expect((await approvals(w)).map(({ by }) => by)).toEqual(["amy", "ben"]);
  });

  test("does not write over approvals that cannot be read", async () => {
    const { w, pull } = await passing({ policy: two });
    const path = approvalsPath(production, ranker);
    w.environments.edit({ [path]: "approvals: [amy]\n" });
    expect(await ask(w, pull, lineTo(pull), "amy")).toContain("cannot be read");
    expect(w.environments.text(path)).toBe("approvals: [amy]\n");
  });
});
