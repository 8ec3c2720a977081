import { describe, expect, test } from "vitest";
import { definitionPath } from "#domain/report/changed-models.ts";
import { judgePullRequestHead } from "#flows/judge-pull-request.ts";
import { comment, judged, measured } from "#test/support/judging.ts";
import { type TestWorld, testWorld } from "#test/support/world.ts";
import { better, modelText, policyText, ranker, version } from "#test/support/world-texts.ts";

/** Barely good enough for one look: with three, 95 % becomes 98.3 %. */
const barely = { gain: -0.00802 };

/** Pushes and measures one candidate after the other, the last one being `better`. */
async function tried(w: TestWorld, tries: number) {
  const pull = w.propose(better, {}, { branch: "tries" });
  let head = pull.head;
  for (let index = 1; index < tries; index += 1) {
    const other = w.repository.commit("tries", { [definitionPath(ranker)]: modelText(version(`try-${index}`, `${index}`)) });
    await measured(w, { ...pull, head: other });
    head = w.repository.commit("tries", { [definitionPath(ranker)]: modelText(better) });
  }
  await measured(w, { ...pull, head }, barely);
  return { ...pull, head };
}

describe("looks at a holdout", () => {
  test("are the candidates that a pull request tried on it, and those of all pull requests", async () => {
    const w = await testWorld();
    const other = w.propose(version("2026.11.21-1", "e"));
    await measured(w, other);
    const pull = await tried(w, 3);
    expect(await judged(w, pull)).toMatchObject({ looks: { pullRequest: 3, all: 4, counts: false }, verdict: "pass" });
    expect(comment(w, pull)).toContain("This pull request has looked at this holdout 3 times; all pull requests: 4.");
  });

  test("of the same candidate count once, however often it is evaluated", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await measured(w, pull);
    await measured(w, pull, { attempt: 2, id: 1 });
    expect(await judged(w, pull)).toMatchObject({ looks: { pullRequest: 1, all: 1 } });
    expect(comment(w, pull)).toContain("This pull request has looked at this holdout once; all pull requests: 1.");
  });

  test("are told, and change no verdict, unless the policy says so", async () => {
    const w = await testWorld();
    const pull = await tried(w, 3);
    expect(await judged(w, pull)).toMatchObject({ verdict: "pass", looks: { corrected: "inconclusive", counts: false } });
    expect(comment(w, pull)).toContain("would make the verdict inconclusive; the policy does not ask for it");
  });

  test("make every gate stricter under the policy's looks: bonferroni", async () => {
    const w = await testWorld({ policy: policyText({ looks: "bonferroni" }) });
    const pull = await tried(w, 3);
    const model = await judged(w, pull);
    expect(model).toMatchObject({ verdict: "inconclusive", looks: { pullRequest: 3, corrected: "inconclusive", counts: true } });
    expect(model.evidence?.report.gates[0]?.confidence).toBeCloseTo(1 - 0.05 / 3, 12);
    expect(comment(w, pull)).toContain("The policy corrects for it");
  });

  test("leave the first candidate of a pull request as it is, bonferroni or not", async () => {
    const w = await testWorld({ policy: policyText({ looks: "bonferroni" }) });
    const pull = await tried(w, 1);
    expect(await judged(w, pull)).toMatchObject({ verdict: "pass", looks: { pullRequest: 1, counts: true } });
  });

  test("that cannot be counted over all pull requests keep nobody waiting", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await measured(w, pull);
    const broken = { ...w.world, evidence: { ...w.world.evidence, looks: () => Promise.reject(new Error("the host is away")) } };
    const judgement = await judgePullRequestHead(broken, w.models, pull.number);
    expect(judgement).toMatchObject({ verdict: "pass", models: [{ looks: { pullRequest: 1, all: null } }] });
    expect(comment(w, pull)).toContain("all pull requests: not counted this time.");
  });
});
