import type { Curve, Distribution } from "#domain/evaluation/drawings.ts";
import type { Report } from "#domain/evaluation/report.ts";
import { formatCount, formatPlain } from "#domain/report/format-number.ts";

/** How the single units differ; its bins may be empty, where every unit is the same in both arms. */
export interface Spread extends Distribution {
  /** What the drawing says, for who does not see it. */
  readonly summary: string;
}

export function spreadOf({ distribution }: Report): Spread | null {
  if (distribution === undefined) return null;
  const { metric, units, equal, edges, counts } = distribution;
  const sum = (keep: (lower: number) => boolean): number =>
    counts.reduce((total, count, bin) => (keep(edges[bin] ?? 0) ? total + count : total), 0);
  const [below, above] = [sum((lower) => lower < 0), sum((lower) => lower >= 0)];
  const share = (count: number): string => `${formatCount(count)} (${Math.round((100 * count) / Math.max(1, units))} %)`;
  const reach = edges.length === 0 ? "" : ` The farthest bins end at ${formatPlain(edges[0] ?? 0)} and ${formatPlain(edges.at(-1) ?? 0)}.`;
  const summary = `${metric} of the ${formatCount(units)} units: ${share(above)} higher with the candidate, ${share(below)} lower, ${share(equal)} the same.${reach}`;
  return { ...distribution, summary };
}

/** The curves of one kind, both arms in one drawing. */
export interface CurvePlot {
  readonly kind: Curve["kind"];
  readonly title: string;
  readonly axes: readonly [x: string, y: string];
  readonly curves: readonly Curve[];
  readonly summary: string;
}

const kinds = {
  roc: { title: "ROC", axes: ["false positive rate", "true positive rate"], ideal: "the upper left corner is best" },
  "precision-recall": { title: "Precision and recall", axes: ["recall", "precision"], ideal: "the upper right corner is best" },
  calibration: { title: "Calibration", axes: ["mean probability", "share of positives"], ideal: "the diagonal is best" },
} as const;

export function curvePlotsOf({ curves = [] }: Report): readonly CurvePlot[] {
  return (["roc", "precision-recall", "calibration"] as const).flatMap((kind) => {
    const own = curves.filter((curve) => curve.kind === kind);
    if (own.length === 0) return [];
    const { axes, ideal, title: name } = kinds[kind];
    const bins = own[0]?.bins;
    const title = bins === undefined ? name : `${name}, bins: ${bins}`;
    return [{ kind, title, axes, curves: own, summary: `${title}, ${axes[1]} by ${axes[0]}; ${ideal}. ${own.map(spoken).join(" ")}` }];
  });
}

/** A curve in words: what it is at a quarter, a half and three quarters of its way across. */
function spoken({ arm, x, y, of }: Curve): string {
  const at = (wanted: number): string => {
    const index = x.findIndex((value) => value >= wanted);
    const found = y[index === -1 ? y.length - 1 : index] ?? 0;
    return `${formatPlain(Number(found.toPrecision(2)))} at ${wanted}`;
  };
  return `The ${arm}, of ${formatCount(of)} rows: ${[0.25, 0.5, 0.75].map(at).join(", ")}.`;
}
