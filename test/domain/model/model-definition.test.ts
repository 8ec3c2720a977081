import { describe, expect, test } from "vitest";
import {
  ignoredChanges,
  judgedDefinition,
  modelDefinitionSchema,
  proposedFields,
  resolveLocation,
} from "#domain/model/model-definition.ts";
import { repositoryFileSchema } from "#domain/model/repository-file.ts";
import { parseWithSchema } from "#domain/text/parse-with-schema.ts";
import { better, liveVersion, type ModelChange, modelText } from "#test/support/world-texts.ts";

function definition(of = liveVersion, change: ModelChange = {}) {
  const read = parseWithSchema(modelDefinitionSchema, modelText(of, change), "model.yaml");
  if (read.kind === "invalid") throw new Error(JSON.stringify(read.problems));
  return read.value;
}

describe("invariant 4: what counts of a head", () => {
  const everything: ModelChange = {
    owners: ["@mallory"],
    tier: "experimental",
    lineage: { code: "git:abc", data: ["clicks"] },
    evaluation: {
      dataset: "easier",
      predictions: "elsewhere/{digest}.jsonl",
      predict: "python predict.py",
      labels: "easier.jsonl",
      columns: { query: "q" },
      metrics: ["mrr"],
      slices: [],
      identical: "allowed",
    },
    gates: [],
    objectives: [],
    rollout: { serving: { image: `ghcr.io/mallory/x@sha256:${"1".repeat(64)}` }, steps: [{ weight: 99, window: "1ms" }], bake: "0ms" },
  };

  test("are the five fields and nothing else, whatever it changes", () => {
    const trusted = definition(liveVersion, { lineage: { code: "git:old" }, evaluation: { predict: "old" } });
    const judged = judgedDefinition(trusted, definition(better, everything));
    expect(judged).toEqual({
      ...trusted,
      version: better.version,
      artifact: { uri: `artifacts/${better.version}.json`, format: "json", digest: better.digest },
      lineage: { code: "git:abc", data: ["clicks"] },
      evaluation: { ...trusted.evaluation, predictions: "elsewhere/{digest}.jsonl", predict: "python predict.py" },
    });
    expect(proposedFields).toHaveLength(5);
  });

  test("what a head leaves out of the five is left out, not taken over", () => {
    const trusted = definition(liveVersion, { lineage: { code: "git:old" }, evaluation: { predict: "old" } });
    const judged = judgedDefinition(trusted, definition(better));
    expect(judged).not.toHaveProperty("lineage");
    expect(judged.evaluation).not.toHaveProperty("predict");
  });

  test("every other change is named, each once", () => {
    expect(ignoredChanges(definition(), definition(better, everything))).toEqual([
      "owners",
      "tier",
      "gates",
      "objectives",
      "rollout",
      "evaluation.dataset",
      "evaluation.labels",
      "evaluation.columns",
      "evaluation.metrics",
      "evaluation.slices",
      "evaluation.identical",
    ]);
  });

  test("the five are never named, and a default spelled out is no change", () => {
    const head = definition(better, {
      tier: "standard",
      lineage: { code: "git:abc" },
      evaluation: { predictions: "x", predict: "y", identical: "refused" },
    });
    expect(ignoredChanges(definition(), head)).toEqual([]);
  });

  test("what the head removes is named too", () => {
    const without = parseWithSchema(modelDefinitionSchema, modelText(better).replace(/ *"labels": .*\n/, ""), "model.yaml");
    if (without.kind === "invalid") throw new Error("labels may be left out");
    expect(ignoredChanges(definition(), without.value)).toEqual(["evaluation.labels"]);
  });
});

describe("a model.yaml", () => {
  test("gets its defaults in one place", () => {
    const { tier, owners, evaluation, rollout } = definition();
    expect({ tier, owners, identical: evaluation.identical, columns: evaluation.columns }).toEqual({
      tier: "standard",
      owners: [],
      identical: "refused",
      columns: { query: "query_id", item: "item_id", score: "score", label: "label" },
    });
    expect(rollout).toMatchObject({ target: "gateway-api", extend: 2, deadline: 30_000, serving: { port: 8080, replicas: 1 } });
  });

  test.each<readonly [string, ModelChange | object]>([
    ["an unknown key", { gatez: [] }],
    ["another schema version", { apiVersion: "slipway/v2" }],
    ["a weight of 0", { rollout: { serving: { image: `a@sha256:${"1".repeat(64)}` }, steps: [{ weight: 0, window: "1s" }], bake: "1s" } }],
    [
      "a weight of 100, which follows by itself",
      { rollout: { serving: { image: `a@sha256:${"1".repeat(64)}` }, steps: [{ weight: 100, window: "1s" }], bake: "1s" } },
    ],
    [
      "a weight in between",
      { rollout: { serving: { image: `a@sha256:${"1".repeat(64)}` }, steps: [{ weight: 2.5, window: "1s" }], bake: "1s" } },
    ],
    ["no step", { rollout: { serving: { image: `a@sha256:${"1".repeat(64)}` }, steps: [], bake: "1s" } }],
    ["a gate of two rules", { gates: [{ metric: "mrr", atLeast: 1, atMost: 2 }] }],
    ["a gate without a rule", { gates: [{ metric: "mrr" }] }],
    ["an objective of 100 %, which leaves no budget", { objectives: [{ name: "x", target: 1, indicator: { availability: {} } }] }],
    ["a location with a line break", { evaluation: { predictions: "a\nb" } }],
    ["no metric", { evaluation: { metrics: [] } }],
  ])("with %s is refused", (_, change) => {
    expect(parseWithSchema(modelDefinitionSchema, modelText(liveVersion, change), "model.yaml").kind).toBe("invalid");
  });
});

test("a location stands for each version's own: {version} and {digest}, everywhere, the digest by its digits", () => {
  expect(resolveLocation("p/{version}/{digest}/{version}.jsonl", "v1", `sha256:${"a".repeat(64)}`)).toBe(`p/v1/${"a".repeat(64)}/v1.jsonl`);
  expect(resolveLocation("plain.jsonl", "v1", "x")).toBe("plain.jsonl");
});

test("slipway.yaml names the one environments repository", () => {
  const read = (text: string) => parseWithSchema(repositoryFileSchema, text, "slipway.yaml");
  expect(read("apiVersion: slipway/v1\nkind: Repository\nenvironments: acme/environments\n")).toMatchObject({ kind: "ok" });
  expect(read("apiVersion: slipway/v1\nkind: Repository\nenvironments: https://github.com/acme/environments\n")).toMatchObject({
    kind: "invalid",
  });
  expect(read("apiVersion: slipway/v1\nkind: Repository\n")).toMatchObject({ kind: "invalid" });
});
