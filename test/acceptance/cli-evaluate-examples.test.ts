import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type EvaluationSetting, evaluationSetting, reportOf } from "#test/support/evaluation-setting.ts";
import { runEntry } from "#test/support/run-entry.ts";

let setting: EvaluationSetting;
beforeEach(() => {
  setting = evaluationSetting();
});
afterEach(() => setting.close());

describe("slipway evaluate, for who wants to look", () => {
  it("leaves the biggest wins and losses in the report with both ranked lists, names them, and prints them on demand", async () => {
    const file = join(setting.head.root, "report.json");
    const report = await reportOf(setting.evaluate("--json", "--out", file));
    const { wins = [], losses = [] } = report.examples ?? {};
    expect([report.examples?.metric, wins.length, losses.length]).toEqual(["ndcg@10", 10, 10]);
    for (const [examples, sign] of [
      [wins, 1],
      [losses, -1],
    ] as const) {
      const sizes = examples.map(({ difference }) => sign * difference);
      expect(sizes.every((size) => size > 0)).toBe(true);
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
      for (const { lists } of examples)
        for (const list of [lists?.baseline ?? [], lists?.candidate ?? []]) {
          expect(list.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
          expect(list.map(({ score }) => score)).toEqual(list.map(({ score }) => score).toSorted((a, b) => b - a));
        }
    }
    expect(report.verdict).toBe("pass");

    const short = await setting.evaluate();
    expect(short.stdout).toContain(`Biggest wins by query_id on ndcg@10: ${wins[0]?.id} +`);
    expect(short.stdout).toContain("--examples shows 20.");
    const whole = await runEntry("cli", ["report", file, "--examples"]);
    expect(whole.stdout.match(/^(?:win|loss) \d+ /gm)?.length).toBe(20);
    expect(whole.stdout).toContain("  rank  baseline");
    for (const { item } of wins[0]?.lists?.candidate ?? []) expect(whole.stdout).toContain(item);
  });
});
