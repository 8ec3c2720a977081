import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type EvaluationSetting, evaluationSetting, reportOf } from "#test/support/evaluation-setting.ts";

let setting: EvaluationSetting;
beforeEach(() => {
  setting = evaluationSetting();
});
afterEach(() => setting.close());

const explanationSchema = z.object({
  schema: z.literal("slipway/explanation/v1"),
  values: z.array(z.object({ metric: z.string(), baseline: z.number(), candidate: z.number(), units: z.number() })),
  files: z.array(
    z.object({
      what: z.string(),
      name: z.string(),
      found: z.object({
        total: z.number(),
        columns: z.array(z.string()),
        rows: z.array(z.object({ row: z.number(), cells: z.array(z.string().nullable()) })),
      }),
    }),
  ),
});

describe("slipway evaluate --explain", () => {
  it("shows what one query brings to each metric, as the report's examples have it, and the rows that make it", async () => {
    const report = await reportOf(setting.evaluate("--json"));
    const win = report.examples?.wins[0];
    const answer = await setting.evaluate("--json", "--explain", win?.id ?? "");
    const { values, files } = explanationSchema.parse(JSON.parse(answer.stdout));
    const whole = report.measurements.find(({ metric, slice }) => metric === "ndcg@10" && slice === null);
    expect(values[0]).toEqual({ metric: "ndcg@10", baseline: win?.baseline, candidate: win?.candidate, units: whole?.units });
    expect(files.map(({ what }) => what)).toEqual(["labels", "baseline", "candidate"]);

    const listed = files.find(({ what }) => what === "candidate")?.found;
    const item = listed?.columns.indexOf("document_id") ?? -1;
    const items = listed?.rows.map(({ cells }) => cells[item]);
    for (const found of win?.lists?.candidate ?? []) expect(items).toContain(found.item);
    const numbers = listed?.rows.map(({ row }) => row) ?? [];
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));

    const { stdout } = await setting.evaluate("--explain", win?.id ?? "");
    expect(stdout.split("\n")[0]).toBe(`query_id ${win?.id}`);
    expect(stdout).toMatch(/^metric +baseline +candidate +difference +units that count$/m);
  });

  it("says that no file knows an id", async () => {
    const { code, stdout, stderr } = await setting.evaluate("--explain", "nobody");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe('"nobody" is not explained: no file has a row with query_id "nobody"; --examples names some.\n');
  });
});
