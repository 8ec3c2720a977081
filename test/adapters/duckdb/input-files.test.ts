import { mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import type { ScoringAnswer } from "#domain/evaluation/scored-table.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import { fileIn, metric, scoringRequest } from "#test/support/scoring-request.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "input-files-"));
  write("labels.csv", "query_id,item_id,label,locale,interactions", "1,007,1,de,3", "1,7,0,de,3", "2,7,1,fr,9");
  write("candidate.csv", "query_id,item_id,score", "1,007,2", "1,7,1", "2,7,1");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("formats", () => {
  test("identifiers in CSV are text: 007 is not 7", async () => {
    expect(values(await score({}))).toEqual([1, 1]);
    write("candidate.csv", "query_id,item_id,score", "1,7,2", "1,007,1", "2,007,1");
    expect(values(await score({}))).toEqual([0.5, 0]);
  });

  test("identifiers in JSON lines are text, whether written as text or as numbers", async () => {
    write("labels.jsonl", '{"query_id":1,"item_id":"007","label":1}', '{"query_id":2,"item_id":7,"label":1}');
    write("candidate.jsonl", '{"query_id":"1","item_id":"007","score":0.5}', '{"query_id":2,"item_id":"7","score":"1e-1"}');
    expect(values(await score({ candidate: files("candidate.jsonl"), labels: files("labels.jsonl") }))).toEqual([1, 1]);
  });

  test.each(["candidate.csv.gz", "candidate.tsv", "candidate.tsv.gz", "candidate.parquet"])("reads %s as it reads CSV", async (name) => {
    const text = readFileSync(join(folder, "candidate.csv"), "utf8");
    if (name.endsWith(".parquet")) await parquet(`SELECT * FROM read_csv('${join(folder, "candidate.csv")}', all_varchar = true)`, name);
    else {
      const own = name.includes(".tsv") ? text.replaceAll(",", "\t") : text;
      writeFileSync(join(folder, name), name.endsWith(".gz") ? gzipSync(own) : own);
    }
    expect(values(await score({ candidate: files(name) }))).toEqual([1, 1]);
  });

  test("identifiers in Parquet keep their type and match text that is written the same", async () => {
    await parquet("SELECT * FROM (VALUES (1, 7, 2.5::FLOAT), (2, 7, 1::FLOAT)) AS t(query_id, item_id, score)", "candidate.parquet");
    expect(values(await score({ candidate: files("candidate.parquet") }))).toEqual([0, 1]);
  });

  test("ties in Parquet break by the bytes of the id, as everywhere: 9 stands before 10", async () => {
    await parquet("SELECT 1 AS query_id, unnest([9, 10]) AS item_id, 0 AS score", "candidate.parquet");
    write("labels.csv", "query_id,item_id,label", "1,9,1");
    expect(values(await score({ candidate: files("candidate.parquet") }))).toEqual([1]);
  });

  test("names with commas, quotes and letters of all scripts are names", async () => {
    write("candidate.csv", '"query, ""id""",item_id,score', "1,é,2", "1,z,1");
    write("labels.csv", '"query, ""id""",item_id,label', "1,é,1");
    const columns = { ...scoringRequest(folder).columns, query: 'query, "id"' };
    expect(values(await score({ columns }))).toEqual([1]);
  });
});

describe("a file that cannot be used is named, with what was found", () => {
  const problems: readonly [string, () => void | Promise<void>, Partial<ScoringRequest>, string, readonly string[]][] = [
    [
      "missing",
      () => {},
      { candidate: [{ path: "/nowhere/p.csv", name: "models/p.csv" }] },
      "predictions-missing",
      ["models/p.csv", "candidate's predictions"],
    ],
    ["empty", () => write("candidate.csv"), {}, "file-empty", ["candidate.csv", "0 bytes"]],
    ["without rows", () => write("candidate.csv", "query_id,item_id,score"), {}, "file-empty", ["candidate.csv", "not one row"]],
    [
      "of an unknown format",
      () => write("candidate.xlsx", "x"),
      { candidate: files("candidate.xlsx") },
      "format-unknown",
      ["candidate.xlsx", ".parquet"],
    ],
    ["a folder", () => {}, { candidate: [{ path: tmpdir(), name: "predictions.csv" }] }, "not-a-file", ["predictions.csv"]],
    ["truncated Parquet", truncatedParquet, { candidate: files("candidate.parquet") }, "file-unreadable", ["candidate.parquet", "parquet"]],
    [
      "no Parquet at all",
      () => write("candidate.parquet", "query_id,item_id,score"),
      { candidate: files("candidate.parquet") },
      "file-unreadable",
      ["candidate.parquet"],
    ],
    [
      "a gzip file that is none",
      () => write("candidate.csv.gz", "1,2"),
      { candidate: files("candidate.csv.gz") },
      "file-unreadable",
      ["candidate.csv.gz"],
    ],
    ["ragged", () => write("candidate.csv", "query_id,item_id,score", "1,a,1", "1,b"), {}, "file-unreadable", ["candidate.csv", "csv"]],
    [
      "with another column name",
      () => write("candidate.csv", "query_id,item_id,scor", "1,a,1"),
      {},
      "column-missing",
      ['"score"', '"scor"', "columns.score", "candidate.csv"],
    ],
    [
      "with text for a score",
      () => write("candidate.csv", "query_id,item_id,score", "1,a,1", "7,b,high"),
      {},
      "score-not-numeric",
      ['"high"', '"7"', '"score"', "1 of 2 rows"],
    ],
    [
      "with NaN scores",
      () => write("candidate.csv", "query_id,item_id,score", "1,a,NaN", "1,b,1"),
      {},
      "score-not-finite",
      ["candidate.csv", '"score"', '"NaN"'],
    ],
    [
      "with a score missing",
      () => write("candidate.csv", "query_id,item_id,score", "1,a,", "1,b,1"),
      {},
      "score-missing",
      ["candidate.csv", '"score"', "1 of 2 rows"],
    ],
    [
      "with an item twice",
      () => write("candidate.csv", "query_id,item_id,score", "1,a,2", "1,a,1"),
      {},
      "duplicate-rows",
      ["candidate.csv", '"a"', "2 rows"],
    ],
    [
      "without an id",
      () => write("candidate.csv", "query_id,item_id,score", ",a,2", "1,a,1"),
      {},
      "identifier-missing",
      ["candidate.csv", '"query_id"'],
    ],
    [
      "with dates for scores",
      () => parquet("SELECT 1 AS query_id, 2 AS item_id, DATE '2026-01-01' AS score", "candidate.parquet"),
      { candidate: files("candidate.parquet") },
      "score-not-numeric",
      ["DATE", '"score"'],
    ],
    ["labels in words", () => write("labels.csv", "query_id,item_id,label", "1,a,good"), {}, "label-not-numeric", ["labels.csv", '"good"']],
    [
      "labels without a column",
      () => write("labels.csv", "query_id,item_id,grade", "1,a,1"),
      {},
      "column-missing",
      ["labels.csv", '"label"', '"grade"'],
    ],
    [
      "labels that contradict",
      () => write("labels.csv", "query_id,item_id,label", "1,a,1", "1,a,2"),
      {},
      "labels-conflict",
      ["labels.csv", '"a"', "1 and 2"],
    ],
    [
      "labels too large to add up",
      () => write("labels.csv", "query_id,item_id,label", "1,a,1e300"),
      { metrics: [metric("ndcg@5")] },
      "label-too-large",
      ["1e+300"],
    ],
    [
      "a weight of 0",
      () => write("labels.csv", "query_id,item_id,label,w", "1,a,1,0"),
      { columns: { ...scoringRequest("").columns, weight: "w" } },
      "weight-invalid",
      ["labels.csv", '"w"'],
    ],
    [
      "parts of several formats",
      () => write("more.tsv", "x"),
      { candidate: files("candidate.csv", "more.tsv") },
      "files-of-several-formats",
      ["more.tsv"],
    ],
  ];

  test.each(problems)("%s", async (_, prepare, over, code, mentions) => {
    await prepare();
    // The files are named when the test is declared, before there is a folder.
    const { table, problems: found } = await score(over);
    expect(table).toBeNull();
    expect(found.map((finding) => finding.code)).toEqual([code]);
    for (const mention of mentions) expect(found[0]?.message).toContain(mention);
    expect(found[0]?.message).not.toContain(folder);
  });

  test("its name is not taken for a pattern", async () => {
    write("a*.csv", "query_id,item_id,score", "1,a,1");
    expect((await score({ candidate: files("a*.csv") })).problems.map(({ code }) => code)).toEqual(["file-name-unsupported"]);
  });
});

test("a quote in a file's name is part of the name", async () => {
  write("it's; DROP TABLE x.csv", "query_id,item_id,score", "1,007,2", "2,7,1");
  expect(values(await score({ candidate: files("it's; DROP TABLE x.csv") }))).toEqual([1, 1]);
});

test("a link is read as the file that it names", async () => {
  symlinkSync(join(folder, "candidate.csv"), join(folder, "link.csv"));
  expect(values(await score({ candidate: files("link.csv") }))).toEqual([1, 1]);
});

test("a machine that has too little memory is an error that says so", async () => {
  await parquet(
    "SELECT range // 100 AS query_id, md5(range::VARCHAR) AS item_id, hash(range) AS score FROM range(400000)",
    "candidate.parquet",
  );
  await parquet("SELECT range // 100 AS query_id, md5(range::VARCHAR) AS item_id, 1 AS label FROM range(400000)", "labels.parquet");
  const tiny = duckdbEvaluationEngine({ threads: 1, memoryLimit: "12MB", temporaryDirectory: "/proc/nowhere" });
  const { table, problems } = await tiny.score(request({ candidate: files("candidate.parquet"), labels: files("labels.parquet") }));
  expect(table).toBeNull();
  expect(problems.map(({ verdict }) => verdict)).toEqual(["error"]);
  expect(problems[0]?.message).toMatch(/memory|temporary|proc/i);
});

function files(...names: readonly string[]): ScoringRequest["candidate"] {
  // Resolved when the request is made: the folder is another for each test.
  return names.map((name) => ({
    name,
    get path() {
      return join(folder, name);
    },
  }));
}

function request(over: Partial<ScoringRequest>): ScoringRequest {
  return {
    ...scoringRequest(folder),
    candidate: [fileIn(folder, "candidate.csv")],
    baseline: null,
    labels: [fileIn(folder, "labels.csv")],
    metrics: [metric("mrr")],
    ...over,
  };
}

function score(over: Partial<ScoringRequest>): Promise<ScoringAnswer> {
  return duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") }).score(request(over));
}

function values({ table, problems }: ScoringAnswer): readonly (number | null)[] {
  expect(problems).toEqual([]);
  const [scored] = table?.metrics ?? [];
  return scored?.kind === "scored" ? scored.candidate : [];
}

function write(name: string, ...lines: readonly string[]): void {
  writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(""));
}

async function parquet(select: string, name: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${join(folder, name)}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

async function truncatedParquet(): Promise<void> {
  await parquet("SELECT range AS query_id, range AS item_id, range AS score FROM range(1000)", "candidate.parquet");
  truncateSync(join(folder, "candidate.parquet"), 2000);
}
