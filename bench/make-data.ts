import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/** Pseudo-random numbers in [0, 1) from a whole one, in SQL: the same rows on every machine. Multipliers keep products below 2^63. */
const noise = [
  "CREATE MACRO mixed(x, factor) AS (xor(x, x >> 15) * factor) % 4294967296",
  "CREATE MACRO noise(x) AS mixed(mixed(mixed(x::BIGINT, 1597334677), 1103515245), 1812433253) / 4294967296.0::DOUBLE",
];

/** What a folder of data holds: lists of items for queries, or rows with a label of two. */
export type Data = {
  readonly folder: string;
  readonly kind: "ranking" | "rows";
  readonly rows: number;
  readonly text: boolean;
  readonly slices: number;
};

/** Writes the Parquet files of a model and its model.yaml, once: what is there already is taken. */
export async function makeData(cache: string, data: Omit<Data, "folder">): Promise<Data> {
  const name = `${data.kind}-${data.rows}${data.text ? "-text" : ""}`;
  const folder = join(cache, name);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.unfinished`;
    mkdirSync(join(unfinished, "predictions"), { recursive: true });
    await (data.kind === "ranking" ? writeRanking : writeRows)(unfinished, data);
    renameSync(unfinished, folder);
  }
  writeFileSync(join(folder, "model.yaml"), definition(data));
  return { ...data, folder };
}

/** 100 items a query, from a catalogue of a million; 8 % are relevant, with grades 1 to 3, and only those have labels. */
async function writeRanking(folder: string, { rows, text }: Omit<Data, "folder">): Promise<void> {
  const id = (number: string, prefix: string): string => (text ? `'${prefix}-' || ${number}` : number);
  const grade = "CASE WHEN noise(r * 4) < 0.01 THEN 3 WHEN noise(r * 4) < 0.03 THEN 2 WHEN noise(r * 4) < 0.08 THEN 1 ELSE 0 END";
  const all = `(SELECT r // 100 AS query, ${id("(r // 100)", "query")} AS query_id,
      ${id("(((r // 100) * 7919 + (r % 100) * 10007) % 1000000)", "item")} AS item_id, ${grade} AS grade,
      noise(r * 4 + 1) AS a, noise(r * 4 + 2) AS b, noise(r * 4 + 3) AS c
    FROM range(${rows}) AS numbers(r))`;
  await write(folder, {
    "predictions/candidate": `SELECT query_id, item_id, (0.27 * grade + a + 0.8 * b + 0.2 * c)::FLOAT AS score FROM ${all}`,
    "predictions/baseline": `SELECT query_id, item_id, (0.25 * grade + a + b)::FLOAT AS score FROM ${all}`,
    labels: `SELECT query_id, item_id, grade::TINYINT AS grade, 'market ' || (query % 10) AS market FROM ${all} WHERE grade > 0`,
  });
}

/** One row in three is positive; both arms' scores say something of it. */
async function writeRows(folder: string, { rows }: Omit<Data, "folder">): Promise<void> {
  const all = `(SELECT r AS row_id, (noise(r * 4) < 0.33)::INTEGER AS label, noise(r * 4 + 1) AS a, noise(r * 4 + 2) AS b
    FROM range(${rows}) AS numbers(r))`;
  await write(folder, {
    "predictions/candidate": `SELECT row_id, ((0.3 * label + a) / 1.3)::FLOAT AS score, label FROM ${all}`,
    "predictions/baseline": `SELECT row_id, ((0.25 * label + 0.9 * a + 0.1 * b) / 1.3)::FLOAT AS score, label FROM ${all}`,
  });
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  for (const macro of noise) await connection.run(macro);
  for (const [name, select] of Object.entries(files))
    await connection.run(`COPY (${select}) TO '${join(folder, `${name}.parquet`)}' (FORMAT parquet, COMPRESSION zstd)`);
  connection.closeSync();
  instance.closeSync();
}

function definition({ kind, slices }: Pick<Data, "kind" | "slices">): string {
  const ranking = `  task: ranking
  labels: labels.parquet
  columns: {query: query_id, item: item_id, score: score, label: grade}
  metrics: [ndcg@10, recall@10, mrr]${slices > 0 ? "\n  slices: [market]" : ""}`;
  const rows = `  task: classification
  columns: {row: row_id, score: score, label: label}
  metrics: [auc]`;
  return `apiVersion: slipway/v1
kind: Model
name: bench
owners: ["@acme/ranking"]
version: candidate
artifact: {uri: "s3://acme/bench/model.onnx", format: onnx, digest: "sha256:${"0".repeat(63)}1"}
evaluation:
  dataset: bench
  predictions: "predictions/{version}.parquet"
${kind === "ranking" ? ranking : rows}
gates:
  - {metric: ${kind === "ranking" ? "ndcg@10" : "auc"}, noWorseThan: 5%}
`;
}
