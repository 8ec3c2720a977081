import type { TopLevelSpec } from "vega-lite";
import type { CurvePlot, Spread } from "#domain/report/page/shapes.ts";

/** How many units lie in each bin; those that are the same in both arms would dwarf the rest, and are said beside it. */
export function spreadPlot({ edges, counts }: Spread): TopLevelSpec {
  const values = counts.map((count, bin) => ({ from: edges[bin] ?? 0, to: edges[bin + 1] ?? 0, count }));
  return {
    width: 520,
    height: 180,
    layer: [
      {
        data: { values },
        mark: { type: "bar", color: "var(--bar)" },
        encoding: {
          x: {
            field: "from",
            type: "quantitative",
            bin: { binned: true },
            title: "difference of a unit, candidate − baseline",
            axis: { tickCount: 9 },
          },
          x2: { field: "to" },
          y: { field: "count", type: "quantitative", title: "units", axis: { tickCount: 4, format: ",d", tickMinStep: 1 } },
        },
      },
      {
        data: { values: [{}] },
        mark: { type: "rule", strokeDash: [4, 3], color: "currentColor" },
        encoding: { x: { datum: 0, type: "quantitative" } },
      },
    ],
  };
}

const arms = {
  domain: ["candidate", "baseline"],
  colours: ["var(--better)", "var(--unclear)"],
  dashes: [
    [1, 0],
    [5, 3],
  ],
};

/** Both arms in one square: the candidate a line, the baseline dashed; where the diagonal means something, it is dotted. */
export function curvePlot({ kind, axes, curves }: CurvePlot): TopLevelSpec {
  const values = curves.flatMap(({ arm, x, y }) => x.map((at, order) => ({ arm, x: at, y: y[order] ?? 0, order })));
  const axis = { scale: { domain: [0, 1] }, axis: { tickCount: 5, format: ".1f" } };
  const colour = { field: "arm", scale: { domain: arms.domain, range: arms.colours }, legend: null };
  const place = {
    x: { field: "x", type: "quantitative", title: axes[0], ...axis },
    y: { field: "y", type: "quantitative", title: axes[1], ...axis },
  } as const;
  const diagonal = [0, 1].map((at) => ({ x: at, y: at }));
  return {
    width: 240,
    height: 240,
    layer: [
      ...(kind === "precision-recall"
        ? []
        : [{ data: { values: diagonal }, mark: { type: "line" as const, color: "var(--line)", strokeDash: [1, 3] }, encoding: place }]),
      {
        data: { values },
        mark: { type: "line", strokeWidth: 2, point: kind === "calibration" ? { filled: true, size: 40 } : false },
        encoding: {
          ...place,
          order: { field: "order", type: "quantitative" },
          color: colour,
          strokeDash: { field: "arm", scale: { domain: arms.domain, range: arms.dashes }, legend: null },
        },
      },
    ],
  };
}
