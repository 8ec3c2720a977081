import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import type { ScoringAnswer } from "#domain/evaluation/scored-table.ts";
import { writeParquet } from "#test/support/parquet-file.ts";
import { fileIn, metric, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "number-ids-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Queries 8 to 11 with items 7 to 12, every second score equal, so that the order of ids decides places. */
const rows = "range(24) AS numbers(r)";
const metrics = [
  metric("ndcg@2"),
  metric("recall@3"),
  metric("mrr"),
  metric("mrr@2", { ties: "id_asc" }),
  metric("ndcg@2", { ties: "worst" }),
];

async function scored(id: string, repeated = ""): Promise<ScoringAnswer> {
  const ids = `(8 + r // 6)::${id} AS query_id, (7 + r % 6)::${id} AS item_id`;
  const name = (arm: string): string => `${arm}-${id}${repeated === "" ? "" : "-repeated"}.parquet`;
  await writeParquet(join(folder, name("candidate")), `SELECT ${ids}, (r * 7 % 3)::FLOAT AS score FROM ${rows} ${repeated}`);
  await writeParquet(join(folder, name("baseline")), `SELECT ${ids}, (r * 5 % 2)::DOUBLE AS score FROM ${rows}`);
  await writeParquet(
    join(folder, name("labels")),
    `SELECT ${ids}, r % 4 AS label, 'm' || (r // 12) AS market FROM ${rows} WHERE r % 5 < 2`,
  );
  const files = { candidate: [fileIn(folder, name("candidate"))], baseline: [fileIn(folder, name("baseline"))] };
  const request = scoringRequest(folder, { ...files, labels: [fileIn(folder, name("labels"))], metrics, slices: ["market"] });
  return duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") }).score(request);
}

describe("ids that Parquet holds as numbers", () => {
  test("are ordered like the texts that they are elsewhere: rows, ties and all", async () => {
    const asText = await scored("VARCHAR");
    expect(asText.problems).toEqual([]);
    expect(asText.table?.rows).toEqual(["10", "11", "8", "9"]);
    expect(await scored("BIGINT")).toEqual(asText);
    expect(await scored("UTINYINT")).toEqual(asText);
  });

  test.each(["VARCHAR", "INTEGER"])("are refused when an item stands twice in a query, by name (%s)", async (id) => {
    const again = `UNION ALL SELECT 9::${id}, 10::${id}, 0.5`;
    const { table, problems } = await scored(id, again);
    expect(table).toBe(null);
    expect(problems.map(({ code }) => code)).toEqual(["duplicate-rows"]);
    expect(problems[0]?.message).toContain('query_id = "9", item_id = "10" has 2 rows (1 such items)');
  });
});
