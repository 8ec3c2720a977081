import { describe, expect, test } from "vitest";
import { checkDefinition, checkMetrics } from "#domain/model/definition-rules.ts";
import { modelDefinitionSchema } from "#domain/model/model-definition.ts";
import { parseWithSchema } from "#domain/text/parse-with-schema.ts";
import { type ModelChange, modelText } from "#test/support/world-texts.ts";

function problems(change: ModelChange, check = checkDefinition): readonly string[] {
  const text = modelText(undefined, change);
  const read = parseWithSchema(modelDefinitionSchema, text, "model.yaml");
  if (read.kind === "invalid") throw new Error(JSON.stringify(read.problems));
  return check(read.value, text, "model.yaml").map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const objective = { name: "x", target: 0.9, indicator: { availability: {} } };
const steps = (...weights: readonly number[]) => ({
  rollout: { serving: { image: `a@sha256:${"1".repeat(64)}` }, steps: weights.map((weight) => ({ weight, window: "1s" })), bake: "1s" },
});

describe("a definition whose values all have the right shape", () => {
  test("may have nothing wrong with it", () => {
    expect(problems({})).toEqual([]);
  });

  test.each<readonly [string, ModelChange, readonly (string | RegExp)[]]>([
    ["a metric that does not exist", { evaluation: { metrics: ["ndcg@10", "ndgc@5"] } }, [/^evaluation\.metrics\.1: .*ndgc@5/]],
    [
      "retrieval without the exact neighbours",
      { evaluation: { task: "retrieval", labels: undefined } },
      ["evaluation.task: task retrieval needs evaluation.labels: the file of the exact neighbours"],
    ],
    [
      "exact neighbours in a task that has none",
      { evaluation: { metrics: ["ndcg@10", "neighbour_recall@10"] } },
      [/^evaluation\.metrics\.1: Metric "neighbour_recall@10": it compares with exact neighbours/],
    ],
    [
      "neighbours within a distance that no column says",
      {
        evaluation: {
          task: "retrieval",
          labels: "exact.csv",
          metrics: ["ndcg@10", { metric: "neighbour_recall@5", name: "near", neighbours: "within" }],
        },
      },
      [/^evaluation\.metrics\.1: Metric "near": neighbours within needs columns\.distance/],
    ],
    [
      "clicks by propensities that no column says",
      { evaluation: { metrics: ["ndcg@10", { metric: "recall@5", name: "own", clicks: "ips" }], columns: { position: "place" } } },
      [
        /^evaluation\.metrics\.1: Metric "own": clicks ips needs columns\.propensity, or columns\.position and evaluation\.clicks\.positionCurve\.$/,
      ],
    ],
    [
      "clicks by propensities that are said twice",
      {
        evaluation: {
          metrics: ["ndcg@10", { metric: "recall@5", name: "own", clicks: "ips" }],
          columns: { propensity: "seen" },
          clicks: { positionCurve: { power: 1 } },
        },
      },
      [/^evaluation\.metrics\.1: Metric "own": columns\.propensity and evaluation\.clicks both say/],
    ],
    [
      "a metric named twice",
      { evaluation: { metrics: ["ndcg@10", "mrr", "mrr"] } },
      ['evaluation.metrics.2: the metric "mrr" is named twice'],
    ],
    ["a slice declared twice", { evaluation: { slices: ["locale", "locale"] } }, ["evaluation.slices.1: this slice is declared twice"]],
    [
      "a metric of the catalogue where there is none",
      {
        evaluation: {
          metrics: ["coverage@10", "ndcg@10", "personalisation@10", { metric: "novelty@10", column: "buyers" }],
        },
      },
      [
        'evaluation.metrics.0: coverage@10 needs the catalogue: set evaluation.items to a file of the default branch with one row an item and the column "item_id"',
        /^evaluation\.metrics\.3: novelty@10 needs the catalogue: .* the columns "item_id", "buyers"$/,
      ],
    ],
    [
      "a metric that lacks what only the model can say",
      {
        evaluation: {
          items: "items.parquet",
          metrics: [
            "novelty@10",
            { metric: "novelty@5", users: 9 },
            "exposure@10",
            { metric: "exposure@10", name: "own", items: { provider: "acme" } },
            "ndcg@10",
          ],
        },
      },
      [
        /^evaluation\.metrics\.0: novelty@10 needs to know how many users .* write \{metric: novelty@10, users: 120000\}$/,
        /^evaluation\.metrics\.2: exposure@10 needs a group of items, .* write \{metric: exposure@10, name: exposure_acme@10, items: \{provider: acme\}\}$/,
      ],
    ],
    [
      "a gate on a metric that is not measured, with the one that was meant",
      { gates: [{ metric: "ndcg@100", noWorseThan: 0 }] },
      [/^gates\.0\.metric: the gate's metric "ndcg@100" is not measured: .*which has "ndcg@10"; did you mean "ndcg@10"\?$/],
    ],
    [
      "a gate that compares what has no interval",
      {
        evaluation: { task: "classification", metrics: ["auc", "ks", "calibration_ratio"] },
        gates: [
          { metric: "auc", noWorseThan: "2%" },
          { metric: "ks", noWorseThan: "5%" },
          { metric: "ks", atLeast: 0.2 },
          { metric: "calibration_ratio", betterThan: 0 },
          { metric: "calibration_ratio", between: [0.9, 1.1] },
        ],
      },
      [
        'gates.1.noWorseThan: the metric "ks" describes what was evaluated and has no interval, so it is not compared: use atLeast, atMost or between',
        'gates.3.betterThan: the metric "calibration_ratio" is best at a target and not the higher or the lower the better, so it is not compared: use between',
      ],
    ],
    [
      "a gate on another dataset",
      { gates: [{ metric: "ndcg@10", atLeast: 0, dataset: "other" }] },
      ['gates.0.dataset: the gate\'s dataset "other" is not measured; evaluation.dataset is "made"'],
    ],
    [
      "a gate on a slice that is not declared",
      { gates: [{ metric: "ndcg@10", atLeast: 0, slice: { local: "de" } }] },
      [/^gates\.0\.slice: the slice ".*" is not measured: .*did you mean "locale"\?$/],
    ],
    [
      "a gate on a named slice that is not declared",
      { gates: [{ metric: "ndcg@10", atLeast: 0, slice: { name: "cold" } }] },
      [/^gates\.0\.slice: the slice/],
    ],
    [
      "a gate on slices of two columns",
      { gates: [{ metric: "ndcg@10", atLeast: 0, slice: { locale: "de", device: "x" } }] },
      [/^gates\.0\.slice: the slice "device=x,locale=de" is not measured: declare \{cross: \[locale, device\]\}/],
    ],
    [
      "a gate on a bucket that there is not",
      {
        evaluation: { slices: [{ column: "price", buckets: [10, 50] }] },
        gates: [{ metric: "ndcg@10", atLeast: 0, slice: { price: "[10, 60)" } }],
      },
      [/is no bucket of price, which has "< 10", "\[10, 50\)", ">= 50"$/],
    ],
    [
      "a gate on one column of a crossing",
      {
        evaluation: { slices: [{ cross: ["locale", "category"] }] },
        gates: [{ metric: "ndcg@10", atLeast: 0, slice: { locale: "de" } }],
      },
      [/^gates\.0\.slice: the slice "locale=de" is not measured/],
    ],
    [
      "a crossing declared twice",
      { evaluation: { slices: [{ cross: ["a", "b"] }, { cross: ["b", { column: "a", quantiles: 4 }] }] } },
      ["evaluation.slices.1: this slice is declared twice"],
    ],
    [
      'a gate on "*" without slices',
      { evaluation: { slices: [] }, gates: [{ metric: "ndcg@10", atLeast: 0, slice: "*" }] },
      ['gates.0.slice: slice "*" needs slices: declare some in evaluation.slices'],
    ],
    [
      "two gates of one id",
      { gates: ["a", "b"].map(() => ({ id: "same", metric: "ndcg@10", atLeast: 0 })) },
      ['gates.1.id: two gates have the id "same"'],
    ],
    ["two objectives of one name", { objectives: [objective, objective] }, ['objectives.1.name: two objectives have the name "x"']],
    ["weights that do not grow", steps(5, 5), ["rollout.steps.1.weight: weights grow from step to step, and 5 is not more than 5"]],
    ["weights that fall", steps(25, 5, 50), ["rollout.steps.1.weight: weights grow from step to step, and 5 is not more than 25"]],
  ])("is told about %s", (_, change, expected) => {
    const found = problems(change);
    expect(found).toHaveLength(expected.length);
    for (const [index, one] of expected.entries()) expect(found[index]).toEqual(typeof one === "string" ? one : expect.stringMatching(one));
  });

  test.each<readonly [string, ModelChange]>([
    [
      "gates on a declared column, on every slice, on a named slice",
      {
        evaluation: { slices: ["locale", { name: "cold", where: "clicks < 5" }] },
        gates: [
          { metric: "ndcg@10", atLeast: 0, slice: { locale: "de" } },
          { metric: "ndcg@10", atLeast: 0, slice: "*" },
          { metric: "ndcg@10", atLeast: 0, slice: { name: "cold" } },
        ],
      },
    ],
    [
      "gates on buckets, quantiles and crossings",
      {
        evaluation: {
          slices: [
            { column: "price", buckets: [10, 50] },
            { column: "age", quantiles: 4 },
            { cross: ["locale", { column: "price", buckets: [100] }] },
          ],
        },
        gates: [
          { metric: "ndcg@10", atLeast: 0, slice: { price: "[10, 50)" } },
          { metric: "ndcg@10", atLeast: 0, slice: { age: "quantile 4 of 4" } },
          { metric: "ndcg@10", atLeast: 0, slice: { price: ">= 100", locale: "de" } },
        ],
      },
    ],
    [
      "two gates without an id",
      {
        gates: [
          { metric: "ndcg@10", atLeast: 0 },
          { metric: "ndcg@10", atLeast: 0 },
        ],
      },
    ],
    [
      "objectives of one name in two environments",
      {
        objectives: [
          { ...objective, environment: "a" },
          { ...objective, environment: "b" },
        ],
      },
    ],
    ["a column and a named slice that are called alike", { evaluation: { slices: ["cold", { name: "cold", where: "x" }] } }],
    ["one step", steps(5)],
  ])("may have %s", (_, change) => {
    expect(problems(change)).toEqual([]);
  });

  test("is told everything at once, in the order of the file", () => {
    const found = problems({ evaluation: { metrics: ["ndcg@10", "nonsense"] }, gates: [{ metric: "mrr", atLeast: 0 }], ...steps(9, 1) });
    expect(found.map((problem) => problem.split(":")[0])).toEqual(["evaluation.metrics.1", "gates.0.metric", "rollout.steps.1.weight"]);
  });

  test("is told the line and the column", () => {
    const text = modelText(undefined, steps(9, 1));
    const read = parseWithSchema(modelDefinitionSchema, text, "model.yaml");
    if (read.kind === "invalid") throw new Error("it has the right shape");
    const [problem] = checkDefinition(read.value, text, "model.yaml");
    expect(text.split("\n")[(problem?.line ?? 0) - 1]?.slice((problem?.column ?? 0) - 1)).toMatch(/^1,/);
  });
});

test("a model is unmeasurable only by a metric that does not exist", () => {
  expect(problems({ evaluation: { metrics: ["nonsense"] }, gates: [{ metric: "mrr", atLeast: 0 }] }, checkMetrics)).toHaveLength(1);
  expect(problems({ gates: [{ metric: "mrr", atLeast: 0 }] }, checkMetrics)).toEqual([]);
});
