import { describe, expect, test } from "vitest";
import { applicable, optionNames } from "#domain/evaluation/convention.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import { metricCatalogue } from "#domain/evaluation/metric-catalogue.ts";
import { type MetricEntry, metricEntryName, metricEntrySchema, parseMetricEntry } from "#domain/evaluation/metric-entry.ts";
import { metricFamilies } from "#domain/evaluation/metrics.ts";
import { presets } from "#domain/evaluation/presets.ts";

function read(written: unknown): Metric | string {
  const parsed = parseMetricEntry(metricEntrySchema.parse(written));
  return parsed.kind === "metric" ? parsed.metric : parsed.message;
}

describe("an entry of evaluation.metrics", () => {
  test("is a name, which means the default convention", () => {
    expect(read("ndcg@10")).toMatchObject({ name: "ndcg@10", printedConvention: { gain: "linear", ideal: "judged", ties: "id_desc" } });
    expect(read({ metric: "ndcg@10", gain: "linear" })).toEqual(read("ndcg@10"));
    expect(read({ metric: "ndcg@10", convention: "recpack", gain: "linear" })).toEqual(read("ndcg@10"));
  });

  test("is a metric with a convention and a name of its own, which the report prints with the metric that it is", () => {
    const own: MetricEntry = { metric: "ndcg@10", convention: "ranx", gain: "exp2", ties: "average", name: "ndcg_exp2@10" };
    expect(metricEntryName(own)).toBe("ndcg_exp2@10");
    expect(read(own)).toMatchObject({
      name: "ndcg_exp2@10",
      family: "ndcg",
      k: 10,
      convention: { gain: "exp2", ties: "average", level: "everywhere", noRelevant: "zero", missing: "error" },
      printedConvention: {
        metric: "ndcg@10",
        gain: "exp2",
        ideal: "judged",
        minRel: 1,
        ties: "average",
        level: "everywhere",
        noRelevant: "zero",
        missing: "error",
      },
    });
    expect(read({ metric: "ndcg@5", name: "shop", gain: { 2: 3, 1: 1 } })).toMatchObject({ printedConvention: { gain: "1:1 2:3" } });
  });

  test("reads the column that the model names for its role, unless the entry names another", () => {
    const columns = { value: "revenue" };
    const named = (written: MetricEntry) => parseMetricEntry(metricEntrySchema.parse(written), columns);
    expect(named("value@10")).toMatchObject({ metric: { convention: { column: "revenue" }, printedConvention: { column: "revenue" } } });
    expect(named({ metric: "value@10", column: "margin" })).toMatchObject({
      metric: { name: "value@10", convention: { column: "margin" } },
    });
    expect(read("value@10")).toMatchObject({ convention: { column: "value", discount: "none", ideal: "none" } });
    expect(named("ndcg@10")).toEqual({ kind: "metric", metric: read("ndcg@10") });
  });

  test.each([
    [{ metric: "hit_rate@5", name: "own", clip: 4 }, 'Metric "hit_rate": clip cuts inverse propensities: it needs clicks ips.'],
    [{ metric: "recall@5", name: "own", clicks: "ips", ties: "worst" }, "ties worst orders by relevance"],
    [{ metric: "value@5", discount: "log2" }, "value@5 with a convention of its own needs a name of its own, such as name: value_log2@5."],
    [{ metric: "ndcg@5", name: "own", ideal: "none" }, 'Option ideal of metric "ndcg" is judged, retrieved or full_k, not none.'],
    [{ metric: "ndcg@10", gain: "exp2" }, "ndcg@10 with a convention of its own needs a name of its own, such as name: ndcg_exp2@10."],
    [{ metric: "map", convention: "trec_eval" }, "map with a convention of its own needs a name of its own, such as name: map_trec_eval."],
    [
      { metric: "ndcg@10", gain: "exp2", name: "ndcg@10" },
      "ndcg@10 with a convention of its own needs a name of its own, such as name: ndcg_exp2@10.",
    ],
    [
      { metric: "ndcg@10", gain: "exp2", name: "recall@50" },
      'The name "recall@50" is that of another metric; call ndcg@10 something else.',
    ],
    [{ metric: "err", name: "own", convention: "trec_eval" }, "trec_eval has no metric err; the convention knows ndcg, recall, "],
    [
      { metric: "recall@5", name: "own", gain: "exp2" },
      'The metric "recall" has no option gain; it has divisor, minRel, items, ties, clicks, clip, unjudged, scores, noRelevant, missing.',
    ],
    [{ metric: "mrr", name: "own", ties: "average" }, 'Option ties of metric "mrr" is id_desc, id_asc or worst, not average.'],
    [{ metric: "rbp", name: "own", gain: { 1: 1 } }, 'Option gain of metric "rbp" is binary or linear, not 1:1.'],
    [
      { metric: "ndcg@10", name: "own", ideal: "full_k" },
      'Metric "ndcg": ideal full_k counts k places that gain 1: it needs a cutoff and gain binary.',
    ],
    [{ metric: "map", name: "own", divisor: "k" }, 'Metric "map": divisor k needs a cutoff.'],
    [{ metric: "ngcd@10", name: "own" }, "Did you mean ndcg@10?"],
  ])("%j is refused", (written, message) => {
    expect(read(written)).toContain(message);
  });

  test.each([
    [{ metric: "ndcg@10", name: "a b" }, "name"],
    [{ metric: "ndcg@10", name: "own", gain: { good: 1 } }, "gain"],
    [{ metric: "ndcg@10", name: "own", gain: { 1: 2, 2: 1 } }, "gain"],
    [{ metric: "ndcg@10", name: "own", gain: { 0: 1 } }, "gain"],
    [{ metric: "ndcg@10", name: "own", gain: { 1: -1 } }, "gain"],
    [{ metric: "ndcg@10", name: "own", gain: {} }, "gain"],
    [{ metric: "rbp", name: "own", p: 1 }, "p"],
    [{ metric: "mrr", name: "own", minRel: 0 }, "minRel"],
    [{ metric: "mrr", name: "own", convention: "lucene" }, "convention"],
  ])("%j has not the shape of one", (written, _option) => {
    expect(metricEntrySchema.safeParse(written).success).toBe(false);
  });
});

describe("the registry", () => {
  test("every default is a value that its metric has, and every preset sets only what exists", () => {
    for (const { family, options, defaults } of metricFamilies) expect([family, applicable(options, defaults)]).toEqual([family, defaults]);
    for (const [name, { metrics, convention }] of Object.entries(presets)) {
      for (const family of Object.keys(metrics)) {
        expect(metricFamilies.map((known) => known.family)).toContain(family);
        const metric = read({
          metric: metricFamilies.find((known) => known.family === family)?.cutoff === "none" ? family : `${family}@5`,
          name: "own",
          convention: name,
        });
        expect(metric).toMatchObject({ family });
      }
      expect(optionNames).toEqual(expect.arrayContaining(Object.keys(convention)));
    }
  });

  test("says of every metric what docs and help need", () => {
    for (const entry of metricCatalogue()) {
      expect(entry.spellings.length).toBeGreaterThan(0);
      for (const text of [entry.title, entry.about, entry.definition, entry.reference]) expect(text.length).toBeGreaterThan(2);
      expect(entry.options.map(({ option }) => option)).toContain("missing");
    }
  });
});
