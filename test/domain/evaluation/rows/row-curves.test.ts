import { describe, expect, it } from "vitest";
import { rowCurves } from "#domain/evaluation/rows/row-curves.ts";
import { rowTable } from "#test/support/row-table.ts";

const truth = [1, 0, 1, 0];
const candidate = [0.9, 0.6, 0.55, 0.2];
const baseline = [0.2, 0.6, 0.55, 0.9];

describe("the curves of a classifier", () => {
  it("are those of the textbook on four rows", () => {
    const curves = rowCurves(rowTable("classification", ["auc", "brier"], { truth, candidate, baseline }));
    const own = curves.filter(({ arm }) => arm === "candidate");
    expect(own).toEqual([
      { kind: "roc", arm: "candidate", of: 4, x: [0, 0, 0.5, 0.5, 1], y: [0, 0.5, 0.5, 1, 1] },
      { kind: "precision-recall", arm: "candidate", of: 4, x: [0.5, 0.5, 1, 1], y: [1, 0.5, 2 / 3, 0.5] },
      {
        kind: "calibration",
        arm: "candidate",
        of: 4,
        x: [0.2, 0.55, 0.6, 0.9],
        y: [0, 1, 0, 1],
        rows: [1, 1, 1, 1],
        bins: "10 of equal width, [a,b)",
      },
    ]);
    expect(curves.filter(({ arm }) => arm === "baseline").map(({ kind }) => kind)).toEqual(["roc", "precision-recall", "calibration"]);
  });

  it("count rows by their weight, and rows of one score as one step", () => {
    const made = { truth: [1, 0, 0], candidate: [0.7, 0.7, 0.1], baseline: null, weights: [3, 1, 1] };
    expect(rowCurves(rowTable("classification", ["brier"], made))).toMatchObject([
      { kind: "roc", x: [0, 0.5, 1], y: [0, 1, 1] },
      { kind: "precision-recall", x: [1, 1], y: [0.75, 0.6] },
      { kind: "calibration", y: [0, 0.75], rows: [1, 2] },
    ]);
  });

  it("call no score a probability that no metric reads as one", () => {
    expect(rowCurves(rowTable("classification", ["auc"], { truth, candidate, baseline: null })).map(({ kind }) => kind)).toEqual([
      "roc",
      "precision-recall",
    ]);
  });

  it("are not drawn of one class, of numbers, or of no rows", () => {
    expect(rowCurves(rowTable("classification", ["auc"], { truth: [1, 1], candidate: [0.4, 0.5], baseline: null }))).toEqual([]);
    expect(rowCurves(rowTable("regression", ["mae"], { truth, candidate, baseline }))).toEqual([]);
    expect(rowCurves(rowTable("classification", ["brier"], { truth: [], candidate: [], baseline: null }))).toEqual([]);
  });

  it("stay within 200 points however many rows there are, and end where all rows are taken", () => {
    const many = Array.from({ length: 5_000 }, (_, row) => Math.abs(Math.sin(row * 12.9898) * 43758.5453) % 1);
    const curves = rowCurves(
      rowTable("classification", ["auc"], {
        truth: many.map((p, row) => (p > (many[(row * 7) % 5_000] ?? 0) ? 1 : 0)),
        candidate: many,
        baseline: null,
      }),
    );
    for (const { x, y } of curves) {
      expect(x.length).toBeLessThanOrEqual(200);
      expect(x.length).toBeGreaterThan(90);
      expect(y).toHaveLength(x.length);
    }
    expect(curves[0]).toMatchObject({ kind: "roc" });
    expect([curves[0]?.x.at(-1), curves[0]?.y.at(-1)]).toEqual([1, 1]);
  });
});
