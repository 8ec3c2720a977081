import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type EvaluationSetting, evaluationSetting, messagesOf, reportOf } from "#test/support/evaluation-setting.ts";
import { digestOf, modelYaml, predictions, type Ranker, type WrittenModel } from "#test/support/ranker-repository.ts";

let setting: EvaluationSetting;
beforeEach(() => {
  setting = evaluationSetting();
});
afterEach(() => setting.close());

const file = "models/search-ranker/model.yaml";
const items = "models/search-ranker/items.csv";
/** Cranfield's 1400 documents; every seventh is acme's, none of the last 400 was ever read. */
const catalogue = ["document_id,reads,topic,provider"]
  .concat(
    Array.from(
      { length: 1400 },
      (_, index) => `${index + 1},${Math.max(0, 1000 - index)},t${index % 9},${index % 7 === 0 ? "acme" : "other"}`,
    ),
  )
  .join("\n");

function judgeBy(own: WrittenModel, withItems = true): void {
  const evaluation = { ...own.evaluation, ...(withItems && { items: "items.csv" }) };
  setting.trusted.write(file, modelYaml({ version: "cosine", ...own, evaluation }));
  setting.head.write(file, modelYaml({ ...own, evaluation }));
}

/** The documents that a ranker shows among its first ten. */
function shownBy(ranker: Ranker): Set<string> {
  const rows = predictions(ranker)
    .trim()
    .split("\n")
    .slice(1)
    .map((row) => row.split(","));
  const byQuery = Map.groupBy(rows, ([query]) => query);
  const order = (a: readonly string[], b: readonly string[]): number =>
    Number(b[2]) - Number(a[2]) || ((b[1] ?? "") < (a[1] ?? "") ? -1 : 1);
  return new Set(
    [...byQuery.values()].flatMap((own) =>
      own
        .toSorted(order)
        .slice(0, 10)
        .map(([, document = ""]) => document),
    ),
  );
}

describe("slipway evaluate with a catalogue", () => {
  it("measures beyond accuracy, judges a census by its value, and says which catalogue it read", async () => {
    judgeBy({
      evaluation: {
        metrics:
          "[ndcg@10, coverage@10, {metric: arp@10, column: reads}, {metric: ild@10, column: topic}, {metric: recall@10, name: recall_acme, items: {provider: acme}}]",
      },
      gates: ["{metric: coverage@10, atLeast: 0.3}", '{metric: arp@10, noWorseThan: "20%"}', '{metric: recall_acme, noWorseThan: "90%"}'],
    });
    setting.trusted.write(items, catalogue);
    const report = await reportOf(setting.evaluate("--json"));
    expect(report).toMatchObject({ code: 0, verdict: "pass", inputs: { items: digestOf(catalogue) } });
    const coverage = report.measurements.find(({ metric, slice }) => metric === "coverage@10" && slice === null);
    expect(coverage?.candidate.value).toBeCloseTo(shownBy("bm25").size / 1400, 12);
    expect(coverage?.baseline?.value).toBeCloseTo(shownBy("cosine").size / 1400, 12);
    expect(report.gates.map(({ metric, reason }) => [metric, reason])).toEqual([
      ["coverage@10", "within-bounds"],
      ["arp@10", "within-margin"],
      ["recall_acme", "within-margin"],
    ]);
  });

  it("says where a metric needs the catalogue and there is none", async () => {
    judgeBy({ evaluation: { metrics: "[ndcg@10, coverage@10]" } }, false);
    const { code, stdout } = await setting.evaluate();
    expect(code).toBe(4);
    expect(stdout).toContain(
      `${file}:12:22 on the default branch: coverage@10 needs the catalogue: set evaluation.items to a file of the default branch with one row an item and the column "document_id"`,
    );
  });

  it("takes no catalogue from the head, and says which file is missing", async () => {
    judgeBy({ evaluation: { metrics: "[ndcg@10, coverage@10]" } });
    setting.head.write(items, catalogue);
    const report = await reportOf(setting.evaluate("--json"));
    expect(report).toMatchObject({ code: 4, verdict: "error" });
    expect(messagesOf(report)).toContain(`There is no file ${items} (the catalogue). Make it, or correct its location in model.yaml.`);
  });

  it("names the item that the catalogue has twice", async () => {
    judgeBy({ evaluation: { metrics: "[ndcg@10, coverage@10]" } });
    setting.trusted.write(items, `${catalogue}\n7,1,t1,acme\n`);
    const report = await reportOf(setting.evaluate("--json"));
    expect(report).toMatchObject({ code: 4, verdict: "error" });
    expect(messagesOf(report)).toContain(
      `${items} (the catalogue) has more than one row for an item: document_id = "7" has 2 (1 such items). Keep one row an item.`,
    );
  });
});
