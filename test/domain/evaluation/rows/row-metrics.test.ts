import { describe, expect, test } from "vitest";
import { parseRowMetric, rowMetricFamilies, spelled } from "#domain/evaluation/rows/row-metrics.ts";
import { metricProblem } from "#domain/evaluation/rows/task-metrics.ts";
import { columnsSchema } from "#domain/model/model-definition.ts";

describe("a metric's name", () => {
  test("reads with the number that belongs to it, in one spelling only", () => {
    expect(parseRowMetric("ece@15", "classification")).toMatchObject({ kind: "metric", metric: { name: "ece@15", parameter: 15 } });
    expect(parseRowMetric("pinball@0.9", "regression")).toMatchObject({ kind: "metric", metric: { parameter: 0.9 } });
  });

  test.each([
    ["ece", 'Metric "ece" needs its bins. Did you mean ece@15?'],
    ["ece@1.5", 'The bins of metric "ece@1.5" must be a whole number from 1 to 10000. Did you mean ece@15?'],
    ["ece@015", 'The bins of metric "ece@015" must be a whole number from 1 to 10000. Did you mean ece@15?'],
    ["lift@1", 'The share of metric "lift@1" must be a number above 0 and below 1. Did you mean lift@0.1?'],
    ["auc@10", 'Metric "auc" takes nothing after @. Did you mean auc?'],
    ["aucc", 'There is no metric "aucc" for the task classification. Did you mean auc or mcc?'],
  ])("%s is answered with what is meant", (name, message) => {
    expect(parseRowMetric(name, "classification")).toMatchObject({ kind: "unknown", message });
  });

  test("belongs to its task", () => {
    expect(parseRowMetric("mae", "classification")).toMatchObject({ kind: "unknown" });
    expect(parseRowMetric("auc", "regression")).toMatchObject({ kind: "unknown" });
  });

  test("with scikit-learn's convention is another name", () => {
    const sklearn = { metric: "log_loss", name: "log_loss_sk", convention: "sklearn" } as const;
    expect(parseRowMetric(sklearn, "classification")).toMatchObject({
      metric: { name: "log_loss_sk", printedConvention: { clip: Number.EPSILON } },
    });
    expect(parseRowMetric({ metric: "log_loss", convention: "sklearn" }, "classification")).toMatchObject({
      message: "log_loss with a convention of its own needs a name that no metric has, such as name: log_loss_sklearn.",
    });
    expect(parseRowMetric({ ...sklearn, name: "auc@2" }, "classification").kind).toBe("unknown");
    expect(parseRowMetric({ metric: "auc", name: "a", convention: "sklearn" }, "classification")).toMatchObject({
      message: 'Metric "auc" has no convention "sklearn".',
    });
    expect(parseRowMetric({ metric: "auc", name: "a", convention: "ranx" }, "classification").kind).toBe("unknown");
    expect(parseRowMetric({ metric: "auc", gain: "exp2" }, "classification")).toMatchObject({
      message: 'Metric "auc" has no option gain.',
    });
  });
});

test("every family has a name of its own in its task, and reads by its own spelling", () => {
  for (const task of ["classification", "regression"] as const) {
    const own = rowMetricFamilies.filter(({ tasks }) => tasks.includes(task));
    expect(new Set(own.map(({ family }) => family)).size).toBe(own.length);
    for (const family of own) expect(parseRowMetric(spelled(family), task), family.family).toMatchObject({ kind: "metric" });
  }
});

describe("a metric's columns", () => {
  const classification = (columns: Readonly<Record<string, unknown>>) => ({
    task: "classification" as const,
    columns: columnsSchema.parse(columns),
  });

  test.each([
    ["auc", { class: "guess" }, "needs two classes"],
    ["top_k_accuracy@2", {}, "needs each class's probability"],
    ["log_loss", { class: "guess" }, "needs probabilities"],
  ])("%s with %o", (name, columns, message) => {
    expect(metricProblem(name, classification(columns))).toContain(message);
  });

  test("an interval needs both its ends", () => {
    expect(metricProblem("interval_width", { task: "regression", columns: columnsSchema.parse({ lower: "l" }) })).toContain(
      "columns.lower",
    );
  });

  test.each([
    ["auc", { class: "guess", positive: "yes" }],
    ["accuracy", { class: "guess" }],
    ["log_loss", { probabilities: { a: "p", b: "q" } }],
  ])("%s is measured with %o", (name, columns) => {
    expect(metricProblem(name, classification(columns))).toBeNull();
  });
});
