import { describe, expect, test } from "vitest";
import { approvalsPath, policyPath, statePath } from "#domain/environment/paths.ts";
import { approvalsIn, holdOn } from "#domain/environment/read-snapshot.ts";
import { loginSchema } from "#domain/model/names.ts";
import { answerClick } from "#flows/answer-click.ts";
import { answersTo, clickOn, deaths, labels } from "#test/support/clicking.ts";
import { ask, headOf, openRelease, passing } from "#test/support/commenting.ts";
import { judged, measured } from "#test/support/judging.ts";
import { killable } from "#test/support/killable.ts";
import type { TestWorld } from "#test/support/world.ts";
import { better, policyText, production, ranker, version } from "#test/support/world-texts.ts";

const environment = { name: "production", from: "pull-request", rollback: "merge", namespace: "models" };
const asksForTwo = policyText({
  environments: [{ ...environment, approvals: { people: 2 } }],
  roles: { deployer: { users: ["lee"] }, approver: { users: ["amy", "ben", "ada"] } },
});
const approvalsOf = async (w: TestWorld) => approvalsIn(await w.environments.snapshot(), production, ranker);

describe("a click to approve", () => {
  test("is shown where approvals are asked for, and each person's counts once, by the same commit as a comment's", async () => {
    const { w, pull } = await passing({ policy: asksForTwo });
    const click = await clickOn(w, pull, "approve", "amy");
    expect(labels(w, pull)).toEqual(["Evaluate again", "Approve production", "Deploy to production"]);
    await Promise.all([answerClick(w.world, w.models, click), answerClick(w.world, w.models, click)]);
    expect(answersTo(w, click)[0]).toContain("Approve search-ranker 2026.11.20-3 for production (1 of 2 approvals)");
    const second = { ...click, by: loginSchema.parse("ben") };
    await answerClick(w.world, w.models, second);
    expect(answersTo(w, second)[0]).toContain("(2 of 2 approvals)");
    expect((await approvalsOf(w)).map(({ by, sha, command }) => [by, sha, command])).toEqual([
      ["amy", pull.head, `check 9 ${click.action} amy`],
      ["ben", pull.head, `check 9 ${click.action} ben`],
    ]);
    const [newest] = await w.environments.history({ limit: 1, paths: [approvalsPath(production, ranker)] });
    expect(newest?.message).toContain(`Slipway-Command: check 9 ${click.action} ben`);
  });

  test.each([
    ["the author", "ada", "nobody approves their own"],
    ["somebody without the role", "lee", "lee may not approve in production"],
  ])("by %s is refused", async (_, by, why) => {
    const { w, pull } = await passing({ policy: asksForTwo });
    const click = await clickOn(w, pull, "approve", by);
    await answerClick(w.world, w.models, click);
    expect(answersTo(w, click)[0]).toContain(why);
    expect(await approvalsOf(w)).toEqual([]);
  });

  test("from a check whose evidence or policy is of yesterday is refused", async () => {
    const { w, pull } = await passing({ policy: asksForTwo });
    const click = await clickOn(w, pull, "approve", "amy");
    w.environments.edit({ [policyPath]: `${asksForTwo}\n` });
    await answerClick(w.world, w.models, click);
    expect(answersTo(w, click)[0]).toContain("What the button was offered on has changed since");
    expect(await approvalsOf(w)).toEqual([]);
  });

  test("and a comment of the same person are one approval", async () => {
    const { w, pull } = await passing({ policy: asksForTwo });
    await answerClick(w.world, w.models, await clickOn(w, pull, "approve", "amy"));
    expect(await ask(w, pull, `/slipway approve production @${pull.head}`, "amy")).toContain("has approved exactly this");
    expect(await approvalsOf(w)).toHaveLength(1);
  });

  test("is written down once and answered alike when the process dies", async () => {
    const undisturbed = await passing({ policy: asksForTwo });
    const theirs = await clickOn(undisturbed.w, undisturbed.pull, "approve", "amy");
    await answerClick(undisturbed.w.world, undisturbed.w.models, theirs);
    for (const death of deaths) {
      const { w, pull } = await passing({ policy: asksForTwo });
      const click = await clickOn(w, pull, "approve", "amy");
      const process = killable(w.world, w.models, death);
      await expect(answerClick(process.world, process.models, click)).rejects.toThrow(death.when);
      process.restart();
      await answerClick(process.world, process.models, click);
      expect([death, answersTo(w, click)]).toEqual([death, answersTo(undisturbed.w, theirs)]);
      expect(await approvalsOf(w)).toHaveLength(1);
    }
  });
});

describe("a click to roll back", () => {
  /** A release that is on its way, whose pull request's check offers to take it back. */
  async function onItsWay() {
    const { w, pull, line } = await passing();
    await ask(w, pull, line);
    return { w, pull };
  }

  test("takes the place of the deploy while the release is on its way, and stops it with a hold", async () => {
    const { w, pull } = await onItsWay();
    const click = await clickOn(w, pull, "rollback");
    expect(labels(w, pull)).toEqual(["Evaluate again", "Roll back production"]);
    await Promise.all([answerClick(w.world, w.models, click), answerClick(w.world, w.models, click)]);
    expect(answersTo(w, click)[0]).toContain("Stop search-ranker 2026.11.20-3 in production: a person rolls it back");
    expect(await openRelease(w)).toMatchObject({ phase: "stopping", weight: 0, reason: "lee asked for it" });
    expect(holdOn(await w.environments.snapshot(), production, ranker, better.digest)?.hold).toMatchObject({ by: "lee" });
    await judged(w, pull);
    expect(labels(w, pull)).toEqual(["Evaluate again"]);
  });

  test("that is told again, or made by a second person, is not a second rollback", async () => {
    const { w, pull } = await onItsWay();
    const click = await clickOn(w, pull, "rollback");
    await answerClick(w.world, w.models, click);
    const stopped = await headOf(w);
    const second = { ...click, by: loginSchema.parse("amy") };
    await answerClick(w.world, w.models, second);
    await answerClick(w.world, { ...w.models, conversation: { ...w.conversation, answered: async () => false } }, click);
    expect(answersTo(w, second)[0]).toContain("Stop search-ranker 2026.11.20-3 in production");
    expect(await headOf(w)).toBe(stopped);
  });

  test("by somebody without the role is refused", async () => {
    const { w, pull } = await onItsWay();
    const click = await clickOn(w, pull, "rollback", "mallory");
    await answerClick(w.world, w.models, click);
    expect(answersTo(w, click)[0]).toContain("mallory may not rollback in production");
    expect(answersTo(w, click)[0]).toContain("/slipway rollback production --model search-ranker");
    expect(await openRelease(w)).toMatchObject({ phase: "progressing" });
  });

  test("means the release that it was shown for, not the one that came after", async () => {
    const { w, pull } = await onItsWay();
    const click = await clickOn(w, pull, "rollback");
    await ask(w, pull, "/slipway abort production");
    await ask(w, pull, `/slipway deploy production @${pull.head}`);
    await answerClick(w.world, w.models, click);
    expect(answersTo(w, click)[0]).toContain("What the button was offered on has changed since");
    expect(await openRelease(w)).toMatchObject({ phase: "progressing" });
  });

  test("means that release also when another one is faster than its commit", async () => {
    const { w, pull } = await onItsWay();
    const click = await clickOn(w, pull, "rollback");
    const ended = w.environments.text(statePath(production, ranker))?.replace(/^release:[\s\S]*$/m, "release: null\n");
    w.environments.beforeNextWrite(() => void w.environments.edit({ [statePath(production, ranker)]: ended ?? "" }));
    await answerClick(w.world, w.models, click);
    expect(answersTo(w, click)[0]).toContain("What the button was offered on has changed since");
    expect(await openRelease(w)).toBeNull();
  });

  test("is not offered to a pull request whose release it is not", async () => {
    const { w } = await onItsWay();
    const other = w.propose(version("2026.11.21-1", "d"));
    await measured(w, other);
    await judged(w, other);
    expect(labels(w, other)).toEqual(["Evaluate again", "Deploy to production"]);
  });

  test("is carried out once and answered alike when the process dies", async () => {
    const undisturbed = await onItsWay();
    const theirs = await clickOn(undisturbed.w, undisturbed.pull, "rollback");
    await answerClick(undisturbed.w.world, undisturbed.w.models, theirs);
    for (const death of deaths) {
      const { w, pull } = await onItsWay();
      const click = await clickOn(w, pull, "rollback");
      const process = killable(w.world, w.models, death);
      await expect(answerClick(process.world, process.models, click)).rejects.toThrow(death.when);
      process.restart();
      await answerClick(process.world, process.models, click);
      expect([death, answersTo(w, click)]).toEqual([death, answersTo(undisturbed.w, theirs)]);
      expect(process.writes).toEqual(["commit", "answer"]);
    }
  });
});
