import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { golden, rowsOf } from "#test/support/golden.ts";
import { metric, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "golden-judged-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lists = z.record(z.string(), z.record(z.string(), z.number()));
const inputs = z.object({ qrels: lists, run: lists });
const row = z.strictObject({
  metric: z.enum(["ndcg", "precision", "map"]),
  k: z.number().nullable(),
  values: z.record(z.string(), z.number()),
  source: z.string(),
});

test.each(golden("ranking-judged.json"))("$about: every row equals ir-measures, and differs where unjudged items count", async (known) => {
  const rows = rowsOf(known, row);
  expect([rows.length, known.expected.length]).toEqual([4, 4]);
  const { qrels, run } = inputs.parse(known.inputs);
  const lines = (own: z.infer<typeof lists>, name: string): string =>
    Object.entries(own)
      .flatMap(([query_id, items]) => Object.entries(items).map(([item_id, value]) => JSON.stringify({ query_id, item_id, [name]: value })))
      .join("\n");
  writeFileSync(join(folder, "candidate.jsonl"), lines(run, "score"));
  writeFileSync(join(folder, "labels.jsonl"), lines(qrels, "label"));
  const spelled = rows.map(({ metric: family, k }) => (k === null ? family : `${family}@${k}`));
  const metrics = [...spelled.map((name) => metric(name, { unjudged: "skip" })), ...spelled.map((name) => metric(name))];
  const engine = duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
  const { table, problems } = await engine.score(scoringRequest(folder, { baseline: null, metrics }));
  expect(problems).toEqual([]);
  const valuesOf = (index: number): readonly (number | null)[] => {
    const scored = table?.metrics[index];
    return scored?.kind === "scored" ? scored.candidate : [];
  };
  rows.forEach(({ values }, index) => {
    const found = valuesOf(index);
    table?.rows.forEach((query, place) =>
      expect(Math.abs((found[place] ?? Number.NaN) - (values[query] ?? 0)), `${query}`).toBeLessThanOrEqual(1e-9),
    );
    expect(found).not.toEqual(valuesOf(index + rows.length));
  });
});
