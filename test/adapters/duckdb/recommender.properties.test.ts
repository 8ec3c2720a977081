import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { assembleReport } from "#domain/evaluation/assemble-report.ts";
import { printReport, type Report } from "#domain/evaluation/report.ts";
import type { Row } from "#test/support/fakes/evaluation-engine.ts";
import { gates, header } from "#test/support/report-request.ts";
import { fileIn, metric, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "recommender-properties-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const runs = { numRuns: 3 };
type World = { readonly [file in "candidate" | "baseline" | "labels" | "items"]: readonly Row[] };

/** A few users with lists of different lengths and tied scores, and a catalogue that lacks some of the items and some of their values. */
const worlds: fc.Arbitrary<World> = fc
  .record({
    cells: fc.array(
      fc.record({ score: fc.integer({ min: -3, max: 3 }), other: fc.integer({ min: -3, max: 3 }), label: fc.integer({ min: 0, max: 2 }) }),
      { minLength: 12, maxLength: 60 },
    ),
    popularity: fc.array(fc.option(fc.integer({ min: 0, max: 9 })), { minLength: 45, maxLength: 45 }),
  })
  .map(({ cells, popularity }) => {
    const ids = cells.map((_, index) => ({ query_id: `q${index % 6}`, item_id: `d${(index * 7) % 61}` }));
    const with_ = (value: (cell: (typeof cells)[number]) => Row): readonly Row[] =>
      cells.map((cell, index) => ({ ...ids[index], ...value(cell) }));
    return {
      candidate: with_(({ score }) => ({ score: score / 3 })),
      baseline: with_(({ other }) => ({ score: other / 3 })),
      labels: with_(({ label }) => ({ label, half: null })).map((row) => ({ ...row, half: Number(String(row["query_id"]).slice(1)) % 2 })),
      items: popularity.map((taken, item) => ({
        item_id: `d${item}`,
        popularity: taken,
        category: `c${item % 3}`,
        provider: item % 4 === 0 ? "acme" : "other",
        vector: item % 6 === 0 ? null : `[${item / 7}, ${(item * item) % 5}, 0.1]`,
      })),
    };
  });

const metrics = [
  ...["coverage@3", "gini@3", "entropy@3", "personalisation@3", "arp@3", "serendipity@3", "ild@3", "mcc@3", "partial_auc@3", "pap@3"].map(
    (name) => metric(name),
  ),
  metric("arp@3", { scale: "log1p" }),
  metric("novelty@3", { users: 9 }),
  metric("ild@4", { distance: "cosine", column: "vector" }),
  metric("ild@4", { distance: "euclidean", column: "vector" }),
  metric("exposure@3", { items: { provider: "acme" }, discount: "log2" }),
  metric("ndcg@3", { items: { provider: "acme" } }),
].map((own, index) => ({ ...own, name: `${own.name}#${index}` }));

async function reportOf(world: World, threads = 2): Promise<Report> {
  for (const [name, rows] of Object.entries(world))
    writeFileSync(join(folder, `${name}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const engine = duckdbEvaluationEngine({ threads, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
  const answer = await engine.score(scoringRequest(folder, { metrics, items: [fileIn(folder, "items.jsonl")], slices: ["half"] }));
  expect(answer.problems).toEqual([]);
  return assembleReport({ header, answer, gates: gates({ metric: "coverage@3#0", atLeast: 0.1 }), identical: "allowed" });
}

const valuesOf = ({ measurements }: Report) =>
  measurements.map(({ metric: name, slice, units, candidate, baseline }) => [name, slice, units, candidate.value, baseline?.value]);

function strided<T>(rows: readonly T[], step: number): readonly T[] {
  return Array.from({ length: step }, (_, start) => rows.filter((_row, index) => index % step === start)).flat();
}

describe("metrics beyond accuracy", () => {
  test("do not depend on the order of rows or the number of threads: not one byte of the report", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.integer({ min: 2, max: 7 }), async (world, step) => {
        const whole = printReport(await reportOf(world));
        expect(printReport(await reportOf(world, 1))).toBe(whole);
        const mixed = {
          candidate: strided(world.candidate, step),
          baseline: world.baseline.toReversed(),
          labels: strided(world.labels, step + 1),
          items: strided(world.items, step),
        };
        expect(printReport(await reportOf(mixed, 3))).toBe(whole);
      }),
      runs,
    );
  });

  test("do not change when ids are renamed in the same order", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const rename = (row: Row): Row => ({
          ...row,
          item_id: `x-${row["item_id"]}`,
          ...("query_id" in row && { query_id: `é${row["query_id"]}` }),
        });
        const renamed = {
          candidate: world.candidate.map(rename),
          baseline: world.baseline.map(rename),
          labels: world.labels.map(rename),
          items: world.items.map(rename),
        };
        expect(valuesOf(await reportOf(renamed))).toEqual(valuesOf(await reportOf(world)));
      }),
      runs,
    );
  });

  test("swap when the arms swap, and the difference changes its sign", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const there = await reportOf(world);
        const back = await reportOf({ ...world, candidate: world.baseline, baseline: world.candidate });
        const armsOf = ({ measurements }: Report, first: "candidate" | "baseline", second: "candidate" | "baseline") =>
          measurements.map((own) => [own[first], own[second]]);
        expect(armsOf(back, "candidate", "baseline")).toEqual(armsOf(there, "baseline", "candidate"));
        const differences = ({ measurements }: Report) => measurements.map(({ difference }) => difference?.value ?? null);
        const negated = differences(back).map((value) => (value === null ? null : 0 - value));
        expect(negated).toEqual(differences(there));
      }),
      runs,
    );
  });

  test("lie in their ranges", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const { measurements } = await reportOf(world);
        for (const { metric: name, candidate } of measurements) {
          const { min, max } = metrics.find((own) => own.name === name)?.range ?? { min: null, max: null };
          if (candidate.value === null) continue;
          expect(candidate.value, name).toBeGreaterThanOrEqual((min ?? Number.NEGATIVE_INFINITY) - 1e-12);
          expect(candidate.value, name).toBeLessThanOrEqual((max ?? Number.POSITIVE_INFINITY) + 1e-12);
        }
      }),
      runs,
    );
  });
});
