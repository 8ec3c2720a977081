import { describe, expect, test } from "vitest";
import { definitionPath } from "#domain/report/changed-models.ts";
import { check, comment, failure, judged, measured } from "#test/support/judging.ts";
import { type RunOptions, type TestWorld, testWorld, type WorldOptions } from "#test/support/world.ts";
import { better, modelText, policyText, ranker } from "#test/support/world-texts.ts";

describe("invariant 4: a pull request cannot lower its own bar", () => {
  const worse: RunOptions = { gain: -0.1 };
  const lowered: readonly (readonly [string, Parameters<typeof modelText>[1]])[] = [
    ["gates", { gates: [{ metric: "ndcg@10", noWorseThan: "90%" }] }],
    ["gates", { gates: [] }],
    ["evaluation.slices", { evaluation: { slices: [] } }],
    ["evaluation.labels", { evaluation: { labels: "easier.jsonl" } }],
    ["evaluation.dataset", { evaluation: { dataset: "easier" } }],
    ["evaluation.metrics", { evaluation: { metrics: ["mrr", "ndcg@10"] } }],
    ["objectives", { objectives: [] }],
    ["tier", { tier: "experimental" }],
    ["owners", { owners: ["@mallory"] }],
  ];

  test.each(lowered)("its own %s do not count and are shown (%j)", async (part, change) => {
    const w = await testWorld();
    const pull = w.propose(better, change);
    await measured(w, pull, worse);
    const model = await judged(w, pull);
    expect(model).toMatchObject({ verdict: "fail", ignoredChanges: [part] });
    expect(model.evidence?.report.gates.map(({ rule }) => rule)).toEqual(["no worse than 2%"]);
    expect(comment(w, pull)).toContain(part.replace("evaluation.", ""));
  });

  test("a rollout of its own does not count", async () => {
    const w = await testWorld();
    const rollout = {
      serving: { image: `ghcr.io/mallory/x@sha256:${"1".repeat(64)}` },
      steps: [{ weight: 99, window: "1ms" }],
      bake: "0ms",
    };
    const pull = w.propose(better, { rollout });
    await measured(w, pull);
    expect(await judged(w, pull)).toMatchObject({ verdict: "pass", ignoredChanges: ["rollout"] });
    expect(comment(w, pull)).toContain("rollout");
  });

  test("only version, artifact, lineage, predictions and predict are taken from it", async () => {
    const w = await testWorld();
    const pull = w.propose(better, {
      lineage: { code: "git:abc" },
      evaluation: { predictions: "elsewhere/{digest}.jsonl", predict: "python predict.py" },
    });
    await measured(w, pull);
    expect(await judged(w, pull)).toMatchObject({ verdict: "pass", ignoredChanges: [], candidate: better });
  });

  test("what a report says of its own gates is a preview: the App judges the measurements itself", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await measured(w, pull, {
      gain: -0.1,
      change: (report) => ({
        ...report,
        verdict: "pass",
        gates: report.gates.map((gate) => ({ ...gate, verdict: "pass", reason: "within-margin", message: "all is well" })),
      }),
    });
    expect(await judged(w, pull)).toMatchObject({ verdict: "fail" });
  });

  test("a gate that the default branch gained since then needs another evaluation, never passes unmeasured", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await measured(w, pull);
    const gates = [{ metric: "ndcg@10", noWorseThan: "2%", confidence: 0.99 }];
    w.repository.commit("main", { [definitionPath(ranker)]: modelText(undefined, { gates }) });
    expect(await judged(w, pull)).toMatchObject({ verdict: "no-data", code: "judged" });
  });

  const elsewhere: readonly (readonly [string, WorldOptions, Partial<Parameters<TestWorld["propose"]>[2]>, string])[] = [
    [
      "a base branch that the policy does not name",
      {},
      { base: "experiments" },
      "The policy releases search-ranker only from main; this pull request wants to be merged into another branch.",
    ],
    [
      "a repository that the policy does not name",
      { policy: policyText({ models: { "search-ranker": { repository: "acme/other", id: 2 } } }) },
      {},
      "The policy lets only acme/other release search-ranker.",
    ],
    [
      "a repository of the same name and another number",
      { policy: policyText({ models: { "search-ranker": { repository: "acme/models", id: 2 } } }) },
      {},
      "The policy lets only acme/models release search-ranker.",
    ],
  ];
  test.each(elsewhere)("%s gets a report and a failing check with the reason", async (_, options, opened, reason) => {
    const w = await testWorld(options);
    w.repository.commit("experiments", {});
    const pull = w.propose(better, {}, opened);
    await measured(w, pull);
    expect(await judged(w, pull)).toMatchObject({ verdict: "pass", code: "judged" });
    expect(check(w, pull)).toMatchObject({ state: failure, title: `Refused: ${reason}` });
    expect(comment(w, pull)).toContain("ndcg@10");
  });
});

describe("invariant 5: no data is never a pass", () => {
  test("without gates and floors a measured head is no-data", async () => {
    const w = await testWorld({ trusted: modelText(undefined, { gates: [] }) });
    const pull = w.propose(better, { gates: [] });
    await measured(w, pull);
    expect(await judged(w, pull)).toMatchObject({ verdict: "no-data", code: "judged" });
    expect(check(w, pull)?.state).toEqual(failure);
  });

  test("gates that only inform are no success", async () => {
    const gates = [{ metric: "ndcg@10", noWorseThan: "2%", blocks: "never" as const }];
    const w = await testWorld({ trusted: modelText(undefined, { gates }) });
    const pull = w.propose(better, { gates });
    await measured(w, pull);
    expect(await judged(w, pull)).toMatchObject({ verdict: "no-data" });
  });

  test("a policy's floor judges every model beside its own gates", async () => {
    const floors = { all: [{ metric: "ndcg@10", betterThan: 0.2 }] };
    const w = await testWorld({ policy: policyText({ floors }) });
    const pull = w.propose();
    await measured(w, pull);
    const model = await judged(w, pull);
    expect(model.verdict).toBe("fail");
    expect(model.evidence?.report.gates.map(({ id, verdict }) => [id, verdict])).toEqual([
      ["ndcg@10", "pass"],
      ["floor ndcg@10", "fail"],
    ]);
  });

  const first = { adopted: [] };
  test("a first version is judged by the floor for first versions; gates that compare are left out by name", async () => {
    const w = await testWorld({ ...first, policy: policyText({ floors: { firstVersion: [{ metric: "ndcg@10", atLeast: 0.3 }] } }) });
    const pull = w.propose();
    await measured(w, pull);
    const model = await judged(w, pull);
    expect(model).toMatchObject({ verdict: "pass", baseline: null });
    expect(model.evidence?.report.leftOut).toEqual(["ndcg@10"]);
    expect(comment(w, pull)).toContain("left out");
  });

  test("a first version below that floor fails", async () => {
    const w = await testWorld({ ...first, policy: policyText({ floors: { firstVersion: [{ metric: "ndcg@10", atLeast: 0.9 }] } }) });
    const pull = w.propose();
    await measured(w, pull);
    expect(await judged(w, pull)).toMatchObject({ verdict: "fail" });
  });

  test("a first version without a floor is no-data", async () => {
    const w = await testWorld(first);
    const pull = w.propose();
    await measured(w, pull);
    expect(await judged(w, pull)).toMatchObject({ verdict: "no-data", code: "judged" });
  });

  test("of a model that is new, its own gates only inform and the floor judges", async () => {
    const policy = policyText({ floors: { all: [{ metric: "ndcg@10", noWorseThan: "5%" }] } });
    const w = await testWorld({ trusted: null, policy });
    const pull = w.propose(better, { gates: [{ metric: "ndcg@10", betterThan: 0.5 }] });
    await measured(w, pull);
    const model = await judged(w, pull);
    expect(model).toMatchObject({ verdict: "pass", ignoredChanges: [] });
    expect(model.evidence?.report.gates.map(({ id, blocks, verdict }) => [id, blocks, verdict])).toEqual([
      ["ndcg@10", "never", "fail"],
      ["floor ndcg@10", "unless-pass", "pass"],
    ]);
  });

  test("a model that is new and has no floor is no-data, whatever its own gates say", async () => {
    const w = await testWorld({ trusted: null });
    const pull = w.propose();
    await measured(w, pull);
    expect(await judged(w, pull)).toMatchObject({ verdict: "no-data" });
  });
});
