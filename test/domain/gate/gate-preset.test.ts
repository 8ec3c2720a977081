import { describe, expect, it } from "vitest";
import { metricProblem } from "#domain/evaluation/rows/task-metrics.ts";
import { gatePresets, gatesSchema } from "#domain/gate/gate-preset.ts";
import { presetMetrics, proposeGates, trialGates } from "#domain/gate/propose-gates.ts";
import { columnsSchema } from "#domain/model/model-definition.ts";
import { tasks } from "#domain/model/task.ts";
import { around, gates, reportOf, scoredTable } from "#test/support/report-request.ts";

describe("gates by a preset", () => {
  it("stand for one gate that must be proven and guardrails that block on harm", () => {
    expect(gatesSchema.parse({ preset: "ranking", margin: "2%" })).toEqual([
      { metric: "ndcg@10", noWorseThan: "2%" },
      { metric: "recall@50", noWorseThan: "2%", blocks: "on-fail" },
      { metric: "mrr", noWorseThan: "2%", blocks: "on-fail" },
    ]);
  });

  it("have no margin of their own", () => {
    expect(gatesSchema.safeParse({ preset: "ranking" }).success).toBe(false);
    expect(gatesSchema.safeParse({ preset: "ranking", margin: -1 }).success).toBe(false);
  });

  it.each(tasks)("of %s name metrics that the task has", (task) => {
    expect(Object.keys(gatePresets).toSorted()).toEqual(tasks.toSorted());
    const columns = columnsSchema.parse({});
    expect(presetMetrics(task).map((metric) => metricProblem(metric, { task, columns }))).toEqual(presetMetrics(task).map(() => null));
  });
});

describe("proposed margins", () => {
  const table = (spread: number) =>
    scoredTable({
      candidate: around(0.5, 0.1, 400).map((value, index) => value + spread * (((index * 0.618) % 1) - 0.5)),
      baseline: around(0.5, 0.1, 400),
    });
  const proposedOn = (spread: number) => proposeGates(["ndcg@10"], reportOf(table(spread), trialGates(["ndcg@10"])));

  it.each([0.02, 0.1, 0.3, 0.6])(
    "are met by equal quality in 80 % of evaluations, and the next smaller one is not (spread %d)",
    (spread) => {
      const [gate] = proposedOn(spread);
      const margin = gate?.rule.noWorseThan;
      if (typeof margin !== "string") throw new Error("a share is proposed");
      const met = (written: string) =>
        reportOf(table(spread), [{ metric: "ndcg@10", noWorseThan: written }]).gates[0]?.passIfUnchanged ?? 0;
      expect(met(margin)).toBeGreaterThanOrEqual(0.8);
      const smaller = /one with ([\d.]+%) only (\d+)%/.exec(gate?.reason ?? "");
      if (margin === "0.5%") expect(smaller).toBeNull();
      else {
        expect(met(smaller?.[1] ?? "")).toBeLessThan(0.8);
        expect(Math.round(100 * met(smaller?.[1] ?? ""))).toBe(Number(smaller?.[2]));
      }
    },
  );

  it("are never below half a per cent, whatever could be proven", () => {
    expect(proposedOn(0.0001)[0]?.rule).toEqual({ metric: "ndcg@10", noWorseThan: "0.5%" });
  });

  it("are absolute where no share of the baseline is large enough, and equal quality meets them too", () => {
    const noisy = scoredTable({
      candidate: around(0.01, 0.01, 40).map((_, index) => ((index * 7) % 40 < 2 ? 0.4 : 0)),
      baseline: around(0.01, 0.01, 40).map((_, index) => ((index * 11) % 40 < 2 ? 0.4 : 0)),
    });
    const [gate] = proposeGates(["ndcg@10"], reportOf(noisy, trialGates(["ndcg@10"])));
    expect(gate?.rule.noWorseThan).toEqual(expect.any(Number));
    const [judged] = reportOf(noisy, [gate?.rule ?? { metric: "ndcg@10", noWorseThan: 0 }]).gates;
    expect(judged?.passIfUnchanged).toBeGreaterThanOrEqual(0.8);
  });

  it("belong to guardrails but for the first metric that could be compared, which must be proven", () => {
    const proposed = proposeGates(["mrr", "ndcg@10", "ndcg@10"], reportOf(table(0.1), trialGates(["ndcg@10"])));
    expect(proposed.map(({ rule }) => [rule.metric, rule.blocks])).toEqual([
      ["ndcg@10", undefined],
      ["ndcg@10", "on-fail"],
    ]);
  });

  it("are none for what was not measured", () => {
    expect(proposeGates(["mrr"], reportOf(table(0.1), trialGates(["ndcg@10"])))).toEqual([]);
    expect(gates(...trialGates(presetMetrics("ranking"))).every(({ blocks }) => blocks === "never")).toBe(true);
  });
});
