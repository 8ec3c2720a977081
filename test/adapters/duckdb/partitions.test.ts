import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { writeParquet } from "#test/support/parquet-file.ts";
import { fileIn, metric, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "partitions-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rows = [
  { locale: "de", query_id: "q1", item_id: "a", label: 1 },
  { locale: "fr", query_id: "q2", item_id: "b", label: 0 },
  { locale: "fr", query_id: "q2", item_id: "c", label: 2 },
];

test.each(["parquet", "csv"])("columns that folders of %s files name (Hive partitions) are columns like others", async (format) => {
  for (const locale of ["de", "fr"]) {
    const path = join(folder, `locale=${locale}`, `part.${format}`);
    mkdirSync(dirname(path), { recursive: true });
    const own = rows.filter((row) => row.locale === locale);
    if (format === "csv")
      writeFileSync(path, `query_id,item_id,label\n${own.map((row) => `${row.query_id},${row.item_id},${row.label}\n`).join("")}`);
    else
      await writeParquet(
        path,
        own.map((row) => `SELECT '${row.query_id}' AS query_id, '${row.item_id}' AS item_id, ${row.label} AS label`).join(" UNION ALL "),
      );
  }
  writeFileSync(join(folder, "candidate.csv"), "query_id,item_id,score\nq1,a,1\nq2,b,2\nq2,c,1\n");
  const engine = duckdbEvaluationEngine({ threads: 1, memoryLimit: "128MB", temporaryDirectory: join(folder, "tmp") });
  const request = scoringRequest(folder, {
    candidate: [fileIn(folder, "candidate.csv")],
    baseline: null,
    labels: ["de", "fr"].map((locale) => fileIn(folder, `locale=${locale}/part.${format}`)),
    metrics: [metric("mrr")],
    slices: ["locale"],
  });
  const { table, problems } = await engine.score(request);
  expect(problems).toEqual([]);
  expect(table?.slices).toEqual([{ kind: "column", column: "locale", values: ["de", "fr"] }]);
  expect(table?.metrics).toMatchObject([{ candidate: [1, 0.5] }]);
});
