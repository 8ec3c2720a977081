import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { golden, rowsOf } from "#test/support/golden.ts";
import { metric, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "golden-retrieval-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lists = z.record(z.string(), z.record(z.string(), z.number()));
const inputs = z.object({
  labels: z.array(z.object({ query: z.string(), item: z.string(), rank: z.number(), distance: z.number() })),
  candidate: lists,
  baseline: lists,
});
const row = z.strictObject({
  metric: z.enum(["neighbour_recall", "overlap", "kendall_tau"]),
  k: z.number(),
  convention: z.strictObject({ neighbours: z.enum(["first", "within"]) }).optional(),
  arm: z.enum(["candidate", "baseline"]).default("candidate"),
  values: z.record(z.string(), z.number()),
  source: z.string(),
});

const [known] = golden("retrieval.json");
if (known === undefined) throw new Error("retrieval.json holds one case");
const made = inputs.parse(known.inputs);
const rows = rowsOf(known, row);
const columns = { query: "query", item: "item", score: "score", label: "label" };

describe("an index of quantised points against exact search", () => {
  test("every row of the file is compared", () => {
    expect([rows.length, known.expected.length]).toEqual([17, 17]);
  });

  test.each([
    ["the rank and the distance of the exact neighbours", { rank: "rank", distance: "distance" }, 17],
    ["their distance alone, equal ones in the order of ids", { distance: "distance" }, 17],
    ["their rank alone", { rank: "rank" }, 11],
  ])("equals sets, and scipy's tau, by %s", async (_by, by, compared) => {
    const wanted = rows.filter(({ convention }) => "distance" in by || convention?.neighbours !== "within");
    expect(wanted).toHaveLength(compared);
    const lines = (objects: readonly object[]): string => objects.map((line) => `${JSON.stringify(line)}\n`).join("");
    writeFileSync(join(folder, "labels.jsonl"), lines(made.labels));
    for (const arm of ["candidate", "baseline"] as const) {
      const scored = Object.entries(made[arm]).flatMap(([query, list]) =>
        Object.entries(list).map(([item, score]) => ({ query, item, score })),
      );
      writeFileSync(join(folder, `${arm}.jsonl`), lines(scored));
    }
    const metrics = wanted.map(({ metric: family, k, convention = {} }, index) => ({
      ...metric(`${family}@${k}`, convention),
      name: `own-${index}`,
    }));
    const engine = duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
    const { table, problems } = await engine.score(scoringRequest(folder, { task: "retrieval", columns: { ...columns, ...by }, metrics }));
    expect(problems).toEqual([]);
    wanted.forEach((own, index) => {
      const found = table?.metrics[index];
      const arm = found?.kind === "scored" ? found[own.arm] : null;
      for (const [query, value] of Object.entries(own.values)) {
        const got = arm?.[table?.rows.indexOf(query) ?? -1] ?? Number.NaN;
        expect(Math.abs(got - value), `${own.metric}@${own.k} ${JSON.stringify(own.convention)} of ${query}`).toBeLessThanOrEqual(1e-9);
      }
    });
  });
});
