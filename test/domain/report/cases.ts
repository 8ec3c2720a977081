import type { Measurement, Report } from "#domain/evaluation/report.ts";
import { modelNameSchema } from "#domain/model/names.ts";
import { difference, estimate, gate, measurement, report } from "./judgement-builder.ts";

const topic = (name: string, value: number, standardError: number, units = 40): Measurement =>
  measurement({ slice: { topic: name }, units, clusters: units, difference: difference(value, standardError) });

/** A candidate that is worse everywhere, and worst on one topic. */
export const worse: Report = report({
  measurements: [
    measurement(),
    measurement({
      metric: "recall@50",
      baseline: estimate(0.71, 0.021),
      candidate: estimate(0.699, 0.021),
      difference: difference(-0.011, 0.0092),
    }),
    topic("boundary-layer", -0.121, 0.024),
    topic("heat-transfer", -0.004, 0.021),
    topic("supersonic", -0.049, 0.02),
  ],
  gates: [
    gate({
      id: "recall@50",
      metric: "recall@50",
      statistic: "candidate - 0.95*baseline",
      rule: "no worse than 5%",
      value: 0.0245,
      standardError: 0.0093,
      lower: 0.0062,
      upper: 0.0428,
      verdict: "pass",
      reason: "within-margin",
      message: "recall@50 is no worse than 5%.",
    }),
    gate(),
    gate({
      id: "ndcg@10 atLeast",
      rule: "at least 0.3",
      statistic: "candidate",
      threshold: 0.3,
      value: 0.352,
      standardError: 0.0187,
      lower: 0.315,
      upper: 0.389,
      verdict: "pass",
      reason: "within-bounds",
      message: "ndcg@10 is at least 0.3.",
      blocks: "never",
    }),
  ],
});

/** A candidate that is better, with a slice that is too small to say. */
export const better: Report = report({
  verdict: "pass",
  measurements: [
    measurement({ candidate: estimate(0.4391, 0.0204), difference: difference(0.0289, 0.0066) }),
    measurement({
      slice: { name: "cold-start" },
      units: 34,
      clusters: 34,
      candidate: estimate(0.39, 0.05),
      difference: difference(-0.02, 0.031),
    }),
  ],
  gates: [
    gate({
      value: 0.0371,
      standardError: 0.0066,
      lower: 0.0241,
      upper: 0.0501,
      verdict: "pass",
      reason: "within-margin",
      message: "ndcg@10 is no worse than 2%.",
    }),
    gate({
      id: "ndcg@10[cold-start]",
      slice: { name: "cold-start" },
      blocks: "on-fail",
      rule: "no worse than 5%",
      statistic: "candidate - 0.95*baseline",
      value: 0.0005,
      standardError: 0.031,
      lower: -0.062,
      upper: 0.063,
      verdict: "inconclusive",
      reason: "interval-crosses-threshold",
      message: "Too little data to say whether ndcg@10 on cold-start is no worse than 5%.",
    }),
  ],
});

/** A first version: nothing to compare with, judged by the floor. */
export const first: Report = report({
  model: modelNameSchema.parse("query-classifier"),
  verdict: "pass",
  baseline: null,
  measurements: [measurement({ baseline: null, difference: null, why: { baseline: "first-version" } })],
  gates: [
    gate({
      id: "floor ndcg@10",
      rule: "at least 0.3",
      statistic: "candidate",
      threshold: 0.3,
      value: 0.352,
      standardError: 0.0187,
      lower: 0.315,
      upper: 0.389,
      detectable: null,
      passIfUnchanged: null,
      verdict: "pass",
      reason: "within-bounds",
      message: "ndcg@10 is at least 0.3.",
    }),
  ],
  leftOut: ["ndcg@10"],
});
