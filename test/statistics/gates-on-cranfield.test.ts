/**
 * How often gates pass and fail where the truth is known: the queries of two real rankers, moved to that truth, are drawn with replacement
 * ten thousand times. The figures stand in docs/statistics.md, which the last test holds to them; `UPDATE_DOCS=1 npm run test:statistics`
 * writes them there.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Rankers } from "#test/statistics/cranfield-rankers.ts";
import { expectDocumented } from "#test/statistics/documented-table.ts";
import { gateFigures, gateTable, seededDraws } from "#test/statistics/gate-figures.ts";
import { evaluateDrawn } from "#test/statistics/resampled-evaluation.ts";
import {
  centredInterval,
  judgedAt,
  type ResampledGate,
  resampledGate,
  trueMargin,
  truthsOf,
  verdictAt,
} from "#test/statistics/resampled-gate.ts";
import { type RankerRepository, rankerRepository } from "#test/support/ranker-repository.ts";

const queries = 225;
const metrics = ["ndcg@10", "recall@50", "mrr"];
const draws = seededDraws("gates on Cranfield", queries, 10_000);
const gatesOf = (rankers: Rankers): readonly ResampledGate[] =>
  metrics.flatMap((metric) => [0.5, 2, 5].map((percent) => resampledGate(metric, percent, rankers)));

const bm25: Rankers = { candidate: "bm25", baseline: "cosine" };
const cosine: Rankers = { candidate: "cosine", baseline: "bm25" };
const figures = [bm25, cosine].flatMap(gatesOf).map((gate) => gateFigures(gate, draws));
const named = figures.map((figure) => ({
  ...figure,
  name: `${figure.gate.candidate}, ${figure.gate.rule.metric} ${figure.gate.rule.noWorseThan}`,
}));

describe.each(named)("$name", ({ gate, at }) => {
  test("at the margin passes and fails by chance, in at most 3.5 % each", () => {
    expect(at.atMargin.pass).toBeLessThanOrEqual(3.5);
    expect(at.atMargin.fail).toBeLessThanOrEqual(3.5);
    // Neither never happens: a gate that says nothing would keep both bounds.
    expect(Math.min(at.atMargin.pass, at.atMargin.fail)).toBeGreaterThanOrEqual(1);
  });

  test("passes equal quality as often as passIfUnchanged says, ± 2 points", () => {
    expect(Math.abs(at.unchanged.pass - 100 * (gate.printed.passIfUnchanged ?? Number.NaN))).toBeLessThanOrEqual(2);
  });

  test("fails in 80 % ± 3 what is worse than the margin by what is detectable", () => {
    expect(Math.abs(at.worseByDetectable.fail - 80)).toBeLessThanOrEqual(3);
  });

  test("passes in 80 % ± 3 what is better than the margin by what is detectable", () => {
    expect(Math.abs(at.betterByDetectable.pass - 80)).toBeLessThanOrEqual(3);
  });

  test("is judged alike by the whole of the product's code, on every 250th draw", () => {
    for (const drawn of draws.filter((_, index) => index % 250 === 0)) {
      const interval = centredInterval(gate, drawn);
      for (const truth of Object.values(truthsOf(gate))) {
        const judged = judgedAt(truth, gate, drawn);
        expect(judged.verdict).toBe(verdictAt(truth, interval));
        expect(judged.lower).toBeCloseTo(interval.lower + truth, 12);
        expect(judged.upper).toBeCloseTo(interval.upper + truth, 12);
      }
    }
  });
});

describe("slipway evaluate on twenty draws of queries", () => {
  const gates = [...gatesOf(cosine), ...metrics.map((metric) => resampledGate(metric, trueMargin(metric, cosine), cosine))];
  const twenty = draws.slice(0, 20);
  let repository: RankerRepository;
  beforeAll(() => {
    repository = rankerRepository();
  });
  afterAll(() => repository.close());

  test("judges every gate as it was judged here, at the margin too", async () => {
    const seen = new Set<string>();
    for (const [place, drawn] of twenty.entries()) {
      const report = await evaluateDrawn(repository, cosine, gates, drawn);
      expect(report.gates).toHaveLength(gates.length);
      gates.forEach((gate, index) => {
        const printed = report.gates[index];
        const wanted = judgedAt(gate.mean, gate, drawn);
        const what = `draw ${place + 1}, ${gate.rule.metric} ${gate.rule.noWorseThan}`;
        expect([printed?.metric, printed?.rule, printed?.verdict], what).toEqual([
          gate.rule.metric,
          gate.printed.rule,
          verdictAt(gate.mean, centredInterval(gate, drawn)),
        ]);
        for (const number of ["value", "lower", "upper", "detectable", "passIfUnchanged"] as const)
          expect(printed?.[number], `${number} of ${what}`).toBeCloseTo(wanted[number] ?? Number.NaN, 9);
        seen.add(printed?.verdict ?? "");
      });
    }
    expect([...seen].toSorted()).toEqual(["fail", "inconclusive", "pass"]);
  });
});

test("docs/statistics.md says these figures", () => {
  expectDocumented("gates", gateTable(figures));
});
