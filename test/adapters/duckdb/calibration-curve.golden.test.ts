import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { rowCurves } from "#domain/evaluation/rows/row-curves.ts";
import { golden, rowsOf } from "#test/support/golden.ts";
import { scoredRows } from "#test/support/scored-rows.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "golden-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the calibration curve of a report, in the bins of the calibration error that is measured", () => {
  const curves = z.object({
    metric: z.literal("calibration_curve"),
    bins: z.number(),
    strategy: z.enum(["uniform", "quantile"]),
    fraction_positive: z.array(z.number()),
    mean_predicted: z.array(z.number()),
  });
  const inputs = z.object({ y: z.array(z.number()), score: z.array(z.number()) });
  const cases = golden("classification-binary.json").filter((known) => rowsOf(known, curves).length > 0);

  test.each(cases)("$id: $about", async (known) => {
    const { y, score } = inputs.parse(known.inputs);
    const lines = y.map((label, row) => ({ label, score: score[row] ?? 0 }));
    for (const { bins, strategy, mean_predicted, fraction_positive } of rowsOf(known, curves)) {
      const metric = `${strategy === "uniform" ? "ece" : "ece_mass"}@${bins}+sklearn`;
      const drawn = rowCurves(await scoredRows(folder, "classification", lines, {}, [metric])).find(({ kind }) => kind === "calibration");
      expect([drawn?.x.length, drawn?.y.length], strategy).toEqual([mean_predicted.length, fraction_positive.length]);
      mean_predicted.forEach((mean, bin) => expect(Math.abs((drawn?.x[bin] ?? Number.NaN) - mean), strategy).toBeLessThan(1e-9));
      fraction_positive.forEach((share, bin) => expect(Math.abs((drawn?.y[bin] ?? Number.NaN) - share), strategy).toBeLessThan(1e-9));
    }
  });
});
