import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { assembleReport } from "#domain/evaluation/assemble-report.ts";
import { printReport, type Report } from "#domain/evaluation/report.ts";
import { gates, header } from "#test/support/report-request.ts";
import { rowMetric, rowScoringRequest } from "#test/support/row-scoring-request.ts";
import { fileIn } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "row-properties-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const runs = { numRuns: 3 };
type Line = { readonly row_id: string; readonly label: number; readonly score: number; readonly user: string };
type World = { readonly candidate: readonly Line[]; readonly baseline: readonly Line[] };

/** Both classes, coarse scores so that ties are common, several rows a user. */
const worlds: fc.Arbitrary<World> = fc
  .array(fc.record({ c: fc.integer({ min: 0, max: 8 }), b: fc.integer({ min: 0, max: 8 }), label: fc.integer({ min: 0, max: 1 }) }), {
    minLength: 40,
    maxLength: 90,
  })
  .filter((cells) => new Set(cells.slice(0, 30).map(({ label }) => label)).size === 2)
  .map((cells) => {
    const line = (score: number, label: number, index: number): Line => ({
      row_id: `r${(index * 7919) % 997}`,
      label,
      score: score / 8,
      user: `u${index % 13}`,
    });
    return {
      candidate: cells.map(({ c, label }, index) => line(c, label, index)),
      baseline: cells.map(({ b, label }, index) => line(b, label, index)),
    };
  });

const names = {
  classification: [
    "auc",
    "average_precision",
    "partial_auc@0.3",
    "log_loss",
    "brier",
    "ece@5",
    "ece_mass@5",
    "calibration_ratio",
    "ks",
    "lift@0.2",
    "precision",
    "recall@0.25",
    "f_beta@2",
    "mcc",
    "cohen_kappa",
    "f1_macro",
    "balanced_accuracy",
  ],
  regression: ["mae", "rmse", "mape", "smape", "wape", "r2", "explained_variance", "median_ae", "pinball@0.9", "max_error", "mean_error"],
} as const;

async function reportOf(world: World, task: keyof typeof names, threads = 2, split = false, cluster = false): Promise<Report> {
  const file = (name: string, lines: readonly Line[]): string => {
    writeFileSync(join(folder, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    return name;
  };
  const half = Math.floor(world.candidate.length / 2);
  const candidate = split
    ? [file("c1.jsonl", world.candidate.slice(0, half)), file("c2.jsonl", world.candidate.slice(half))]
    : [file("c.jsonl", world.candidate)];
  const engine = duckdbEvaluationEngine({ threads, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") });
  const answer = await engine.scoreRows(
    rowScoringRequest(folder, task, {
      candidate: candidate.map((name) => fileIn(folder, name)),
      baseline: [fileIn(folder, file("b.jsonl", world.baseline))],
      columns: cluster ? { cluster: "user" } : {},
      metrics: names[task].map((name) => rowMetric(name, task)),
      slices: ["user"],
    }),
  );
  return assembleReport({ header, answer, gates: gates(), identical: "allowed" });
}

const shuffled = <T>(values: readonly T[]): readonly T[] => values.toReversed();
const overall = (report: Report) => report.measurements.filter(({ slice }) => slice === null);

describe.each(["classification", "regression"] as const)("rows of a %s in DuckDB", (task) => {
  test("give the same bytes in any order of rows, however files are split, on any number of threads", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const plain = printReport(await reportOf(world, task));
        const turned = { candidate: shuffled(world.candidate), baseline: shuffled(world.baseline) };
        expect(printReport(await reportOf(turned, task, 1, true))).toBe(plain);
        expect(printReport(await reportOf(world, task, 4))).toBe(plain);
      }),
      runs,
    );
  });

  test("do not change when rows and users are renamed in the same order", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        const renamed = (lines: readonly Line[]): readonly Line[] =>
          lines.map((line) => ({ ...line, row_id: `é-${line.row_id}`, user: `é-${line.user}` }));
        const other = { candidate: renamed(world.candidate), baseline: renamed(world.baseline) };
        expect(overall(await reportOf(other, task))).toEqual(overall(await reportOf(world, task)));
      }),
      runs,
    );
  });

  test("flip the sign of the difference, and nothing else of it, when the arms are swapped", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, fc.boolean(), async (world, cluster) => {
        const there = overall(await reportOf(world, task, 2, false, cluster));
        const back = overall(await reportOf({ candidate: world.baseline, baseline: world.candidate }, task, 2, false, cluster));
        there.forEach(({ metric, difference, candidate }, index) => {
          const other = back[index];
          expect(other?.baseline?.value, metric).toBe(candidate.value);
          const close = (a: number | null | undefined, b: number | null | undefined): void => {
            if (a === null || a === undefined) expect(b, metric).toBe(a ?? null);
            else expect(b, metric).toBeCloseTo(a, 9);
          };
          close(difference?.value, negated(other?.difference?.value));
          close(difference?.standardError, other?.difference?.standardError);
          close(difference?.lower, negated(other?.difference?.upper));
          close(difference?.upper, negated(other?.difference?.lower));
        });
      }),
      runs,
    );
  });

  test("hold their value inside their interval, and their interval inside their range when it is one arm's exact one", async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (world) => {
        for (const { candidate, metric } of (await reportOf(world, task, 2, false, true)).measurements) {
          if (candidate.value === null || candidate.lower === null || candidate.upper === null) continue;
          // A percentile interval of a biased statistic, such as a calibration error, may miss its own estimate.
          if (metric.startsWith("ece")) continue;
          expect(candidate.lower, metric).toBeLessThanOrEqual(candidate.value + 1e-12);
          expect(candidate.upper, metric).toBeGreaterThanOrEqual(candidate.value - 1e-12);
        }
      }),
      runs,
    );
  });
});

test("what depends on the order of scores alone is the same for every growing function of them", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      const grown = (lines: readonly Line[]): readonly Line[] => lines.map((line) => ({ ...line, score: line.score ** 3 / 2 + 0.1 }));
      const order = new Set(["auc", "average_precision", "partial_auc@0.3", "ks", "lift@0.2"]);
      const of = (report: Report) =>
        overall(report)
          .filter(({ metric }) => order.has(metric))
          .map(({ metric, candidate, difference }) => ({ metric, candidate, difference }));
      const changed = { candidate: grown(world.candidate), baseline: grown(world.baseline) };
      expect(of(await reportOf(changed, "classification"))).toEqual(of(await reportOf(world, "classification")));
    }),
    runs,
  );
});

function negated(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : 0 - value;
}
