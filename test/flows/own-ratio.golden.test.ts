import { describe, expect, test } from "vitest";
import { z } from "zod";
import { golden, rowsOf } from "#test/support/golden.ts";
import { csv, evaluated } from "#test/support/judged-model.ts";

const inputsSchema = z.object({ numerator: z.array(z.number()), denominator: z.array(z.number()) });
const deltaSchema = z.object({
  method: z.literal("delta"),
  ratio: z.number(),
  standard_error: z.number(),
  interval_95_t: z.tuple([z.number(), z.number()]),
});
const cases = golden("statistics.json").filter(({ id }) => id === "ratio" || id === "ratio-small");

describe("a model's own ratio, from the files to the report", () => {
  test.each(cases.map((known) => [known.id, known] as const))(
    "has the delta method's estimate, error and interval of %s",
    async (_, known) => {
      const { numerator, denominator } = inputsSchema.parse(known.inputs);
      const [expected] = rowsOf(known, deltaSchema);
      const file = csv(
        "unit,top,below",
        numerator.map((top, index) => [index, top, denominator[index] ?? 0]),
      );
      const written = {
        evaluation: {
          task: "judged",
          labels: "",
          slices: "[]",
          columns: "{}",
          metrics: "[{name: own, numerator: top, denominator: below, better: higher}]",
        },
        gates: ["{metric: own, atLeast: 0}"],
      };
      const { measured } = await evaluated(written, { "predictions/bm25.csv": file, "predictions/cosine.csv": file });
      const found = measured("own")?.candidate;
      expect(expected).toBeDefined();
      expect(found?.value).toBeCloseTo(expected?.ratio ?? Number.NaN, 12);
      expect(found?.standardError).toBeCloseTo(expected?.standard_error ?? Number.NaN, 12);
      expect(found?.lower).toBeCloseTo(expected?.interval_95_t[0] ?? Number.NaN, 12);
      expect(found?.upper).toBeCloseTo(expected?.interval_95_t[1] ?? Number.NaN, 12);
    },
  );
});
