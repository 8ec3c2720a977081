import { describe, expect, test } from "vitest";
import { z } from "zod";
import { assembleReport } from "#domain/evaluation/assemble-report.ts";
import type { Report } from "#domain/evaluation/report.ts";
import type { GateRule } from "#domain/gate/gate.ts";
import { clusteredMean } from "#domain/statistics/clustered-mean.ts";
import { randomFrom } from "#domain/statistics/random.ts";
import { golden, rowsOf } from "#test/support/golden.ts";
import { gates, header } from "#test/support/report-request.ts";
import { type MadeRows, rowTable } from "#test/support/row-table.ts";

function reportOf(metrics: readonly string[], rows: MadeRows, ...rules: readonly GateRule[]): Report {
  return assembleReport({
    header,
    answer: { kind: "rows", table: rowTable("bandit", metrics, rows), problems: [] },
    gates: gates(...rules),
    identical: "refused",
  });
}

const of = (report: Report, metric: string) => {
  const found = report.measurements.find((known) => known.metric === metric);
  if (found === undefined) throw new Error(`${metric} was not measured`);
  return found;
};

/** A log of two actions, taken with probability 0.3 to 0.7; the first earns more. The versions take it more, or less, often. */
function log(decisions: number, { candidate = 0.6, baseline = 0.4, wrong = 1 } = {}): MadeRows {
  const random = randomFrom("log");
  const rows = Array.from({ length: decisions }, () => {
    const first = 0.3 + 0.4 * random.share();
    const action = random.share() < first ? 0 : 1;
    const reward = random.share() < (action === 0 ? 0.5 : 0.3) ? 1 : 0;
    const by = (share: number): number => (action === 0 ? share : 1 - share);
    return { reward, propensity: by(first) * wrong, candidate: by(candidate), baseline: by(baseline) };
  });
  return {
    truth: rows.map(({ reward }) => reward),
    candidate: rows.map((row) => row.candidate),
    baseline: rows.map((row) => row.baseline),
    propensity: rows.map(({ propensity }) => propensity),
  };
}

describe("estimates from another policy's log", () => {
  const inputs = z.object({
    reward: z.array(z.number()),
    action: z.array(z.number()),
    logged_probability: z.array(z.number()),
    policy: z.array(z.array(z.number())),
  });
  const estimate = z.object({ method: z.enum(["ips", "snips"]), value: z.number(), standard_error: z.number() });

  // Each decision stands there twice, as one cluster, so that no weight is too large a share; values and errors are those of the decisions.
  test.each(golden("off-policy.json").filter(({ id }) => id === "sharp" || id === "two-actions"))(
    "equal Open Bandit Pipeline's: $id",
    (known) => {
      const { reward, action, logged_probability, policy } = inputs.parse(known.inputs);
      const twice = <T>(values: readonly T[]): readonly T[] => [...values, ...values];
      const rows: MadeRows = {
        truth: twice(reward),
        candidate: twice(action.map((taken, row) => policy[row]?.[taken] ?? Number.NaN)),
        baseline: null,
        propensity: twice(logged_probability),
        clusters: twice(reward.map((_, row) => String(row))),
      };
      const report = reportOf(["ips", "snips"], rows);
      const expected = rowsOf(known, estimate);
      expect(expected.map(({ method }) => method)).toEqual(["ips", "snips"]);
      for (const { method, value, standard_error } of expected) {
        const { candidate } = of(report, method);
        expect(candidate.value).toBeCloseTo(value, 9);
        const small = method === "snips" ? Math.sqrt(reward.length / (reward.length - 1)) : 1;
        expect(candidate.standardError).toBeCloseTo(standard_error * small, 9);
      }
    },
  );

  test("compare two versions on the same decisions: the difference has an error of its own", () => {
    const rows = log(2000);
    const { difference, candidate, baseline } = of(reportOf(["ips"], rows), "ips");
    const differences = rows.truth.map(
      (reward, row) => (reward * ((rows.candidate[row] ?? 0) - (rows.baseline?.[row] ?? 0))) / (rows.propensity?.[row] ?? 1),
    );
    const { mean, standardError } = clusteredMean(differences);
    expect(difference).toMatchObject({
      value: expect.closeTo(mean, 12),
      standardError: expect.closeTo(standardError ?? 0, 12),
      method: "paired-t",
    });
    expect(difference?.standardError).not.toBeCloseTo(Math.hypot(candidate.standardError ?? 0, baseline?.standardError ?? 0), 3);
  });

  test("gate as other metrics do", () => {
    const report = reportOf(["snips"], log(4000), { metric: "snips", betterThan: 0 }, { metric: "snips", atLeast: 0.3 });
    expect(report.gates.map(({ verdict }) => verdict)).toEqual(["pass", "pass"]);
    const found = report.preflight.filter(({ code }) => code === "off-policy-weights");
    expect(found.map(({ verdict }) => verdict)).toEqual(["pass", "pass"]);
    expect(found[0]?.message).toMatch(
      /^The candidate's weights: effective \d+ of 4000 decisions, largest weight 0\.\d+% of all, mean weight [01](?:\.\d+)? with standard error 0\.\d+\.$/,
    );
  });
});

describe("a log that cannot answer for a version", () => {
  const rare: MadeRows = {
    truth: Array(4000).fill(1),
    candidate: Array.from({ length: 4000 }, (_, row) => (row < 30 ? 0.9 : 0)),
    baseline: null,
    propensity: Array(4000).fill(0.00675),
  };
  const one = log(4000);
  const dominated: MadeRows = { ...one, baseline: null, propensity: (one.propensity ?? []).map((p, row) => (row === 0 ? 0.001 : p)) };
  const cases: readonly (readonly [string, MadeRows, string, string])[] = [
    ["few decisions are effective", rare, "too-few-effective", "no-data"],
    ["one decision has most of the weight", dominated, "one-weight-dominates", "no-data"],
    ["the mean weight is not 1", log(4000, { wrong: 0.8 }), "propensities-wrong", "error"],
    ["the baseline's is not", { ...log(4000), baseline: log(4000).candidate.map((p) => p / 2) }, "propensities-wrong", "error"],
  ];
  test.each(cases)("never gates: %s", (what, rows, reason, verdict) => {
    const rule = what.startsWith("the baseline") ? { metric: "snips", noWorseThan: 0.1 } : { metric: "snips", atLeast: 0 };
    const report = reportOf(["snips"], rows, rule);
    expect(report.gates).toMatchObject([{ reason, verdict }]);
    expect(report.preflight.some(({ code, verdict: found }) => code === "off-policy-weights" && found === "inconclusive")).toBe(true);
  });

  test("may be clipped, and says how often", () => {
    const report = reportOf(["snips@3", "ips"], dominated, { metric: "snips@3", atLeast: 0 });
    expect(of(report, "snips@3")).toMatchObject({ convention: { clip: 3 }, counts: { "weights clipped to 3 in the candidate": 1 } });
    expect(of(report, "ips")).toMatchObject({
      convention: { clip: "none" },
      candidate: { value: null, why: { value: "one-weight-dominates" } },
    });
  });

  test("is not made right by clipping: the mean of the weights as they are must be 1", () => {
    const report = reportOf(["ips@1"], log(4000, { wrong: 0.8 }), { metric: "ips@1", atLeast: 0 });
    expect(report.gates).toMatchObject([{ reason: "propensities-wrong" }]);
  });
});
