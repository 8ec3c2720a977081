import { describe, expect, test } from "vitest";
import { z } from "zod";
import { rowMeasurements } from "#domain/evaluation/rows/row-measurements.ts";
import type { RowTask } from "#domain/evaluation/rows/row-metrics.ts";
import { golden, rowsOf } from "#test/support/golden.ts";
import { type MadeRows, rowTable } from "#test/support/row-table.ts";

function differenceOf(task: RowTask, metric: string, rows: MadeRows) {
  const [found] = rowMeasurements(rowTable(task, [metric], rows), [], { name: "made", digest: "made" }, "no-baseline").measurements;
  if (found === undefined) throw new Error("not measured");
  return found;
}

describe("the difference of two AUCs has DeLong's interval", () => {
  const inputs = z.object({
    y: z.array(z.number()),
    score_a: z.array(z.number()),
    score_b: z.array(z.number()),
    cluster: z.array(z.number()).optional(),
  });
  const cases = golden("statistics.json").filter(({ id }) => id.startsWith("delong"));

  test.each(cases)("$id", (known) => {
    const { y, score_a, score_b } = inputs.parse(known.inputs);
    const [row] = rowsOf(
      known,
      z.object({
        method: z.literal("DeLong"),
        auc: z.tuple([z.number(), z.number()]),
        difference: z.number(),
        standard_error: z.number(),
        interval_95: z.tuple([z.number(), z.number()]),
      }),
    );
    if (row === undefined) throw new Error("no row");
    const { candidate, baseline, difference } = differenceOf("classification", "auc", { truth: y, candidate: score_b, baseline: score_a });
    expect(baseline?.value).toBeCloseTo(row.auc[0], 9);
    expect(candidate.value).toBeCloseTo(row.auc[1], 9);
    expect(difference?.value).toBeCloseTo(row.difference, 9);
    expect(difference?.standardError).toBeCloseTo(row.standard_error, 9);
    expect(difference?.lower).toBeCloseTo(row.interval_95[0], 9);
    expect(difference?.upper).toBeCloseTo(row.interval_95[1], 9);
    expect(difference?.method).toBe("delong");
  });

  test.each(cases)("$id, clustered", (known) => {
    const { y, score_a, score_b, cluster = [] } = inputs.parse(known.inputs);
    const [row] = rowsOf(
      known,
      z.object({ method: z.literal("DeLong, clustered (Obuchowski)"), standard_error_difference: z.number(), clusters: z.number() }),
    );
    if (row === undefined) throw new Error("no row");
    const { difference, clusters } = differenceOf("classification", "auc", {
      truth: y,
      candidate: score_b,
      baseline: score_a,
      clusters: cluster.map(String),
    });
    expect([difference?.method, clusters]).toEqual(["clustered-delong", row.clusters]);
    expect(difference?.standardError).toBeCloseTo(row.standard_error_difference, 9);
  });
});

test("a ratio has the delta method's interval", () => {
  const known = golden("statistics.json").find(({ id }) => id === "ratio");
  if (known === undefined) throw new Error("no case");
  const { numerator, denominator } = z.object({ numerator: z.array(z.number()), denominator: z.array(z.number()) }).parse(known.inputs);
  const [row] = rowsOf(
    known,
    z.object({
      method: z.literal("delta"),
      ratio: z.number(),
      standard_error: z.number(),
      interval_95_t: z.tuple([z.number(), z.number()]),
    }),
  );
  // WAPE is the ratio of absolute errors to absolute truths: a prediction of truth + numerator makes it the golden ratio.
  const { candidate } = differenceOf("regression", "wape", {
    truth: denominator,
    candidate: denominator.map((own, index) => own + (numerator[index] ?? 0)),
    baseline: null,
  });
  expect(candidate.value).toBeCloseTo(row?.ratio ?? Number.NaN, 9);
  expect(candidate.standardError).toBeCloseTo(row?.standard_error ?? Number.NaN, 9);
  expect([candidate.lower, candidate.upper].map((bound) => bound?.toFixed(9))).toEqual(row?.interval_95_t.map((bound) => bound.toFixed(9)));
});

describe("closed forms equal a numerical derivative by the rows' weights", () => {
  const random = (seed: number) => (((seed * 7919 + 104729) % 1000) + 0.5) / 1001;
  const count = 60;
  const truth = Array.from({ length: count }, (_, row) => (random(row * 3 + 1) < 0.4 ? 1 : 0));
  const candidate = truth.map((label, row) =>
    Math.min(0.99, Math.max(0.01, Math.round((0.3 * label + 0.7 * random(row * 5 + 2)) * 20) / 20)),
  );
  const values = truth.map((label, row) => 3 + 4 * random(row * 11 + 5) + label);
  const predicted = values.map((value, row) => value + random(row * 13 + 7) - 0.4);
  const of = (task: RowTask, metric: string, weights: readonly number[] | null) =>
    differenceOf(
      task,
      metric,
      task === "classification"
        ? { truth, candidate, baseline: null, weights }
        : { truth: values, candidate: predicted, baseline: null, weights },
    );

  test.each([
    ...[
      "auc",
      "average_precision",
      "log_loss",
      "brier",
      "calibration_ratio",
      "precision",
      "recall@0.3",
      "specificity",
      "f1",
      "f_beta@2",
      "accuracy",
      "mcc",
      "cohen_kappa",
      "precision_macro",
      "recall_weighted",
      "precision_weighted",
      "f1_macro",
      "f1_weighted",
      "balanced_accuracy",
    ].map((metric) => ["classification", metric] as const),
    ...["mae", "mse", "rmse", "mape", "smape", "wape", "r2", "explained_variance", "pinball@0.9", "mean_error"].map(
      (metric) => ["regression", metric] as const,
    ),
    ...["pearson", "spearman", "kendall_tau_b", "rmsle", "poisson_deviance", "gamma_deviance"].map(
      (metric) => ["regression", metric] as const,
    ),
  ])("%s: %s", (task, metric) => {
    // Weights that differ by nothing measurable select the clustered form, which the jackknife by weight equals.
    const ones = truth.map(() => 1);
    const step = 1e-5;
    const slopes = ones.map((_, row) => {
      const up =
        of(
          task,
          metric,
          ones.map((one, other) => (other === row ? one + step : one)),
        ).candidate.value ?? Number.NaN;
      const down =
        of(
          task,
          metric,
          ones.map((one, other) => (other === row ? one - step : one)),
        ).candidate.value ?? Number.NaN;
      return (up - down) / (2 * step);
    });
    const expected = Math.sqrt((count / (count - 1)) * slopes.reduce((sum, slope) => sum + slope * slope, 0));
    expect(of(task, metric, ones).candidate.standardError).toBeCloseTo(expected, 6);
  });
});

describe("closed forms among several classes equal a numerical derivative by the rows' weights", () => {
  const count = 45;
  const noise = (seed: number) => (((seed * 6007 + 911) % 997) + 1) / 998;
  const truth = Array.from({ length: count }, (_, row) => row % 3);
  const raw = truth.map((label, row) => [0, 1, 2].map((own) => noise(row * 3 + own + 1) + (own === label ? 0.4 : 0)));
  const probabilities = [0, 1, 2].map((own) =>
    raw.map((line) => Math.round((20 * (line[own] ?? 0)) / line.reduce((sum, p) => sum + p, 0)) / 20),
  );
  const of = (metric: string, weights: readonly number[]) => {
    const table = rowTable("classification", [metric], { truth, candidate: truth, baseline: null, weights });
    const classes = ["a", "b", "c"];
    const [found] = rowMeasurements(
      { ...table, classes, candidate: { ...table.candidate, probabilities } },
      [],
      { name: "made", digest: "made" },
      "no-baseline",
    ).measurements;
    return found?.candidate;
  };

  test.each(["auc_ovr_macro", "auc_ovr_weighted", "auc_ovr_micro", "auc_ovo_macro", "auc_ovo_weighted", "brier_multiclass", "log_loss"])(
    "%s",
    (metric) => {
      const ones = truth.map(() => 1);
      const step = 1e-5;
      const moved = (row: number, by: number): number =>
        of(
          metric,
          ones.map((one, other) => (other === row ? one + by : one)),
        )?.value ?? Number.NaN;
      const slopes = ones.map((_, row) => (moved(row, step) - moved(row, 0 - step)) / (2 * step));
      const expected = Math.sqrt((count / (count - 1)) * slopes.reduce((sum, slope) => sum + slope * slope, 0));
      expect(of(metric, ones)?.standardError).toBeCloseTo(expected, 6);
    },
  );
});

describe("what rows cannot tell is not told", () => {
  const truth = Array.from({ length: 60 }, (_, row) => row % 2);
  const right = truth.map((label) => (label === 1 ? 0.9 : 0.1));
  const wrong = right.map((p) => 1 - p);

  test("a unit counts once, however many rows it has", () => {
    const units = truth.map((_, row) => (row < 30 ? "one" : `u${row}`));
    const errors = truth.map((_, row) => (row < 30 ? 31 : 0));
    const {
      candidate,
      units: counted,
      clusters,
    } = differenceOf("regression", "mae", { truth: truth.map(() => 0), candidate: errors, baseline: null, units });
    expect(candidate.value).toBeCloseTo(1, 12);
    expect([counted, clusters]).toEqual([31, 31]);
  });

  test("a perfect order has the interval that the rarer class allows", () => {
    const { candidate } = differenceOf("classification", "auc", { truth, candidate: right, baseline: null });
    expect(candidate).toMatchObject({ value: 1, standardError: null, upper: 1, why: { standardError: "no-variance" } });
    expect(candidate.lower).toBeCloseTo(0.025 ** (1 / 30), 12);
  });

  test("arms that are the same differ by 0, within what none of n rows shows", () => {
    const { difference } = differenceOf("classification", "brier", { truth, candidate: right, baseline: right });
    expect(difference).toMatchObject({ value: 0, why: { standardError: "no-unit-differs" } });
    expect(difference?.upper).toBeCloseTo(1 - 0.025 ** (1 / 60), 12);
    expect(differenceOf("regression", "mae", { truth, candidate: right, baseline: right }).difference).toMatchObject({
      value: 0,
      lower: null,
      why: { lower: "no-unit-differs" },
    });
  });

  test("a difference that is the same on every row is none that sampling could make", () => {
    const shifted = truth.map((label) => label + 2);
    const baseline = truth.map((label) => label + 1);
    expect(differenceOf("regression", "mae", { truth, candidate: shifted, baseline }).difference?.why?.["lower"]).toBe(
      "constant-difference",
    );
    expect(differenceOf("classification", "auc", { truth, candidate: right, baseline: wrong }).difference).toMatchObject({
      value: 1,
      lower: null,
      why: { lower: "no-variance" },
    });
  });

  test("a census has a value and no interval", () => {
    const { candidate, difference } = differenceOf("classification", "ks", { truth, candidate: right, baseline: wrong });
    expect([candidate.value, candidate.lower, candidate.why?.["lower"], difference?.method]).toEqual([1, null, "census", "census"]);
  });

  test("the arms of a weighted sample with weight 0 rows count only the others", () => {
    const weights = truth.map((_, row) => (row < 20 ? 0 : 1));
    expect(differenceOf("classification", "auc", { truth, candidate: right, baseline: null, weights })).toMatchObject({
      units: 40,
      clusters: 40,
    });
  });
});
