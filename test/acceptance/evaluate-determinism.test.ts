import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { localWorkspace } from "#adapters/workspace/local-workspace.ts";
import { printReport, reportSchema } from "#domain/evaluation/report.ts";
import { modelNameSchema } from "#domain/model/names.ts";
import { evaluateModel } from "#flows/evaluate-model.ts";
import { type EvaluationSetting, evaluationSetting } from "#test/support/evaluation-setting.ts";
import { writeParquet } from "#test/support/parquet-file.ts";
import { modelYaml } from "#test/support/ranker-repository.ts";

/** Small row groups, so that every thread has some of them: DuckDB gives a thread a row group at a time. */
const inGroups = "COMPRESSION zstd, ROW_GROUP_SIZE 2048";
const rows = 12_000;

type Task = {
  readonly evaluation: Readonly<Record<string, string>>;
  readonly gates: readonly string[];
  /** What an arm's file holds; `salt` tells the arms apart. */
  readonly arm: (salt: number) => string;
  readonly labels?: string;
};

/** A share that depends on a row and an arm alone. */
const share = (salt: number): string => `(hash(range * 31 + ${salt}) % 100003) / 100003.0`;
const lists = (salt: number): string =>
  `SELECT 'q' || range // 40 AS query_id, 'i' || range % 40 AS item_id, (range % 40) / 80.0 + ${share(salt)} AS score FROM range(${rows})`;
const graded = `SELECT 'q' || range // 40 AS query_id, 'i' || range % 40 AS item_id, range % 3 AS label, CASE WHEN (range // 40) % 3 = 0 THEN 'de' ELSE 'fr' END AS locale FROM range(${rows}) WHERE range % 40 < 14`;
const ofRows = (salt: number, label: string): string =>
  `SELECT 'r' || range AS item_id, 'u' || range % 997 AS user, CASE WHEN range % 5 = 0 THEN 'de' ELSE 'fr' END AS locale, ${label} AS label, ${share(salt)} AS score FROM range(${rows})`;
const onRows = { columns: "{cluster: user}", slices: "[locale]" };

const tasks: Readonly<Record<string, Task>> = {
  ranking: {
    evaluation: {
      columns: "{}",
      metrics: '[ndcg@10, recall@20, mrr, {name: own, sql: "avg(score)", better: higher}]',
      slices: "[locale]",
    },
    gates: ["{metric: ndcg@10, noWorseThan: 5%}", "{metric: own, noWorseThan: 5%}"],
    arm: lists,
    labels: graded,
  },
  retrieval: {
    evaluation: { columns: "{}", metrics: "[neighbour_recall@14]", slices: "[locale]" },
    gates: ["{metric: neighbour_recall@14, noWorseThan: 5%}"],
    arm: lists,
    labels: graded,
  },
  classification: {
    evaluation: { ...onRows, metrics: "[auc, average_precision, log_loss, ece@10]" },
    gates: ["{metric: auc, noWorseThan: 5%}"],
    arm: (salt) => ofRows(salt, "range % 3 // 2"),
  },
  regression: {
    evaluation: {
      ...onRows,
      columns: "{unit: user}",
      metrics: '[mae, median_ae, r2, {name: own, sql: "max(abs(score - label))", better: lower}]',
    },
    gates: ["{metric: mae, noWorseThan: 5%}", "{metric: own, slice: {locale: de}, noWorseThan: 5%}"],
    arm: (salt) => ofRows(salt, share(99)),
  },
  bandit: {
    evaluation: { columns: "{reward: label, propensity: logged}", metrics: "[ips, snips]", slices: "[locale]" },
    gates: ["{metric: snips, noWorseThan: 50%}"],
    arm: (salt) => `SELECT *, 0.5 AS logged FROM (${ofRows(salt, "range % 2")})`,
  },
  judged: {
    evaluation: { columns: "{unit: item_id}", metrics: "[score]", slices: "[locale]" },
    gates: ["{metric: score, noWorseThan: 0.1}"],
    arm: (salt) => ofRows(salt, "0"),
  },
};

async function place(setting: EvaluationSetting, task: string, { evaluation, gates, arm, labels }: Task): Promise<void> {
  const files = { predictions: "predictions/{version}.parquet", labels: labels === undefined ? "" : "../../data/labels.parquet" };
  const yaml = (version: string): string => modelYaml({ version, evaluation: { task, ...files, ...evaluation }, gates });
  for (const [tree, version, salt] of [
    [setting.trusted, "cosine", 1],
    [setting.head, "bm25", 2],
  ] as const) {
    tree.write("models/search-ranker/model.yaml", yaml(version));
    await writeParquet(join(tree.model, "predictions", `${version}.parquet`), arm(salt), inGroups);
    if (labels !== undefined) await writeParquet(join(tree.root, "data", "labels.parquet"), labels, inGroups);
  }
}

/** The bytes of report.json on so many threads. */
async function printed({ head, trusted }: EvaluationSetting, threads: number): Promise<string> {
  const engine = duckdbEvaluationEngine({ threads, memoryLimit: "512MB", temporaryDirectory: join(head.root, "tmp") });
  const world = { head: localWorkspace(head.root), trusted: localWorkspace(trusted.root), engine, app: undefined };
  const model = modelNameSchema.parse("search-ranker");
  const outcome = await evaluateModel(world, { model, folder: "models/search-ranker", run: null, baseline: undefined });
  if (outcome.kind !== "evaluated") throw new Error(JSON.stringify(outcome));
  return printReport(outcome.report);
}

describe("report.json is the same, byte for byte, on 1, 2 and 8 threads", () => {
  it.each(Object.entries(tasks))("of the task %s", async (name, task) => {
    const setting = evaluationSetting();
    try {
      await place(setting, name, task);
      const first = await printed(setting, 1);
      const report = reportSchema.parse(JSON.parse(first));
      expect(report.preflight.filter(({ verdict }) => verdict === "error")).toEqual([]);
      expect(report.measurements.map(({ candidate }) => candidate.value)).not.toContain(null);
      for (const threads of [2, 8]) expect(await printed(setting, threads)).toBe(first);
    } finally {
      setting.close();
    }
  });
});
