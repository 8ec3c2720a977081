import { describe, expect, test } from "vitest";
import { policyPath, statePath } from "#domain/environment/paths.ts";
import { definitionPath } from "#domain/report/changed-models.ts";
import { judgePullRequestHead } from "#flows/judge-pull-request.ts";
import { check, comment, failure, judged, measured, success } from "#test/support/judging.ts";
import { type Pull, type RunOptions, type TestWorld, testWorld } from "#test/support/world.ts";
import { better, digest, modelText, policyText, production, ranker, version } from "#test/support/world-texts.ts";

describe("a head", () => {
  test("whose evidence passes gets one check that succeeds and one comment", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await measured(w, pull);
    expect(await judged(w, pull)).toMatchObject({ verdict: "pass", code: "judged", candidate: better });
    expect(check(w, pull)).toMatchObject({ head: pull.head, state: success, title: expect.stringMatching(/^Pass: ndcg@10 /) });
    expect(comment(w, pull)).toContain("ndcg@10");
    expect(w.reports.writes()).toBe(2);
  });

  test("is judged a second time without writing anything new", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await measured(w, pull);
    const first = await judged(w, pull);
    w.clock.advance(60_000);
    expect(await judged(w, pull)).toEqual(first);
    expect(w.reports.writes()).toBe(2);
  });

  test("whose evidence fails gets a failing check", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await measured(w, pull, { gain: -0.1 });
    expect(await judged(w, pull)).toMatchObject({ verdict: "fail", code: "judged" });
    expect(check(w, pull)).toMatchObject({ state: failure, title: expect.stringMatching(/^Fail: /) });
  });

  test("is told of a floor that equal quality rarely meets, and of the smallest margin that it does", async () => {
    const w = await testWorld({ policy: policyText({ floors: { all: [{ metric: "ndcg@10", noWorseThan: "0.01%" }] } }) });
    const pull = w.propose();
    await measured(w, pull);
    expect(await judged(w, pull)).toMatchObject({ verdict: "pass" });
    expect(comment(w, pull)).toMatch(/Gate floor ndcg@10 \(no worse than 0\.01%\): .* smallest margin that it meets in 80% is 0\.2\d+%/);
  });

  test("without evidence is no-data, and its check waits", async () => {
    const w = await testWorld();
    const pull = w.propose();
    expect(await judged(w, pull)).toMatchObject({ verdict: "no-data", code: "no-evidence" });
    expect(check(w, pull)?.state).toEqual({ kind: "pending" });
  });

  test("that changes no model gets a check that says so, and no comment", async () => {
    const w = await testWorld();
    const pull = w.openPullRequest({ "README.md": "words" });
    expect(await judgePullRequestHead(w.world, w.models, pull.number)).toMatchObject({ verdict: "pass", models: [] });
    expect(check(w, pull)).toMatchObject({ state: success, title: "No model changed: nothing to evaluate" });
    expect(w.reports.commentOf(pull.number)).toBeUndefined();
  });

  test("of a closed pull request, or of none, is not judged", async () => {
    const w = await testWorld();
    const pull = w.propose();
    w.repository.close(pull.number);
    expect(await judgePullRequestHead(w.world, w.models, pull.number)).toBeUndefined();
    expect(await judgePullRequestHead(w.world, w.models, 99)).toBeUndefined();
    expect(w.reports.writes()).toBe(0);
  });

  test("that moved is not judged by the evidence of the head before", async () => {
    const w = await testWorld();
    const pull = w.propose(better, {}, { branch: "better" });
    await measured(w, pull);
    w.repository.commit("better", { [definitionPath(ranker)]: modelText(version("2026.11.21-1", "e")) });
    expect(await judged(w, pull)).toMatchObject({ verdict: "no-data", code: "no-evidence" });
  });

  test("that moved and was evaluated is shown beside what trusted runs of the heads before found, by today's gates", async () => {
    const w = await testWorld();
    const pull = w.propose(better, {}, { branch: "better" });
    await measured(w, pull, { gain: -0.1 });
    const second = { ...pull, head: w.repository.commit("better", { "README.md": "words" }) };
    await measured(w, second, { signed: false });
    const third = { ...pull, head: w.repository.commit("better", { "README.md": "more words" }) };
    await measured(w, third);
    const { background } = await judged(w, pull);
    expect(background?.earlier).toMatchObject([{ head: pull.head, report: { verdict: "fail", candidate: better } }]);
    expect(comment(w, third)).toContain(`Since \`${pull.head.slice(0, 12)}\`: ndcg@10 was `);
    expect(comment(w, third)).toContain("One earlier evaluation");
  });
});

describe("several reports for one head", () => {
  const again: readonly (readonly [string, readonly RunOptions[], string])[] = [
    ["equal inputs with equal measurements stand", [{}, {}], "pass judged"],
    ["equal inputs with different measurements are an error", [{}, { gain: 0.051 }], "error measurements-differ"],
    ["a failure stands although other predictions pass later", [{ gain: -0.1 }, { predictions: digest("4") }], "fail judged"],
    ["a later failure replaces a pass", [{}, { gain: -0.1, predictions: digest("4") }], "fail judged"],
    ["what could not be measured is replaced", [{ predictions: null }, {}], "pass judged"],
    ["what was measured is not replaced by what could not be", [{}, { predictions: null }], "pass judged"],
    [
      "a failure is not forgotten over a missing file",
      [{ gain: -0.1 }, { predictions: null }, { predictions: digest("4") }],
      "fail judged",
    ],
    ["a self-reported failure does not count", [{}, { gain: -0.1, signed: false }], "pass judged"],
    ["a self-reported pass does not count", [{ gain: -0.1 }, { signed: false }], "fail judged"],
    ["self-reported alone is no-data", [{ signed: false }], "no-data only-self-reported"],
  ];
  test.each(again)("%s", async (_, attempts, gives) => {
    const w = await testWorld();
    const pull = w.propose();
    for (const attempt of attempts) await measured(w, pull, attempt);
    const { verdict, code } = await judged(w, pull);
    expect(`${verdict} ${code}`).toBe(gives);
  });

  test("self-reported evidence is shown, with the reason why it decides nothing, and its check fails", async () => {
    const w = await testWorld();
    const pull = w.propose();
    await measured(w, pull, { signed: false });
    expect(await judged(w, pull)).toMatchObject({ selfReported: { run: 1, reason: "The run left no OIDC token." } });
    expect(check(w, pull)?.state).toEqual(failure);
    expect(comment(w, pull)).toContain("self-reported");
  });
});

describe("a head that cannot be judged", () => {
  const files: readonly (readonly [string, (w: TestWorld) => Pull, string, RegExp])[] = [
    [
      "a definition that is no YAML",
      (w) => w.openPullRequest({ [definitionPath(ranker)]: "name: [" }),
      "error definition-invalid",
      /models\/search-ranker\/model\.yaml:\d+:\d+/,
    ],
    [
      "a definition with an unknown key",
      (w) => w.propose(better, { gatez: [] } as object),
      "error definition-invalid",
      /unknown key "gatez"/,
    ],
    [
      "a definition of another name than its folder's",
      (w) => w.propose(better, { name: "other" }),
      "error definition-invalid",
      /the model is named other, but it lies in models\/search-ranker\//,
    ],
    ["a model that it removes", (w) => w.openPullRequest({ [definitionPath(ranker)]: undefined }), "pass removed", /is removed here/],
    ["the digest that is live", (w) => w.propose(version("2026.11.02-2", "a")), "pass digest-unchanged", /is already live/],
    [
      "a model that the policy does not name",
      (w) => (w.environments.edit({ [policyPath]: policyText({ models: {} }) }), w.propose()),
      "error model-not-in-policy",
      /The policy names no model search-ranker/,
    ],
    [
      "a state that cannot be read",
      (w) => (w.environments.edit({ [statePath(production, ranker)]: "live: none" }), w.propose()),
      "error live-unreadable",
      /could not be read/,
    ],
    [
      "a policy that cannot be read",
      (w) => (w.environments.edit({ [policyPath]: "kind: Policy\nkind: Policy\n" }), w.propose()),
      "error model-not-in-policy",
      /The policy cannot be read/,
    ],
    [
      "a policy that is gone",
      (w) => (w.environments.edit({ [policyPath]: null }), w.propose()),
      "error model-not-in-policy",
      /The policy cannot be read/,
    ],
  ];
  test.each(files)("%s", async (_, open, gives, message) => {
    const w = await testWorld();
    const pull = open(w);
    const { verdict, code, message: said } = await judged(w, pull);
    expect(`${verdict} ${code}`).toBe(gives);
    expect(said).toMatch(message);
    expect(check(w, pull)?.state).toEqual(verdict === "pass" ? success : failure);
  });

  test("a default branch whose definition is broken is an error, not a new model", async () => {
    const w = await testWorld({ trusted: "kind: Model\n" });
    expect(await judged(w, w.propose())).toMatchObject({ verdict: "error", code: "definition-invalid" });
  });

  test("a model called like something that every object has is not taken for one that the policy names", async () => {
    const w = await testWorld();
    const pull = w.openPullRequest({ "models/constructor/model.yaml": modelText(better, { name: "constructor" }) });
    expect(await judged(w, pull)).toMatchObject({ verdict: "error", code: "model-not-in-policy" });
    expect(check(w, pull)?.title).not.toContain("undefined");
  });
});

test("the baseline is what is live in the policy's reference environment", async () => {
  const environments = [
    { name: "production", from: "pull-request" },
    { name: "canary", from: "pull-request" },
  ];
  const w = await testWorld({ policy: policyText({ environments, reference: "production" }) });
  const pull = w.propose();
  await measured(w, pull);
  expect(await judged(w, pull)).toMatchObject({ verdict: "pass" });
  w.environments.edit({ [policyPath]: policyText({ environments }) });
  expect(await judged(w, pull)).toMatchObject({ verdict: "no-data", code: "baseline-moved", baseline: null });
});
