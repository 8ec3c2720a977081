import { describe, expect, it } from "vitest";
import { evaluationSetting, reportOf } from "#test/support/evaluation-setting.ts";
import { modelYaml } from "#test/support/ranker-repository.ts";

const queries = Array.from({ length: 60 }, (_, index) => `q${String(index).padStart(2, "0")}`);
const csv = (header: string, row: (query: string, at: number) => readonly string[]): string =>
  `${[header, ...queries.flatMap((query, index) => row(query, index))].join("\n")}\n`;

/** The exact neighbours of each query are n0 … n4, nearest first. */
const exact = csv("query_id,item_id,place", (query) => [0, 1, 2, 3, 4].map((place) => `${query},n${place},${place + 1}`));
/** An index that finds them all, and one that loses the third in every tenth query. */
const complete = csv("query_id,item_id,score", (query) => [0, 1, 2, 3, 4].map((place) => `${query},n${place},${9 - place}`));
const compressed = csv("query_id,item_id,score", (query, index) =>
  [0, 1, index % 10 === 0 ? 7 : 2, 3, 4].map((place, at) => `${query},n${place},${9 - at}`),
);

const evaluation = {
  task: "retrieval",
  labels: "exact.csv",
  predictions: "predictions/{version}.csv",
  columns: "{rank: place}",
  metrics: "[neighbour_recall@3, overlap@3, kendall_tau@3]",
  slices: "[]",
};

describe("slipway evaluate of an index", () => {
  it("measures it against exact neighbours and against the uncompressed one, and gates both", async () => {
    const setting = evaluationSetting();
    const gates = ["{metric: neighbour_recall@3, noWorseThan: 0.1}", "{metric: overlap@3, atLeast: 0.999}"];
    const yaml = (version: string): string => modelYaml({ version, evaluation, gates });
    for (const tree of [setting.trusted, setting.head]) {
      tree.write("models/search-ranker/exact.csv", exact);
      tree.write("models/search-ranker/predictions/cosine.csv", complete);
    }
    setting.head.write("models/search-ranker/predictions/bm25.csv", compressed);
    setting.trusted.write("models/search-ranker/model.yaml", yaml("cosine"));
    setting.head.write("models/search-ranker/model.yaml", yaml("bm25"));
    const report = await reportOf(setting.evaluate("--json"));
    setting.close();
    const [found, shared, agreed] = report.measurements;
    expect(found?.baseline?.value).toBe(1);
    expect(found?.candidate.value).toBeCloseTo(1 - 0.1 / 3, 12);
    expect(shared?.candidate.value).toBeCloseTo(1 - 0.1 / 3, 12);
    expect(shared).toMatchObject({ baseline: null, difference: null, why: { difference: "compares-arms" } });
    expect(agreed?.candidate.value).toBeLessThan(1);
    expect(report.gates.map(({ id, verdict }) => [id, verdict])).toEqual([
      ["neighbour_recall@3", "pass"],
      ["overlap@3", "fail"],
    ]);
    expect([report.code, report.verdict]).toEqual([1, "fail"]);
    expect(report.preflight.filter(({ verdict }) => verdict === "error")).toEqual([]);
  });
});
