import { expect, test } from "vitest";
import { depthOf, needsAllLabels } from "#domain/evaluation/formula.ts";
import { metricFamilies, metricSpellings, parseMetric } from "#domain/evaluation/metrics.ts";
import { metric } from "#test/support/scoring-request.ts";

test("a metric is known by its name, with its direction, range and convention", () => {
  expect(metric("ndcg@10")).toMatchObject({
    name: "ndcg@10",
    family: "ndcg",
    k: 10,
    better: "higher",
    range: { min: 0, max: 1 },
    unit: "query",
    printedConvention: { gain: "linear", ideal: "judged", ties: "id_desc" },
  });
  expect(metric("mrr")).toMatchObject({ k: null, printedConvention: { minRel: 1, ties: "id_desc" } });
  expect(metric("mrr@5").k).toBe(5);
});

test.each([
  ["ngcd@10", ["ndcg@10"], "Did you mean ndcg@10?"],
  ["recal@50", ["recall@50"], "Did you mean recall@50?"],
  ["MRR", ["mrr"], "Did you mean mrr?"],
  ["recall", ["recall@10"], "needs a cutoff"],
  ["bpref@10", ["bpref"], "takes no cutoff"],
  ["ndcg@0", ["ndcg@10"], "whole number from 1 to 10000"],
  ["ndcg@ten", ["ndcg@10"], "whole number"],
  ["ndcg@1.5", ["ndcg@10"], "whole number"],
  ["ndcg@", ["ndcg@10"], "whole number"],
  ["ndcg@99999", ["ndcg@10"], "whole number"],
  ["accuracy_of_everything", [], "Known metrics: ndcg, ndcg@k, dcg, dcg@k, recall@k, "],
  ["", [], "Known metrics"],
  ["| `x`\n", [], "Known metrics"],
])("%j is no metric, and the nearest are %j", (name, nearest, mention) => {
  const parsed = parseMetric(name);
  expect(parsed).toMatchObject({ kind: "unknown", nearest });
  expect(parsed.kind === "unknown" ? parsed.message : "").toContain(mention);
});

test("an order of ties that a metric has no definition for is refused", () => {
  expect(parseMetric("mrr", { ties: "average" })).toMatchObject({
    kind: "unknown",
    message: 'Option ties of metric "mrr" is id_desc, id_asc or worst, not average.',
  });
});

test("families have names of their own, and every spelling can be read", () => {
  expect(new Set(metricFamilies.map(({ family }) => family)).size).toBe(metricFamilies.length);
  for (const spelling of metricSpellings()) expect(parseMetric(spelling.replace("@k", "@7")).kind).toBe("metric");
});

test("a formula knows how deep it looks and whether it needs all labels", () => {
  expect(depthOf(metric("ndcg@10").formula)).toBe(10);
  expect(depthOf(metric("mrr").formula)).toBeNull();
  expect(needsAllLabels(metric("recall@5").formula)).toBe(true);
  expect(needsAllLabels(metric("mrr@5").formula)).toBe(false);
});
