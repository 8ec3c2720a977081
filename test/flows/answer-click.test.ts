import { describe, expect, test } from "vitest";
import { policyPath } from "#domain/environment/paths.ts";
import { loginSchema } from "#domain/model/names.ts";
import { answerClick } from "#flows/answer-click.ts";
import { answersTo, clickOn, deaths, labels } from "#test/support/clicking.ts";
import { ask, headOf, openRelease, passing } from "#test/support/commenting.ts";
import { judged, measured } from "#test/support/judging.ts";
import { killable } from "#test/support/killable.ts";
import type { Pull, TestWorld } from "#test/support/world.ts";
import { digest, policyText } from "#test/support/world-texts.ts";

describe("the check's buttons", () => {
  test("are to evaluate again, and to deploy what passes", async () => {
    const { w, pull } = await passing();
    await judged(w, pull);
    expect(labels(w, pull)).toEqual(["Evaluate again", "Deploy to production"]);
  });

  test("do not deploy what fails, a draft, or where only merged versions are taken", async () => {
    const failing = await passing({}, { gain: -0.5 });
    await judged(failing.w, failing.pull);
    expect(labels(failing.w, failing.pull)).toEqual(["Evaluate again"]);

    const { w, pull } = await passing();
    w.repository.change(pull.number, { draft: true });
    await judged(w, pull);
    expect(labels(w, pull)).toEqual(["Evaluate again"]);
    w.repository.change(pull.number, { draft: false });
    w.environments.edit({ [policyPath]: policyText({ environments: [{ name: "production", namespace: "models" }] }) });
    await judged(w, pull);
    expect(labels(w, pull)).toEqual(["Evaluate again"]);
  });

  test("are none for a fork", async () => {
    const { w, pull } = await passing();
    w.repository.change(pull.number, { headRepositoryId: 2 });
    await judged(w, pull);
    expect(labels(w, pull)).toEqual([]);
  });
});

describe("a click to deploy", () => {
  test("starts the release of the check's head, in the clicker's name", async () => {
    const { w, pull } = await passing();
    const click = await clickOn(w, pull, "deploy");
    await answerClick(w.world, w.models, click);
    expect(await openRelease(w)).toMatchObject({ phase: "progressing", pullRequest: { head: pull.head } });
    expect(answersTo(w, click)[0]).toContain('lee clicked "Deploy" on the check of');
    expect(answersTo(w, click)[0]).toContain("Starts the release of search-ranker 2026.11.20-3 to production");
    const [commit] = await w.environments.history({ limit: 1, trailer: "Slipway-Command", value: `check 9 ${click.action}` });
    expect(commit?.sha).toBe(await headOf(w));
  });

  test("that is told again starts nothing more, not even when the release has ended and its answer is gone", async () => {
    const { w, pull } = await passing();
    const click = await clickOn(w, pull, "deploy");
    await Promise.all([answerClick(w.world, w.models, click), answerClick(w.world, w.models, click)]);
    const first = await headOf(w);
    await answerClick(w.world, w.models, click);
    await answerClick(w.world, { ...w.models, conversation: { ...w.conversation, answered: async () => false } }, click);
    expect(await headOf(w)).toBe(first);
  });

  test.each(deaths)("is carried out once and answered alike when the process dies $when write $write", async (death) => {
    const undisturbed = await passing();
    const theirs = await clickOn(undisturbed.w, undisturbed.pull, "deploy");
    await answerClick(undisturbed.w.world, undisturbed.w.models, theirs);

    const { w, pull } = await passing();
    const click = await clickOn(w, pull, "deploy");
    const process = killable(w.world, w.models, death);
    await expect(answerClick(process.world, process.models, click)).rejects.toThrow(death.when);
    process.restart();
    await answerClick(process.world, process.models, click);
    await answerClick(process.world, process.models, click);
    expect(process.writes).toEqual(["commit", "answer"]);
    expect(answersTo(w, click)).toEqual(answersTo(undisturbed.w, theirs));
  });

  test("is refused to somebody without the role, and is another click by somebody with it", async () => {
    const { w, pull } = await passing();
    const click = await clickOn(w, pull, "deploy", "mallory");
    await answerClick(w.world, w.models, click);
    expect(answersTo(w, click)[0]).toContain("mallory may not deploy to production");
    expect(await openRelease(w)).toBeNull();
    await answerClick(w.world, w.models, { ...click, by: loginSchema.parse("lee") });
    expect(await openRelease(w)).toMatchObject({ phase: "progressing" });
  });

  test("that was refused is not carried out when it is told again later", async () => {
    const { w, pull } = await passing();
    w.freeze();
    const click = await clickOn(w, pull, "deploy");
    await answerClick(w.world, w.models, click);
    expect(answersTo(w, click)[0]).toContain("The freeze peak");
    w.thaw();
    await answerClick(w.world, w.models, click);
    expect(await openRelease(w)).toBeNull();
  });

  const changes: readonly [string, (w: TestWorld, pull: Pull) => unknown][] = [
    ["the policy", (w) => w.environments.edit({ [policyPath]: policyText({ floors: { all: [] } }) })],
    ["the evidence", (w, pull) => measured(w, pull, { id: 1, attempt: 2, gain: -0.5, predictions: digest("d") })],
    ["the base", (w, pull) => w.repository.change(pull.number, { base: "release" })],
  ];
  test.each(changes)("is refused when %s changed after the button was shown", async (_, change) => {
    const { w, pull } = await passing();
    w.repository.commit("release", {});
    const click = await clickOn(w, pull, "deploy");
    await change(w, pull);
    await answerClick(w.world, w.models, click);
    expect(answersTo(w, click)[0]).toContain("What the button was offered on has changed since");
    expect(await openRelease(w)).toBeNull();
  });

  test("on a check that is not the head's any more does nothing", async () => {
    const { w, pull } = await passing();
    const click = await clickOn(w, pull, "deploy");
    w.repository.commit("change-1", { "NOTES.md": "One more word.\n" });
    await answerClick(w.world, w.models, click);
    expect([answersTo(w, click), await openRelease(w)]).toEqual([[], null]);
  });
});

describe("a click to evaluate again", () => {
  test("is one attempt more, and a redelivery of it is none", async () => {
    const { w, pull } = await passing();
    const click = await clickOn(w, pull, "evaluate");
    await Promise.all([answerClick(w.world, w.models, click), answerClick(w.world, w.models, click)]);
    expect(answersTo(w, click)[0]).toContain("attempt 2 of run 1");
    await measured(w, pull, { id: 1, attempt: 2 });
    await answerClick(w.world, w.models, click);
    expect((await w.runs.listed(pull.head)).map(({ attempt }) => attempt)).toEqual([2]);
  });

  test("is offered anew once there is new evidence", async () => {
    const { w, pull } = await passing();
    const first = await clickOn(w, pull, "evaluate");
    await answerClick(w.world, w.models, first);
    await measured(w, pull, { id: 1, attempt: 2 });
    const second = await clickOn(w, pull, "evaluate");
    expect(second.action).not.toBe(first.action);
    await answerClick(w.world, w.models, second);
    expect(answersTo(w, second)[0]).toContain("attempt 3 of run 1");
  });

  test("and a comment that asks for it are both answered", async () => {
    const { w, pull } = await passing();
    const click = await clickOn(w, pull, "evaluate");
    await answerClick(w.world, w.models, click);
    expect(await ask(w, pull, "/slipway evaluate")).toContain("is still under way");
  });
});
