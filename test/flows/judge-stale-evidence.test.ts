import { describe, expect, test } from "vitest";
import { policyPath } from "#domain/environment/paths.ts";
import { datasetPath, definitionPath } from "#domain/report/changed-models.ts";
import { judged, measured } from "#test/support/judging.ts";
import { testWorld } from "#test/support/world.ts";
import { better, dataset, modelText, policyText, ranker, version } from "#test/support/world-texts.ts";

describe("evidence that the world has moved away from", () => {
  test("is of another baseline than what is live now", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await measured(w, pull, { baseline: version("2026.10.01-1", "b") });
    expect(await judged(w, pull)).toMatchObject({ verdict: "no-data", code: "baseline-moved" });
  });

  test("claims that there was nothing to compare with", async () => {
    const w = await testWorld({ policy: policyText({ floors: { firstVersion: [{ metric: "ndcg@10", atLeast: 0.1 }] } }) });
    const pull = w.propose();
    await measured(w, pull, { baseline: null });
    expect(await judged(w, pull)).toMatchObject({ verdict: "no-data", code: "baseline-moved" });
  });

  test("is of another definition, when the default branch's evaluation has changed", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await measured(w, pull);
    w.repository.commit("main", { [definitionPath(ranker)]: modelText(undefined, { evaluation: { slices: [] } }) });
    expect(await judged(w, pull)).toMatchObject({ verdict: "no-data", code: "definition-changed" });
  });

  test("is of another dataset, when the dataset's file has changed", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await measured(w, pull);
    w.repository.commit("main", { [dataset.path]: `${dataset.text}version: 2\n` });
    expect(await judged(w, pull)).toMatchObject({ verdict: "no-data", code: "definition-changed" });
  });

  test("was measured with the dataset file of the head, which does not count", async () => {
    const w = await testWorld();
    const easier = `${dataset.text}description: easier\n`;
    const pull = w.openPullRequest({ [definitionPath(ranker)]: modelText(better), [datasetPath("made")]: easier });
    await measured(w, pull, { datasetText: easier });
    expect(await judged(w, pull)).toMatchObject({ verdict: "no-data", code: "definition-changed" });
  });

  test("is of another version than the head proposes", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await measured(w, pull, { change: (report) => ({ ...report, candidate: version("2026.11.20-3", "e") }) });
    expect(await judged(w, pull)).toMatchObject({ verdict: "no-data", code: "candidate-differs" });
  });

  test("is judged under today's trust: a workflow that the policy dropped is self-reported from then on", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await measured(w, pull);
    expect(await judged(w, pull)).toMatchObject({ verdict: "pass" });
    w.environments.edit({ [policyPath]: policyText({ trustedWorkflows: [] }) });
    expect(await judged(w, pull)).toMatchObject({ verdict: "no-data", code: "only-self-reported" });
  });
});
