import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Estimate } from "#domain/evaluation/report.ts";
import { classCounts } from "#domain/evaluation/rows/class-counts.ts";
import { rowMeasurements } from "#domain/evaluation/rows/row-measurements.ts";
import type { Columns } from "#domain/model/model-definition.ts";
import { type GoldenCase, golden, goldenNumber, rowsOf } from "#test/support/golden.ts";
import { answeredRows, type Line, scoredRows } from "#test/support/scored-rows.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "golden-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The report's numbers. Rows are named so that their order is the golden one. */
async function measured(
  task: "classification" | "regression",
  lines: readonly Line[],
  columns: Partial<Columns>,
  metrics: readonly string[],
): Promise<
  readonly (Estimate & { readonly counts: Readonly<Record<string, number>>; readonly excluded: Readonly<Record<string, number>> })[]
> {
  const table = await scoredRows(folder, task, lines, columns, metrics);
  return rowMeasurements(table, [], { name: "golden", digest: "golden" }, "no-baseline").measurements.map(
    ({ candidate, counts = {}, excluded }) => ({ ...candidate, counts, excluded }),
  );
}

type Target = { readonly metric: string; readonly weighted: boolean; readonly value: number };

async function expectTargets(
  targets: readonly Target[],
  task: "classification" | "regression",
  lines: readonly Line[],
  columns: Partial<Columns>,
): Promise<void> {
  for (const weighted of [false, true]) {
    const own = targets.filter((target) => target.weighted === weighted);
    if (own.length === 0) continue;
    const names = [...new Set(own.map(({ metric }) => metric))];
    const found = await measured(task, lines, { ...columns, ...(weighted && { weight: "weight" }) }, names);
    for (const { metric, value } of own) {
      const at = found[names.indexOf(metric)]?.value ?? Number.NaN;
      expect(
        Math.abs(at - value) / Math.max(1, Math.abs(value)),
        `${metric}${weighted ? ", weighted" : ""}: ${at}, expected ${value}`,
      ).toBeLessThan(1e-9);
    }
  }
}

const common = { value: z.number(), weighted: z.boolean().default(false), use: z.undefined().optional() };

/** How golden rows call a metric, and what it is called here; undefined where the row is of no metric that is offered. */
function nameOf(row: Readonly<Record<string, unknown>>): string | undefined {
  const convention = String(row["convention"] ?? "");
  const library = String(row["source"]).startsWith("scikit-learn");
  switch (row["metric"]) {
    case "roc_auc":
      return "auc";
    case "partial_roc_auc":
      return `partial_auc@${row["max_fpr"]}+sklearn`;
    case "partial_roc_auc_raw":
      return `partial_auc@${row["max_fpr"]}`;
    case "lift":
      return `lift@${row["share"]}`;
    case "log_loss":
      return library ? "log_loss+sklearn" : "log_loss";
    case "ece":
      return convention.includes("(a,b]") ? `ece@${row["bins"]}+sklearn` : `ece@${row["bins"]}`;
    case "ece_l2":
    case "ece_equal_mass":
    case "max_calibration_error":
      return `${row["metric"] === "ece_equal_mass" ? "ece_mass" : row["metric"]}@${row["bins"]}`;
    case "precision":
    case "recall":
    case "f1":
      return `${row["metric"]}_${row["average"]}`;
    case "roc_auc_multiclass":
      return `auc_${row["multi_class"]}_${row["average"]}`;
    case "top_k_accuracy":
      return `top_k_accuracy@${row["k"]}`;
    case "median_absolute_error":
      return "median_ae";
    case "pinball":
      return `pinball@${row["quantile"]}`;
    case "mape":
      return library ? "mape+sklearn" : "mape";
    case "confusion":
    case "calibration_curve":
      return undefined;
    default:
      return String(row["metric"]);
  }
}

function targetsOf(known: GoldenCase): readonly Target[] {
  return rowsOf(known, z.looseObject({ metric: z.string(), source: z.string(), ...common })).flatMap((row) => {
    const metric = nameOf(row);
    return metric === undefined ? [] : [{ metric, weighted: row.weighted, value: row.value }];
  });
}

const casesOf = (file: string): readonly GoldenCase[] => golden(file).filter(({ id }) => id !== "degenerate");

describe("rows of the golden files", () => {
  test.each([
    ["classification-binary.json", 277, { calibration_curve: 16 }],
    ["classification-labels.json", 98, { confusion: 6 }],
    ["regression.json", 128, {}],
  ] as const)("of %s are held, those that are no single number by a test of their own", (file, held, left) => {
    const cases = casesOf(file);
    expect(cases.flatMap(targetsOf)).toHaveLength(held);
    const others: Record<string, number> = {};
    for (const known of cases) {
      const targets = new Set(targetsOf(known).map(({ metric }) => metric));
      for (const row of known.expected) {
        const name = nameOf(row);
        const metric = String(row["metric"]);
        if (name === undefined || !targets.has(name)) others[metric] = (others[metric] ?? 0) + 1;
      }
    }
    expect(others).toEqual(left);
    expect(held + Object.values(left).reduce((sum, count) => sum + count, 0)).toBe(cases.flatMap(({ expected }) => expected).length);
  });
});

describe("two classes", () => {
  const inputs = z.object({ y: z.array(z.number()), score: z.array(goldenNumber), weight: z.array(z.number()).optional() });

  test.each(casesOf("classification-binary.json"))("$id: $about", async (known) => {
    const { y, score, weight } = inputs.parse(known.inputs);
    const lines = y.map((label, row) => ({ label, score: score[row] ?? 0, ...(weight && { weight: weight[row] ?? 0 }) }));
    const targets = targetsOf(known);
    expect(targets.length).toBeGreaterThan(10);
    await expectTargets(targets, "classification", lines, {});
  });
});

describe("several classes", () => {
  const labelled = z.object({
    truth: z.array(z.string()),
    predicted: z.array(z.string()),
    labels: z.array(z.string()),
    weight: z.array(z.number()).optional(),
  });
  const probable = z.object({ truth: z.array(z.number()), probabilities: z.array(z.array(z.number())) });
  const cases = casesOf("classification-labels.json");

  test.each(cases.filter(({ inputs }) => labelled.safeParse(inputs).success))("$id: $about", async (known) => {
    const { truth, predicted, labels, weight } = labelled.parse(known.inputs);
    const lines = truth.map((label, row) => ({ label, guess: predicted[row] ?? "", ...(weight && { weight: weight[row] ?? 0 }) }));
    await expectTargets(targetsOf(known), "classification", lines, { class: "guess", classes: labels });
  });

  test.each(cases.filter(({ inputs }) => labelled.safeParse(inputs).success))("$id: the confusion matrix", (known) => {
    const { truth, predicted, labels, weight } = labelled.parse(known.inputs);
    const places = (names: readonly string[]) => names.map((name) => labels.indexOf(name));
    const matrices = z.object({
      metric: z.literal("confusion"),
      weighted: z.boolean().default(false),
      value: z.array(z.array(z.number())),
    });
    for (const { weighted, value } of rowsOf(known, matrices)) {
      const { cells } = classCounts({
        truth: places(truth),
        predicted: places(predicted),
        weights: weighted ? (weight ?? null) : null,
        classes: labels,
        classesDeclared: true,
        score: null,
        propensity: null,
        probabilities: null,
        lower: null,
        upper: null,
      });
      value.forEach((line, row) => line.forEach((cell, at) => expect(cells[row]?.[at]).toBeCloseTo(cell, 9)));
    }
  });

  test.each(cases.filter(({ inputs }) => probable.safeParse(inputs).success))("$id: $about", async (known) => {
    const { truth, probabilities } = probable.parse(known.inputs);
    const classes = (probabilities[0] ?? []).map((_, index) => String(index));
    const lines = truth.map((label, row) => ({
      label,
      ...Object.fromEntries(classes.map((name, index) => [`p${name}`, probabilities[row]?.[index] ?? 0])),
    }));
    const columns = { probabilities: Object.fromEntries(classes.map((name) => [name, `p${name}`])) };
    await expectTargets(targetsOf(known), "classification", lines, columns);
  });
});

describe("regression", () => {
  const inputs = z.object({ truth: z.array(z.number()), predicted: z.array(z.number()), weight: z.array(z.number()).optional() });

  test.each(casesOf("regression.json"))("$id: $about", async (known) => {
    const { truth, predicted, weight } = inputs.parse(known.inputs);
    const lines = truth.map((label, row) => ({ label, score: predicted[row] ?? 0, ...(weight && { weight: weight[row] ?? 0 }) }));
    await expectTargets(targetsOf(known), "regression", lines, {});
  });

  test("rows with a true value of 0 are left out of MAPE, and counted", async () => {
    const known = golden("regression.json").find(({ id }) => id === "zeros");
    if (known === undefined) throw new Error("the case is missing");
    const [row] = rowsOf(known, z.object({ metric: z.literal("mape"), skipped: z.number() }));
    const { truth, predicted } = inputs.parse(known.inputs);
    const lines = truth.map((label, index) => ({ label, score: predicted[index] ?? 0 }));
    const [mape] = await measured("regression", lines, {}, ["mape"]);
    expect(mape?.excluded).toEqual({ zeroTruth: row?.skipped });
  });
});

describe("what has no value says why", () => {
  const row = z.object({
    metric: z.enum(["roc_auc", "average_precision", "r2"]),
    y: z.array(z.number()).optional(),
    truth: z.array(z.number()).optional(),
    predicted: z.array(z.number()).optional(),
    project: z.string(),
  });
  const reasons: Readonly<Record<string, string>> = {
    "no-data: one class only": "one-class",
    "no-data: the truth does not vary": "truth-does-not-vary",
    "no-data: fewer than two rows": "truth-does-not-vary",
  };
  const degenerate = (file: string) => golden(file).filter(({ id }) => id === "degenerate");

  test.each(
    degenerate("classification-binary.json")
      .flatMap((known) => rowsOf(known, row))
      .filter(({ project }) => !project.startsWith("invalid")),
  )("$metric of $y: $project", async ({ metric, y = [], project }) => {
    const lines = y.map((label, index) => ({ label, score: [0.2, 0.5, 0.9][index] ?? 0 }));
    const [found] = await measured("classification", lines, {}, [metric === "roc_auc" ? "auc" : metric]);
    if (metric === "average_precision") {
      expect([found?.value, found?.why?.["value"]]).toEqual(y.includes(1) ? [1, undefined] : [null, "no-positive"]);
    } else expect([found?.value, found?.why?.["value"]]).toEqual([null, reasons[project]]);
  });

  const refused = z.object({
    y: z.array(z.number()),
    score: z.array(z.union([z.number(), z.string()])),
    project: z.string().startsWith("invalid"),
  });

  test.each(degenerate("classification-binary.json").flatMap((known) => rowsOf(known, refused)))(
    "scores $score: $project",
    async ({ y, score }) => {
      const lines = y.map((label, index) => ({ label, score: score[index] ?? 0 }));
      const { table, problems } = await answeredRows(folder, "classification", lines, {}, ["auc"]);
      expect([table, problems.map(({ code, verdict }) => [code, verdict])]).toEqual([null, [["score-not-finite", "error"]]]);
    },
  );

  test.each(degenerate("regression.json").flatMap((known) => rowsOf(known, row)))("$metric of $truth: $project", async (known) => {
    const { truth = [], predicted = [], project } = known;
    const lines = truth.map((label, index) => ({ label, score: predicted[index] ?? 0 }));
    const [found] = await measured("regression", lines, {}, ["r2"]);
    expect([found?.value, found?.why?.["value"]]).toEqual([null, reasons[project]]);
  });
});
