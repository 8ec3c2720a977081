import type { Report } from "#domain/evaluation/report.ts";
import { difference, estimate, gate, measurement, report } from "#test/domain/report/judgement-builder.ts";

/** A report with all that a page shows: several metrics and slices, better and worse, gates of every verdict. */
export function pageReport(change: Partial<Report> = {}): Report {
  const slices = [
    ["boundary-layer", -0.12, 40],
    ["heat-transfer", -0.004, 60],
    ["supersonic", 0.061, 85],
  ] as const;
  return report({
    measurements: [
      measurement(),
      measurement({
        metric: "recall@50",
        difference: difference(-0.011, 0.0092),
        baseline: estimate(0.71, 0.02),
        candidate: estimate(0.699, 0.02),
      }),
      ...slices.map(([topic, change, units]) =>
        measurement({ slice: { topic }, units, clusters: units, difference: difference(change, 0.018) }),
      ),
      measurement({
        metric: "coverage@10",
        difference: {
          ...estimate(0, 0),
          value: null,
          standardError: null,
          lower: null,
          upper: null,
          confidence: 0.95,
          degreesOfFreedom: null,
          method: "census",
          why: { value: "census" },
        },
      }),
    ],
    gates: [
      gate(),
      gate({
        id: "recall@50",
        metric: "recall@50",
        verdict: "inconclusive",
        lower: -0.03,
        upper: 0.01,
        message: "recall@50 could be on either side.",
      }),
      gate({
        id: "ndcg@10 topic=supersonic",
        slice: { topic: "supersonic" },
        verdict: "pass",
        blocks: "on-fail",
        value: 0.06,
        lower: 0.02,
        upper: 0.1,
      }),
    ],
    leftOut: ["latency_p99_ms"],
    distribution: {
      metric: "ndcg@10",
      dataset: "cranfield",
      units: 225,
      equal: 25,
      edges: [-0.4, -0.2, 0, 0.2, 0.4],
      counts: [30, 90, 70, 10],
    },
    curves: (["candidate", "baseline"] as const).flatMap((arm) =>
      (["roc", "precision-recall", "calibration"] as const).map((kind) => ({
        kind,
        arm,
        of: 225,
        x: [0, 0.5, 1],
        y: [0, arm === "candidate" ? 0.9 : 0.8, 1],
      })),
    ),
    examples: {
      metric: "ndcg@10",
      better: "higher",
      unit: "query_id",
      wins: [
        {
          id: "q7",
          difference: 0.42,
          baseline: 0.31,
          candidate: 0.73,
          row: { label: "spam", baseline: { score: 0.2 }, candidate: { score: 0.9 } },
        },
      ],
      losses: [
        {
          id: "q9",
          difference: -0.5,
          baseline: 1,
          candidate: 0.5,
          lists: {
            baseline: [{ rank: 1, item: "d1", score: 3.25, label: 2 }],
            candidate: [
              { rank: 1, item: "d2", score: 1.5, label: null },
              { rank: 2, item: "d1", score: 1.25, label: 2 },
            ],
          },
        },
      ],
    },
    preflight: [{ code: "judged-share", verdict: "inconclusive", message: "Fewer of the candidate's items are judged." }],
    ...change,
  });
}
