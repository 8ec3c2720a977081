import { column } from "#domain/evaluation/rows/arm-rows.ts";
import type { RowMetricFamily } from "#domain/evaluation/rows/row-metric.ts";
import { noValue } from "#domain/evaluation/rows/row-sums.ts";

/** The largest miss of all. */
export const maxError: RowMetricFamily = {
  family: "max_error",
  title: "largest error",
  about: "The largest miss of all.",
  definition: "max of |p - y|",
  reference: "sklearn max_error",
  tasks: ["regression"],
  parameter: null,
  sklearn: false,
  define: () => ({
    better: "lower",
    range: { min: 0, max: null },
    decomposable: "corpus",
    input: "value",
    printedConvention: {},
    estimator: {
      kind: "census",
      of: (rows) => {
        const predicted = column(rows.score);
        if (rows.truth.length === 0) return noValue("no-units");
        return { kind: "value", value: rows.truth.reduce((most, y, row) => Math.max(most, Math.abs((predicted[row] ?? 0) - y)), 0) };
      },
    },
  }),
};
