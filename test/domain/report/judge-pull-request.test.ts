import { describe, expect, test } from "vitest";
import { commitShaSchema, repositoryNameSchema } from "#domain/model/names.ts";
import { policySchema } from "#domain/policy/policy.ts";
import { definitionsOf, gatesFor, type HeadFacts, judgePullRequest, type ModelFacts } from "#domain/report/judge-pull-request.ts";
import { better, dataset, liveVersion, modelText, policyText, ranker, version } from "#test/support/world-texts.ts";

const policy = policySchema.parse(JSON.parse(policyText()));

function modelFacts(change: Partial<ModelFacts> = {}): ModelFacts {
  const texts = { headText: modelText(better), trustedText: modelText(), datasetText: dataset.text };
  return { model: ranker, ...texts, live: liveVersion, recorded: [], overrides: [], ...change };
}

function facts(change: Partial<HeadFacts> = {}): HeadFacts {
  return {
    repository: { id: 1, name: repositoryNameSchema.parse("acme/models") },
    pullRequest: 7,
    head: commitShaSchema.parse("a".repeat(40)),
    base: "main",
    policy: { kind: "ok", value: policy },
    models: [modelFacts()],
    refusedRuns: [],
    looks: { pullRequest: [], all: null },
    policyBlob: undefined,
    ...change,
  };
}

describe("a judgement", () => {
  test("of the same facts is the same", () => {
    expect(judgePullRequest(facts())).toEqual(judgePullRequest(facts()));
  });

  test("of several models is the worst of theirs", () => {
    const unchanged = modelFacts({ headText: modelText(version("2026.11.02-2", "a")) });
    const of = (...models: readonly ModelFacts[]) => judgePullRequest(facts({ models })).verdict;
    expect(of(unchanged)).toBe("pass");
    expect(of(unchanged, modelFacts())).toBe("no-data");
    expect(of(unchanged, modelFacts(), modelFacts({ headText: "" }))).toBe("error");
  });

  test("of no model is a pass without refusals, wherever it goes", () => {
    expect(judgePullRequest(facts({ models: [], base: "elsewhere" }))).toMatchObject({ verdict: "pass", refusals: [], models: [] });
  });

  test("names every model that may not be released from here", () => {
    expect(judgePullRequest(facts({ base: "elsewhere" })).refusals).toMatchObject([{ code: "base-not-named-by-policy" }]);
    const elsewhere = { id: 2, name: repositoryNameSchema.parse("acme/models") };
    expect(judgePullRequest(facts({ repository: elsewhere })).refusals).toMatchObject([{ code: "repository-not-named-by-policy" }]);
  });
});

describe("the definition that judges", () => {
  test("is the default branch's", () => {
    const read = definitionsOf({ model: ranker, headText: modelText(better, { tier: "critical" }), trustedText: modelText() });
    expect(read).toMatchObject({ kind: "read", isNew: false, head: { tier: "critical" }, trusted: { tier: "standard" } });
  });

  test("is the head's own where the default branch has none", () => {
    expect(definitionsOf({ model: ranker, headText: modelText(better), trustedText: undefined })).toMatchObject({
      kind: "read",
      isNew: true,
    });
  });

  test("is nobody's when either cannot be read", () => {
    expect(definitionsOf({ model: ranker, headText: "x", trustedText: modelText() })).toMatchObject({ kind: "invalid" });
    expect(definitionsOf({ model: ranker, headText: modelText(), trustedText: "x" })).toMatchObject({ kind: "invalid" });
    expect(definitionsOf({ model: ranker, headText: undefined, trustedText: "x" })).toEqual({ kind: "removed" });
  });
});

describe("the gates that judge", () => {
  const floors = {
    all: [{ metric: "ndcg@10", noWorseThan: "5%" }],
    firstVersion: [{ metric: "ndcg@10", atLeast: 0.3 }],
  };
  const gatesOf = (trustedText: string | undefined, isFirst: boolean) => {
    const read = definitionsOf({ model: ranker, headText: modelText(better), trustedText });
    if (read.kind !== "read") throw new Error("the definitions can be read");
    return gatesFor(read, { floors }, isFirst).map(({ id, blocks }) => `${id}: ${blocks}`);
  };

  test.each<readonly [string, string | undefined, boolean, readonly string[]]>([
    ["its own and the floor for all", modelText(), false, ["ndcg@10: unless-pass", "floor ndcg@10: unless-pass"]],
    [
      "of a first version, both floors too",
      modelText(),
      true,
      ["ndcg@10: unless-pass", "floor ndcg@10: unless-pass", "floor ndcg@10 at-least: unless-pass"],
    ],
    ["of a new model, the floor, and its own only inform", undefined, false, ["ndcg@10: never", "floor ndcg@10: unless-pass"]],
  ])("are %s", (_, trustedText, isFirst, gates) => {
    expect(gatesOf(trustedText, isFirst)).toEqual(gates);
  });
});
