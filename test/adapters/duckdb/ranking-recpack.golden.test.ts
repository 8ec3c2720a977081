import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { measurementsOf } from "#domain/evaluation/measurements.ts";
import { metricEntrySchema, parseMetricEntry } from "#domain/evaluation/metric-entry.ts";
import { presets } from "#domain/evaluation/presets.ts";
import { unitsOf } from "#domain/evaluation/unit-table.ts";
import { golden, rowsOf } from "#test/support/golden.ts";
import { fileIn, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "golden-recpack-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lists = z.record(z.string(), z.record(z.string(), z.number()));
const inputs = z.object({ run: lists, labels: lists, catalogue: z.array(z.string()) });
const row = z.object({
  metric: z.string(),
  k: z.number(),
  values: z.record(z.string(), z.number()).optional(),
  mean: z.number().optional(),
  value: z.number().optional(),
  source: z.string().startsWith("RecPack"),
  use: z.undefined().optional(),
});
const cases = golden("ranking-recpack.json");

test.each(cases)("convention recpack gives RecPack's numbers: $about", async (known) => {
  const { run, labels, catalogue } = inputs.parse(known.inputs);
  const lines = (own: z.infer<typeof lists>, name: string): string =>
    Object.entries(own)
      .flatMap(([query_id, items]) => Object.entries(items).map(([item_id, value]) => JSON.stringify({ query_id, item_id, [name]: value })))
      .join("\n");
  writeFileSync(join(folder, "candidate.jsonl"), lines(run, "score"));
  writeFileSync(join(folder, "labels.jsonl"), lines(labels, "label"));
  writeFileSync(join(folder, "items.jsonl"), catalogue.map((item_id) => JSON.stringify({ item_id })).join("\n"));
  const rows = rowsOf(known, row);
  const metrics = rows.map(({ metric, k }) => {
    const entry = { metric: `${metric}@${k}`, name: `recpack_${metric}@${k}`, convention: "recpack" };
    const parsed = parseMetricEntry(metricEntrySchema.parse(entry));
    if (parsed.kind === "unknown") throw new Error(parsed.message);
    return parsed.metric;
  });
  const engine = duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
  const { table, problems } = await engine.score(
    scoringRequest(folder, { baseline: null, metrics, items: [fileIn(folder, "items.jsonl")] }),
  );
  expect(problems).toEqual([]);
  const units = table === null ? null : unitsOf(table, "made");
  const measurements = units?.kind === "units" ? measurementsOf(units.table, "made", "no-baseline") : [];
  rows.forEach(({ metric, k, values = {}, mean, value }, index) => {
    const what = `${known.id}: ${metric}@${k}`;
    expect(measurements[index]?.candidate.value, what).toBeCloseTo(mean ?? value ?? Number.NaN, 9);
    const found = table?.metrics[index];
    for (const [user, wanted] of Object.entries(values)) {
      const own = found?.kind === "scored" ? found.candidate[table?.rows.indexOf(user) ?? -1] : undefined;
      expect(Math.abs((own ?? Number.NaN) - wanted), `${what} of ${user}: ${wanted}, found ${own}`).toBeLessThanOrEqual(1e-9);
    }
  });
});

test("every row is compared but HitK where several items are relevant, and every metric of the preset has rows", () => {
  const left = cases.flatMap((known) =>
    known.expected.filter((one) => !row.safeParse(one).success).map((one) => [known.id, one["metric"]]),
  );
  expect(left).toEqual(Array.from({ length: 3 }, () => ["several", "hit_rate"]));
  expect(cases.flatMap((known) => rowsOf(known, row))).toHaveLength(45);
  const held = new Set(cases.flatMap((known) => rowsOf(known, row)).map(({ metric }) => metric));
  expect([...held].toSorted()).toEqual(Object.keys(presets.recpack.metrics).toSorted());
});
