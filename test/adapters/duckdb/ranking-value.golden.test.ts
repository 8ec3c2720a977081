import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { measurementsOf } from "#domain/evaluation/measurements.ts";
import { unitsOf } from "#domain/evaluation/unit-table.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import { golden, rowsOf } from "#test/support/golden.ts";
import { fileIn, metric, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "golden-value-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inputs = z.object({
  labels: z.array(z.record(z.string(), z.union([z.string(), z.number()]))),
  run: z.record(z.string(), z.record(z.string(), z.number())),
  curve: z.array(z.number()),
  power: z.number(),
});
const row = z.strictObject({
  metric: z.enum(["value", "hit_rate", "recall", "dcg", "mrr"]),
  k: z.number(),
  convention: z.strictObject({
    column: z.string().optional(),
    discount: z.enum(["none", "log2"]).optional(),
    ideal: z.enum(["none", "judged"]).optional(),
    clicks: z.literal("ips").optional(),
    clip: z.union([z.number(), z.literal("none")]).optional(),
  }),
  propensities: z.enum(["propensity", "curve", "power", "share"]).default("propensity"),
  values: z.record(z.string(), z.number().nullable()),
  mean: z.number(),
  clipped: z.number().default(0),
  source: z.string(),
});

const [known] = golden("ranking-value.json");
if (known === undefined) throw new Error("ranking-value.json holds one case");
const { labels, run, curve, power } = inputs.parse(known.inputs);
const rows = rowsOf(known, row);

describe("values of items, and clicks by their propensity", () => {
  test("every row of the file is compared", () => {
    expect([rows.length, known.expected.length]).toEqual([54, 54]);
  });

  test.each(["propensity", "curve", "power", "share"] as const)(
    "equal the definition, or RecPack, with propensities by %s",
    async (how) => {
      const wanted = rows.filter(({ propensities }) => propensities === how);
      const lines = (objects: readonly object[]): string => objects.map((line) => `${JSON.stringify(line)}\n`).join("");
      writeFileSync(join(folder, "labels.jsonl"), lines(labels));
      const scored = Object.entries(run).flatMap(([query, list]) => Object.entries(list).map(([item, score]) => ({ query, item, score })));
      writeFileSync(join(folder, "candidate.jsonl"), lines(scored));
      const columns = { query: "query", item: "item", score: "score", label: "grade" };
      const reading: Partial<ScoringRequest> =
        how === "propensity" || how === "share"
          ? { columns: { ...columns, propensity: how } }
          : { columns: { ...columns, position: "position" }, clicks: { positionCurve: how === "curve" ? curve : { power } } };
      const engine = duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
      const metrics = wanted.map(({ metric: family, k, convention: { column, discount, ideal, clicks, clip } }, index) => ({
        ...metric(`${family}@${k}`, {
          ...(column !== undefined && { column }),
          ...(discount !== undefined && { discount }),
          ...(ideal !== undefined && { ideal }),
          ...(clicks !== undefined && { clicks }),
          ...(clip !== undefined && { clip }),
        }),
        name: `own-${index}`,
      }));
      const candidate = [fileIn(folder, "candidate.jsonl")];
      const { table, problems } = await engine.score(scoringRequest(folder, { ...reading, candidate, baseline: null, metrics }));
      expect(problems).toEqual([]);
      const units = table === null ? null : unitsOf(table, "made");
      const measurements = units?.kind === "units" ? measurementsOf(units.table, "made", "no-baseline") : [];
      wanted.forEach((own, index) => {
        const found = table?.metrics[index];
        for (const [query, value] of Object.entries(own.values)) {
          const got = found?.kind === "scored" ? (found.candidate[table?.rows.indexOf(query) ?? -1] ?? null) : undefined;
          const what = `${own.metric}@${own.k} ${JSON.stringify(own.convention)} of ${query}`;
          if (value === null) expect(got, what).toBeNull();
          else expect(Math.abs((got ?? Number.NaN) - value), what).toBeLessThanOrEqual(1e-9);
        }
        const measured = measurements[index];
        expect(Math.abs((measured?.candidate.value ?? Number.NaN) - own.mean)).toBeLessThanOrEqual(1e-9);
        expect(measured?.counts?.["clipped"] ?? 0).toBe(own.clipped);
      });
    },
  );
});
