import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { reportSchema } from "#domain/evaluation/report.ts";
import { predictions } from "#test/support/ranker-repository.ts";
import { type Ended, projectFolder, runEntry } from "#test/support/run-entry.ts";

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "init-")), "Shop Search");
  mkdirSync(folder);
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const slipway = (...args: readonly string[]): Promise<Ended> => runEntry("cli", args, { folder });
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const read = (name: string) => readFileSync(join(folder, name), "utf8");
const labels = () => readFileSync(join(projectFolder, "sandbox", "data", "cranfield", "labels.csv"), "utf8");

/** Writes the answers of SELECT statements as Parquet files. */
async function parquet(files: Readonly<Record<string, string>>): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  for (const [name, select] of Object.entries(files)) await connection.run(`COPY (${select}) TO '${join(folder, name)}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

/** The three commands of the quickstart; the last one's report. */
async function initValidateEvaluate(model: string, baseline: string, ...args: readonly string[]) {
  const made = await slipway("init", ...args);
  expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: "" });
  expect(made.stdout).toContain(`slipway evaluate models/${model} --baseline ${baseline}`);
  expect(await slipway("validate")).toMatchObject({ code: 0 });
  const evaluated = await slipway("evaluate", `models/${model}`, "--baseline", baseline, "--json");
  return { made, code: evaluated.code, report: reportSchema.parse(JSON.parse(evaluated.stdout)) };
}

describe("slipway init", () => {
  it("takes two Parquet files and labels to a report in three commands", async () => {
    for (const ranker of ["bm25", "cosine"] as const) write(`${ranker}.csv`, predictions(ranker));
    write("labels.csv", labels());
    const from = (name: string) => `SELECT * FROM '${join(folder, name)}'`;
    await parquet({ "bm25.parquet": from("bm25.csv"), "cosine.parquet": from("cosine.csv"), "grades.parquet": from("labels.csv") });
    const files = ["--predictions", "bm25.parquet", "--baseline", "cosine.parquet", "--labels", "grades.parquet"];
    const { report, code, made } = await initValidateEvaluate("shop-search", "cosine", ...files);
    expect(code).toBe(0);
    expect(report).toMatchObject({
      model: "shop-search",
      candidate: { version: "bm25" },
      baseline: { version: "cosine" },
      inputs: { artifact: "verified" },
      verdict: "pass",
    });
    expect(report.gates.map(({ metric, rule, blocks }) => `${metric} ${rule} ${blocks}`)).toEqual([
      "ndcg@10 no worse than 5% unless-pass",
      "recall@50 no worse than 3% on-fail",
      "mrr no worse than 8% on-fail",
    ]);
    expect(report.gates.every(({ passIfUnchanged }) => (passIfUnchanged ?? 0) >= 0.8)).toBe(true);
    expect(made.stdout).toContain("ndcg@10 no worse than 5%: a candidate of equal quality passes this in 90% of evaluations");
    expect(readdirSync(join(folder, "datasets"))).toEqual(["shop-search-eval.yaml"]);
  });

  it("guesses a classifier from its columns, and takes labels from the predictions", async () => {
    const rows = (noise: string) =>
      `SELECT i AS id, (i * 7919 % 1000) / 1000.0 + ${noise} AS p0, least(0.99, greatest(0.01, 0.5 * (i * 7919 % 1000) / 1000.0 + ${noise})) AS fraud_probability, ((i * 7919 % 1000) > 700) AS is_fraud FROM range(2000) t(i)`;
    await parquet({ "fraud-v2.parquet": rows("0.2 * (i * 31 % 17) / 17"), "fraud-v1.parquet": rows("0.2 * (i * 37 % 19) / 19") });
    const { report } = await initValidateEvaluate(
      "fraud",
      "v1",
      "models/fraud",
      "--predictions",
      "fraud-v2.parquet",
      "--baseline",
      "fraud-v1.parquet",
    );
    expect(read("models/fraud/model.yaml")).toContain("columns: {item: id, score: fraud_probability, label: is_fraud, positive: true}");
    expect(report.measurements.map(({ metric }) => metric)).toEqual(["auc", "log_loss"]);
    expect(["pass", "fail", "inconclusive"]).toContain(report.verdict);
  });

  it("guesses a forecast, and leaves out a metric that the scores do not allow", async () => {
    const rows = (bias: string) =>
      [
        "order_id,forecast,actual",
        ...Array.from({ length: 200 }, (_, i) => `${i},${(i % 23) + 0.5 + (i % Number(bias)) / 10},${(i % 23) + (i % 5) / 7}`),
      ].join("\n");
    write("runs-a.csv", rows("3"));
    write("runs-b.csv", rows("4"));
    const { report } = await initValidateEvaluate("eta", "b", "models/eta", "--predictions", "runs-a.csv", "--baseline", "runs-b.csv");
    expect(report.measurements.map(({ metric }) => metric)).toEqual(["mae", "rmse"]);
    write("x.csv", read("runs-a.csv"));
    write("y.csv", read("runs-b.csv"));
    const asClasses = await slipway("init", "models/odd", "--predictions", "x.csv", "--baseline", "y.csv", "--task", "classification");
    expect(asClasses).toMatchObject({ code: 1, stdout: "" });
    expect(asClasses.stderr).toContain("Name it with --positive");
  });

  it("names the option that tells what the files do not, when nobody is there to be asked", async () => {
    const rows = (score: number) =>
      ["key,a,b,grade", ...Array.from({ length: 100 }, (_, i) => `${i},${score * i},${i},${i % 5}`)].join("\n");
    write("new.csv", rows(2));
    write("old.csv", rows(3));
    const args = ["init", "models/odd", "--predictions", "new.csv", "--baseline", "old.csv"];
    const unsure = await slipway(...args);
    expect(unsure).toMatchObject({ code: 1, stdout: "" });
    expect(unsure.stderr).toContain(
      `Which column of new.csv and old.csv holds the model's score? Name it with --score <column>: "key", "a", "b", "grade".`,
    );
    expect((await slipway(...args, "--score", "a")).stderr).toContain("Name it with --task: ranking, classification, regression.");
    expect((await slipway(...args, "--score", "a", "--task", "regression")).stderr).toContain("Name it with --item <column>");
    expect((await slipway(...args, "--score", "c")).stderr).toContain(
      '--score: new.csv has no column "c". Found: "key", "a", "b", "grade".',
    );
    expect(await slipway(...args, "--score", "a", "--task", "regression", "--item", "key")).toMatchObject({ code: 0, stderr: "" });
  });

  it("overwrites a model.yaml only when told to, and keeps the dataset file that is there", async () => {
    for (const ranker of ["bm25", "cosine"] as const) write(`${ranker}.csv`, predictions(ranker));
    write("labels.csv", labels());
    const args = ["init", "models/ranker", "--predictions", "bm25.csv", "--baseline", "cosine.csv", "--labels", "labels.csv"];
    expect(await slipway(...args)).toMatchObject({ code: 0 });
    write("models/ranker/model.yaml", "mine\n");
    write("datasets/ranker-eval.yaml", "mine: true\n");
    expect(await slipway(...args)).toMatchObject({
      code: 1,
      stderr: "slipway: models/ranker/model.yaml is there already: --force overwrites it.\n",
    });
    expect(read("models/ranker/model.yaml")).toBe("mine\n");
    expect(await slipway(...args, "--force")).toMatchObject({ code: 0 });
    expect(read("models/ranker/model.yaml")).toContain("kind: Model");
    expect(read("datasets/ranker-eval.yaml")).toBe("mine: true\n");
  });

  it.each<readonly [string, readonly string[], number, string]>([
    ["no files", [], 64, "needs --predictions <file> and --baseline <file>"],
    ["a file that is not there", ["--predictions", "new.csv", "--baseline", "old.csv"], 1, "There is no file new.csv."],
    ["a file outside of the folder", ["--predictions", "../new.csv", "--baseline", "old.csv"], 64, "lies outside of"],
    ["the same file twice", ["--predictions", "bm25.csv", "--baseline", "bm25.csv"], 1, "have none in common"],
    ["a torn Parquet file", ["--predictions", "torn.parquet", "--baseline", "worn.parquet"], 1, "torn.parquet"],
    [
      "an unknown task",
      ["--predictions", "bm25.csv", "--baseline", "bm25.csv", "--task", "rank"],
      64,
      "knows ranking, classification, regression",
    ],
    ["a folder that is no model's", ["ranker", "--predictions", "bm25.csv", "--baseline", "bm25.csv"], 64, "try models/ranker"],
  ])("says what is wrong with %s, and writes nothing", async (_, args, code, message) => {
    write("bm25.csv", predictions("bm25"));
    for (const name of ["torn.parquet", "worn.parquet"]) write(name, "PAR1 torn");
    const ended = await slipway("init", ...args);
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(ended.stderr).toContain(message);
    expect(readdirSync(folder)).not.toContain("models");
  });

  it("says that both files are the same instead of proposing margins of nothing", async () => {
    write("new.csv", predictions("bm25"));
    write("old.csv", predictions("bm25"));
    write("labels.csv", labels());
    const ended = await slipway("init", "--predictions", "new.csv", "--baseline", "old.csv", "--labels", "labels.csv");
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toContain("are the same bytes");
  });
});
