import type { Constant, InfluencedCorrelation } from "#domain/statistics/influenced-correlation.ts";
import type { Numbers } from "#domain/statistics/numbers.ts";
import { type ArmRows, column } from "./arm-rows.ts";
import type { RowEstimator } from "./row-metric.ts";
import { influencesOf, noValue } from "./row-sums.ts";

type Correlation = (first: Numbers, second: Numbers, weights: Numbers | null) => InfluencedCorrelation | Constant;

/** The correlation of predictions with true values, and its linearised interval. */
export function correlationEstimator(correlation: Correlation): RowEstimator {
  return {
    kind: "linearised",
    method: "linearised",
    of: (rows: ArmRows) => {
      if (rows.truth.length === 0) return noValue("no-units");
      const found = correlation(rows.truth, column(rows.score), rows.weights);
      if ("constant" in found) return noValue(found.constant === "first" ? "truth-does-not-vary" : "predictions-do-not-vary");
      return { kind: "value", value: found.value, influences: influencesOf(found.influences, rows.weights) };
    },
  };
}
