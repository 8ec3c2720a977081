import { describe, expect, test } from "vitest";
import { policyPath, statePath } from "#domain/environment/paths.ts";
import { liveAnswerSchema } from "#domain/report/live-answer.ts";
import { answerLive } from "#flows/answer-live.ts";
import { testWorld } from "#test/support/world.ts";
import { liveVersion, policyText, production, ranker } from "#test/support/world-texts.ts";

describe("what the Action is told", () => {
  test("is what is live in the reference environment, at which commit, and the floors", async () => {
    const floors = { all: [{ metric: "ndcg@10", noWorseThan: "5%" }], firstVersion: [{ metric: "ndcg@10", atLeast: 0.3 }] };
    const w = await testWorld({ policy: policyText({ floors }) });
    const answer = await answerLive(w.world, 1, ["search-ranker"]);
    expect(answer).toEqual({
      schema: "slipway/live/v1",
      commit: (await w.environments.snapshot()).head,
      models: { "search-ranker": { environment: "production", ...liveVersion } },
      floors,
    });
    expect(liveAnswerSchema.parse(answer)).toEqual(answer);
  });

  test("is null for a model that was never live", async () => {
    const w = await testWorld({ adopted: [] });
    expect((await answerLive(w.world, 1, ["search-ranker"]))?.models).toEqual({ "search-ranker": null });
  });

  test("leaves out a model whose state cannot be read, rather than call it never live", async () => {
    const w = await testWorld();
    w.environments.edit({ [statePath(production, ranker)]: "live\n" });
    expect((await answerLive(w.world, 1, ["search-ranker"]))?.models).toEqual({});
  });

  test.each([
    ["another repository's models", 2, ["search-ranker"]],
    ["models that the policy does not name", 1, ["other", "constructor"]],
    ["names that are none", 1, ["__proto__", "../state", ""]],
  ])("leaves out %s", async (_, repository, asked) => {
    const w = await testWorld();
    expect((await answerLive(w.world, repository, asked))?.models).toEqual({});
  });

  test("is nothing while the policy cannot be read", async () => {
    const w = await testWorld();
    w.environments.edit({ [policyPath]: "kind: Policy\n" });
    expect(await answerLive(w.world, 1, ["search-ranker"])).toBeUndefined();
  });
});
