import { describe, expect, test } from "vitest";
import { short } from "#domain/model/names.ts";
import { ask, headOf, passing } from "#test/support/commenting.ts";
import { testWorld } from "#test/support/world.ts";
import { better, policyText } from "#test/support/world-texts.ts";

const floors = { all: [{ metric: "ndcg@10", atLeast: 0.1 }] };
const plain = (text: string) => text.replaceAll(/\\|\u200b/g, "");

describe("explain", () => {
  test("lists every gate with its verdict and why, and changes nothing", async () => {
    const { w, pull } = await passing({ policy: policyText({ floors }) }, { gain: -0.1 });
    const before = await headOf(w);
    const answer = plain(await ask(w, pull, "/slipway explain", "anybody"));
    expect(answer).toMatch(/\| ndcg@10 \| no worse than 2% \| fail \|/);
    expect(answer).toMatch(/\| floor ndcg@10 \| .* \| pass \|/);
    expect(await headOf(w)).toBe(before);
  });

  test("says on what one gate rests: statistic, interval, limit, convention", async () => {
    const { w, pull } = await passing();
    const answer = plain(await ask(w, pull, "/slipway explain ndcg@10"));
    expect(answer).toMatch(/ndcg@10 \(no worse than 2%\) is pass/);
    expect(answer).toMatch(/Statistic: .*Estimate .*95% interval from .* to .*The limit is/);
    expect(answer).toMatch(/Measured on \d+ units in \d+ clusters of made/);
    expect(answer).toMatch(/It blocks unless it passes/);
  });

  test("of a gate that is not there names the nearest, also of a floor", async () => {
    const { w, pull } = await passing({ policy: policyText({ floors }) });
    expect(plain(await ask(w, pull, "/slipway explain ndgc@10"))).toContain("/slipway explain ndcg@10");
    expect(plain(await ask(w, pull, "/slipway explain floor:ndcg@10"))).toMatch(/floor ndcg@10 \(.*\) is pass/);
  });

  test("of a deploy asks every question and shows all answers, of whoever asks", async () => {
    const { w, pull } = await passing();
    w.freeze();
    w.hold(better);
    const answer = plain(await ask(w, pull, "/slipway explain deploy production", "anybody"));
    expect(answer).toContain("A deploy to production for anybody would be refused now: 3 of 17 checks say no.");
    expect(answer).toMatch(/\| you have the role \| ⛔ \| anybody may not deploy to production/);
    expect(answer).toMatch(/\| it is not held there \| ⛔ \|/);
    expect(answer).toMatch(/\| nothing is frozen there \| ⛔ \|/);
    expect(answer).toMatch(/\| no release is on its way there \| ✅ \|/);
  });

  test("of a deploy that would start writes its line", async () => {
    const { w, pull } = await passing();
    const answer = await ask(w, pull, "/slipway explain deploy production");
    expect(answer).toContain("A deploy to production for lee would start now.");
    expect(answer).toContain(`/slipway deploy production @${short(pull.head)}`);
  });

  test("of what was not evaluated says so", async () => {
    const w = await testWorld();
    const pull = w.propose();
    expect(await ask(w, pull, "/slipway explain ndcg@10")).toContain("has no evidence that a gate could be judged on");
    const deploy = await ask(w, pull, "/slipway explain deploy production");
    expect(deploy).toContain("The environment is asked about a version that passes.");
    expect(await ask(w, pull, "/slipway explain deploy prod")).toContain("The policy has no environment prod; it has production.");
  });
});
