import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulator, startEmulator } from "#test/support/bigquery-emulator.ts";
import { type EvaluationSetting, evaluationSetting, messagesOf, reportOf } from "#test/support/evaluation-setting.ts";
import { listData } from "#test/support/list-data.ts";
import { modelYaml } from "#test/support/ranker-repository.ts";
import { runEntry } from "#test/support/run-entry.ts";

let emulator: Emulator;
let setting: EvaluationSetting;
const data = listData();
const predictions = { query_id: "STRING", item_id: "STRING", score: "FLOAT64" };

beforeAll(async () => {
  const installed = process.env["SLIPWAY_BIGQUERY_EMULATOR"];
  if (installed === undefined) throw new Error("Run it as npm run test:integration, which brings the emulator.");
  emulator = await startEmulator(installed);
  setting = evaluationSetting();
  await emulator.load("predictions_bm25", predictions, data.candidate);
  await emulator.load("predictions_cosine", predictions, data.baseline);
  const labels = data.labels.map(({ query_id, item_id, label, locale }) => ({ query_id, item_id, label, locale }));
  await emulator.load("labels", { query_id: "STRING", item_id: "STRING", label: "INT64", locale: "STRING" }, labels);
});

afterAll(async () => {
  setting.close();
  await emulator.stop();
});

const columns = "{query: query_id, item: item_id, score: score, label: label}";

function define(evaluation: Readonly<Record<string, string>>): void {
  const yaml = (version: string): string =>
    modelYaml({ version, evaluation: { columns, slices: "[locale]", ...evaluation }, gates: ["{metric: ndcg@10, noWorseThan: 50%}"] });
  setting.trusted.write("models/search-ranker/model.yaml", yaml("cosine"));
  setting.head.write("models/search-ranker/model.yaml", yaml("bm25"));
}

const evaluate = (...args: readonly string[]) =>
  reportOf(
    runEntry("cli", ["evaluate", setting.head.model, "--trusted", setting.trusted.root, "--json", ...args], {
      environment: { BIGQUERY_EMULATOR_HOST: emulator.url },
    }),
  );

test("slipway evaluate gives the report of tables that it gives of files", async () => {
  define({ predictions: "bigquery://acme.shop.predictions_{version}", labels: "bigquery://acme.shop.labels" });
  const there = await evaluate();
  expect(messagesOf(there).filter((message) => message.includes("BigQuery"))).toEqual([]);

  const csv = (rows: readonly object[]): string =>
    [Object.keys(rows[0] ?? {}).join(","), ...rows.map((row) => Object.values(row).join(","))].join("\n").concat("\n");
  setting.head.write("models/search-ranker/predictions/bm25.csv", csv(data.candidate));
  setting.trusted.write("models/search-ranker/predictions/cosine.csv", csv(data.baseline));
  setting.trusted.write("data/labels.csv", csv(data.labels));
  define({});
  const here = await evaluate();
  expect(there.verdict).toBe(here.verdict);
  expect(there.gates.map(({ verdict }) => verdict)).toEqual(here.gates.map(({ verdict }) => verdict));
  expect(there.preflight).toEqual(here.preflight);
  for (const [index, { candidate, difference, ...own }] of here.measurements.entries()) {
    const other = there.measurements[index];
    expect(other).toMatchObject({ metric: own.metric, slice: own.slice, units: own.units, excluded: own.excluded });
    expect(other?.candidate.value).toBeCloseTo(candidate.value ?? Number.NaN, 12);
    expect(other?.difference?.lower).toBeCloseTo(difference?.lower ?? Number.NaN, 12);
  }
});
