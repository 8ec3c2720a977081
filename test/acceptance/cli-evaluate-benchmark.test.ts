import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { madeBenchmark } from "#test/support/benchmark.ts";
import { type EvaluationSetting, evaluationSetting, messagesOf, reportOf } from "#test/support/evaluation-setting.ts";
import { modelYaml } from "#test/support/ranker-repository.ts";

let setting: EvaluationSetting;
beforeAll(() => {
  setting = evaluationSetting();
});
afterAll(() => setting.close());

const gates = ["{metric: latency_p90_ms, noWorseThan: 5%}", "{metric: latency_p90_ms, atMost: 60, id: bound}"];

/** The default branch asks for a benchmark; the head brings one. */
function benchmarked(rows: ReturnType<typeof madeBenchmark>): void {
  const evaluation = { benchmark: "bench/{version}.csv", metrics: "[ndcg@10, latency_p90_ms]" };
  setting.trusted.write("models/search-ranker/model.yaml", modelYaml({ version: "cosine", evaluation, gates }));
  setting.head.write("models/search-ranker/model.yaml", modelYaml({ version: "bm25", evaluation, gates }));
  const columns = ["arm", "block", "latency_ms", "machine"];
  const lines = rows.map((row) => columns.map((column) => row[column]).join(","));
  setting.head.write("models/search-ranker/bench/bm25.csv", `${[columns.join(","), ...lines].join("\n")}\n`);
}

describe("slipway evaluate with a benchmark", () => {
  test("judges latency by the ratio over blocks that took turns, and prints it", async () => {
    benchmarked(madeBenchmark({ ratio: 1.2 }));
    const report = await reportOf(setting.evaluate("--json"));
    expect(report.gates.map(({ id, verdict, reason }) => [id, verdict, reason])).toEqual([
      ["latency_p90_ms", "fail", "regression"],
      ["bound", "pass", "within-bounds"],
    ]);
    expect(report.code).toBe(1);
    const { stdout } = await setting.evaluate();
    expect(stdout).toMatch(/latency_p90_ms +all units +no worse than 5% +\+2\d(?:\.\d+)? % \[/);
    expect(stdout).toMatch(/latency_p90_ms +all units +3,000 .* ratio 1\.2\d*/);
  });

  test("has no data to compare runs that did not take turns", async () => {
    const after = (arm: "candidate" | "baseline", from: number) =>
      madeBenchmark({ turns: [[arm]] }).map((row) => ({ ...row, block: Number(row["block"]) + from }));
    benchmarked([...after("candidate", 0), ...after("baseline", 30)]);
    const report = await reportOf(setting.evaluate("--json"));
    expect(report.gates[0]).toMatchObject({ verdict: "no-data", reason: "not-interleaved" });
    expect(messagesOf(report).join("\n")).toMatch(/blocks "0" and "1" are of one arm: they do not take turns/);
    expect(report.code).toBe(3);
  });
});
