import type { TopLevelSpec } from "vega-lite";
import type { Forest } from "#domain/report/page/forest.ts";

/** Direction is a shape as well as a colour: a triangle up is better, one down is worse, a circle is neither. */
const standings = ["better", "worse", "unclear"];
const colour = {
  field: "standing",
  scale: { domain: standings, range: ["var(--better)", "var(--worse)", "var(--unclear)"] },
  legend: null,
};
const shape = { field: "standing", scale: { domain: standings, range: ["triangle-up", "triangle-down", "circle"] }, legend: null };

/** One row under the other, the interval as a line, the estimate as a mark, no change as a line down through all. */
export function forestPlot({ rows, axis }: Forest): TopLevelSpec {
  const x = { type: "quantitative", title: axis, axis: { tickCount: 5 }, scale: { zero: true, nice: true } } as const;
  const y = { field: "label", type: "nominal", sort: null, title: null, axis: { ticks: false, domain: false } } as const;
  return {
    data: { values: rows.map((row) => ({ ...row })) },
    width: 360,
    height: { step: 24 },
    layer: [
      {
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { y, x: { ...x, field: "lower" }, x2: { field: "upper" }, color: colour },
      },
      {
        mark: { type: "point", filled: true, size: 90, opacity: 1 },
        encoding: { y, x: { ...x, field: "value" }, color: colour, shape },
      },
      { mark: { type: "rule", strokeDash: [4, 3], color: "currentColor" }, encoding: { x: { ...x, datum: 0 } } },
    ],
  };
}
