import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { printReport } from "#domain/evaluation/report.ts";
import { csv, evaluated } from "#test/support/judged-model.ts";

type Line = readonly (string | number)[];
type World = {
  readonly labels: readonly Line[];
  readonly candidate: readonly Line[];
  readonly baseline: readonly Line[];
  readonly judged: readonly Line[];
};

/** Margins whose plain sums depend on the order of adding: large and small, of both signs. */
const margin = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: -1e-6, max: 1e-6, noNaN: true }));

const worlds: fc.Arbitrary<World> = fc
  .array(fc.record({ c: margin, b: margin, clicked: fc.integer({ min: 0, max: 1 }), score: fc.double({ min: 0, max: 1, noNaN: true }) }), {
    minLength: 120,
    maxLength: 200,
  })
  .map((cells) => {
    const key = (index: number): Line => [`q${index % 20}`, `i${index}`];
    return {
      labels: cells.map(({ clicked }, index) => [...key(index), index % 3 === 0 ? 1 : 0, clicked]),
      candidate: cells.map(({ c, score }, index) => [...key(index), score, c]),
      baseline: cells.map(({ b, score }, index) => [...key(index), 1 - score, b]),
      judged: cells.flatMap(({ score }, index) => (index < 40 ? [[`q${index % 20}`, Math.floor(index / 20), score]] : [])),
    };
  });

const written = {
  evaluation: {
    labels: "labels.csv",
    columns: "{}",
    slices: "[]",
    metrics:
      '[mrr, {name: margin, sql: "coalesce(sum(margin * clicked) FILTER (score > 0.2), 0) + avg(margin)", better: higher}, {name: share, numerator: "sum(margin)", denominator: "sum(abs(margin))", better: higher, range: [-1, 1]}, {name: helpfulness, scores: "judge/{version}.csv", better: higher, range: [0, 1]}]',
  },
  gates: ["{metric: margin, noWorseThan: 1}", "{metric: share, noWorseThan: 5%}", "{metric: helpfulness, noWorseThan: 0.1}"],
};

async function bytesOf(world: World, order: (lines: readonly Line[]) => readonly Line[], threads: number): Promise<string> {
  const text = (header: string, lines: readonly Line[]): string => csv(header, order(lines));
  const { report } = await evaluated(
    written,
    {
      // Labels are the holdout, whose digest is that of their bytes and seeds what is drawn.
      "labels.csv": csv("query_id,item_id,label,clicked", world.labels),
      "predictions/bm25.csv": text("query_id,item_id,score,margin", world.candidate),
      "predictions/cosine.csv": text("query_id,item_id,score,margin", world.baseline),
      "judge/bm25.csv": text("query_id,repeat,score", world.judged),
      "judge/cosine.csv": text(
        "query_id,repeat,score",
        world.judged.map(([unit = "", repeat = 0, score]) => [unit, repeat, Number(score) / 2]),
      ),
    },
    { threads },
  );
  // The files' own digests follow the order of their rows; nothing else may.
  const { scores: _, ...inputs } = report.inputs;
  return printReport({ ...report, inputs: { ...inputs, labels: null, predictions: { baseline: null, candidate: null } } });
}

describe("a model's own metrics", () => {
  test("do not depend on the order of rows or the number of threads: not one byte of the report", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const plain = await bytesOf(world, (lines) => lines, 1);
        expect(plain).not.toContain('"code": "metric-sql-invalid"');
        const shuffled = await bytesOf(world, (lines) => lines.toSorted((a, b) => (`${a[1]}${a[0]}` < `${b[1]}${b[0]}` ? 1 : -1)), 4);
        expect(shuffled).toBe(plain);
      }),
      { numRuns: 2 },
    );
  });
});
