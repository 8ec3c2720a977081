import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { reportSchema } from "#domain/evaluation/report.ts";
import { type Ended, runEntry } from "#test/support/run-entry.ts";

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "init-tasks-")), "shop");
  mkdirSync(folder);
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const slipway = (...args: readonly string[]): Promise<Ended> => runEntry("cli", args, { folder });
/** Deterministic noise in [0, 1). */
const noise = (seed: number): number => Math.abs(Math.sin(seed * 12.9898) * 43758.5453) % 1;
const write = (name: string, header: string, rows: readonly (readonly (string | number)[])[]): void =>
  writeFileSync(join(folder, name), [header, ...rows.map((row) => row.join(","))].join("\n").concat("\n"));

/** What init wrote, and what evaluating by it finds. */
async function initialised(...args: readonly string[]) {
  const made = await slipway("init", "models/made", "--predictions", "new.csv", "--baseline", "old.csv", ...args);
  expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: "" });
  expect(await slipway("validate")).toMatchObject({ code: 0 });
  const evaluated = await slipway("evaluate", "models/made", "--baseline", "old", "--json");
  const { gates, preflight } = reportSchema.parse(JSON.parse(evaluated.stdout));
  return { yaml: readFileSync(join(folder, "models/made/model.yaml"), "utf8"), gates, preflight };
}

describe("slipway init of tasks with columns of their own", () => {
  it("takes a log with propensities for logged decisions", async () => {
    const rows = Array.from({ length: 400 }, (_, row) => ({ row, reward: noise(row + 1) < 0.3 ? 1 : 0 }));
    write(
      "log.csv",
      "decision_id,reward,propensity,id",
      rows.map(({ row, reward }) => [row, reward, 0.25, row]),
    );
    for (const [name, by] of [
      ["new", 0.01],
      ["old", 0.005],
    ] as const)
      write(
        `${name}.csv`,
        "id,probability",
        rows.map(({ row }) => [row, 0.25 + (row % 2 === 0 ? by : -by)]),
      );
    const { yaml, gates } = await initialised("--labels", "log.csv");
    expect(yaml).toContain("task: bandit");
    expect(yaml).toContain("columns: {row: id, reward: reward, propensity: propensity, score: probability}");
    expect(gates.map(({ metric, blocks }) => [metric, blocks])).toEqual([
      ["snips", "unless-pass"],
      ["ips", "on-fail"],
    ]);
    expect(gates.every(({ passIfUnchanged }) => (passIfUnchanged ?? 0) >= 0.8)).toBe(true);
  });

  it("takes scores beside the judge's name for a judged task, of pass and fail a pass rate", async () => {
    for (const [name, nth] of [
      ["new", 7],
      ["old", 9],
    ] as const)
      write(
        `${name}.csv`,
        "prompt_id,run,score,judge_model",
        Array.from({ length: 240 }, (_, row) => [`p${row >> 1}`, row % 2, (row >> 1) % nth === 0 ? "fail" : "pass", "judge-3"]),
      );
    const { yaml, gates } = await initialised();
    expect(yaml).toContain("task: judged");
    expect(yaml).toContain("columns: {unit: prompt_id, score: score, repeat: run, judge: judge_model}");
    expect(yaml).not.toContain("labels");
    expect(gates.map(({ metric, blocks }) => [metric, blocks])).toEqual([["pass_rate", "unless-pass"]]);
  });

  it("takes ranked neighbours without a grade for the answers of an index", async () => {
    const pairs = Array.from({ length: 60 }, (_, query) => query).flatMap((query) =>
      Array.from({ length: 12 }, (_, place) => ({ query, place, item: `d${(query * 7 + place * 5) % 97}` })),
    );
    write(
      "exact.csv",
      "query_id,doc_id,rank",
      pairs.map(({ query, place, item }) => [query, item, place + 1]),
    );
    for (const [name, seed] of [
      ["new", 1],
      ["old", 1000],
    ] as const)
      write(
        `${name}.csv`,
        "query_id,doc_id,score",
        pairs.map(({ query, place, item }, row) => [query, item, (12 - place + 6 * noise(row + seed)).toFixed(4)]),
      );
    const { yaml, gates } = await initialised("--labels", "exact.csv");
    expect(yaml).toContain("task: retrieval");
    expect(yaml).toContain("columns: {query: query_id, item: doc_id, score: score, rank: rank}");
    expect(gates.map(({ metric, blocks }) => [metric, blocks])).toEqual([
      ["neighbour_recall@10", "unless-pass"],
      ["neighbour_recall@1", "on-fail"],
    ]);
  });
});
