import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { unitsOf } from "#domain/evaluation/unit-table.ts";
import { heldCases } from "#test/support/golden-holders.ts";
import { metric, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "golden-intents-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inputs = z.object({
  subtopic_qrels: z.array(z.tuple([z.string(), z.string(), z.string(), z.number()])),
  run_rows: z.array(z.tuple([z.string(), z.string(), z.number()])),
});
const row = z.object({ metric: z.string(), values: z.record(z.string(), z.number()), tolerance: z.number() });

/** ndeval divides ERR-IA by what a list of items that serve every intent would have, each seen half as willingly as the one before. */
const errOfIdealItems = (k: number): number =>
  Array.from({ length: k }, (_, index) => 0.5 ** (index + 1) / (index + 1)).reduce((sum, own) => sum + own, 0);

/** How a user asks for it, each intent being a query of its own and the query the unit; and what ndeval divides by. */
const asked = {
  "P-IA@5": { own: metric("precision@5"), dividedBy: 1 },
  "strec@5": { own: metric("hit_rate@5"), dividedBy: 1 },
  "ERR-IA@5": { own: metric("err@5", { maxGrade: 1 }), dividedBy: errOfIdealItems(5) },
} as const;

test.each(heldCases("ranking-conventions.json", "intents.golden.test.ts"))(
  "intents as queries, averaged over the query as the unit, give ndeval's measures",
  async (known) => {
    const { subtopic_qrels, run_rows } = inputs.parse(known.inputs);
    const intents = [...new Set(subtopic_qrels.map(([query, intent]) => `${query}/${intent}`))];
    const lines = (objects: readonly object[]): string => objects.map((line) => JSON.stringify(line)).join("\n");
    writeFileSync(
      join(folder, "labels.jsonl"),
      lines(subtopic_qrels.map(([query, intent, item_id, label]) => ({ query_id: `${query}/${intent}`, query, item_id, label }))),
    );
    const ofIntent = (intent: string) => run_rows.filter(([query]) => intent.startsWith(`${query}/`));
    writeFileSync(
      join(folder, "candidate.jsonl"),
      lines(intents.flatMap((query_id) => ofIntent(query_id).map(([, item_id, score]) => ({ query_id, item_id, score })))),
    );
    const rows = known.expected.map((one) => row.parse(one));
    expect(rows.map(({ metric: name }) => name).toSorted()).toEqual(Object.keys(asked).toSorted());
    const engine = duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
    const columns = { query: "query_id", item: "item_id", score: "score", label: "label", unit: "query" };
    const { table, problems } = await engine.score(
      scoringRequest(folder, { baseline: null, columns, metrics: Object.values(asked).map(({ own }) => own) }),
    );
    expect(problems).toEqual([]);
    const units = table === null ? null : unitsOf(table, "made");
    if (units?.kind !== "units") throw new Error("the units must be there");
    for (const { metric: name, values, tolerance } of rows) {
      const at = Object.keys(asked).indexOf(name);
      const found = units.table.metrics[at]?.candidate ?? [];
      expect(found).toHaveLength(Object.keys(values).length);
      // Units stand in the order of their first query, which here is that of their ids.
      Object.entries(values).forEach(([query, value], unit) => {
        const own = (found[unit] ?? Number.NaN) / (Object.values(asked)[at]?.dividedBy ?? 1);
        expect(Math.abs(own - value), `${name} of query ${query}: ${value}, found ${own}`).toBeLessThan(tolerance);
      });
    }
  },
);
