import { describe, expect, it } from "vitest";
import { resolveLocation } from "#domain/model/model-definition.ts";
import { versionTemplate } from "#domain/model/version-template.ts";

describe("the template of two predictions files", () => {
  it.each([
    ["new.parquet", "old.parquet", "{version}.parquet", "new", "old"],
    ["runs/new.csv", "runs/old.csv", "runs/{version}.csv", "new", "old"],
    [
      "predictions-2026.11.20-3.parquet",
      "predictions-2026.11.02-1.parquet",
      "predictions-{version}.parquet",
      "2026.11.20-3",
      "2026.11.02-1",
    ],
    ["predictions_v12.csv.gz", "predictions_v11.csv.gz", "predictions_{version}.csv.gz", "v12", "v11"],
    [
      "2026.11.20-3/predictions.parquet",
      "2026.11.02-1/predictions.parquet",
      "{version}/predictions.parquet",
      "2026.11.20-3",
      "2026.11.02-1",
    ],
    ["model.jsonl", "model2.jsonl", "{version}.jsonl", "model", "model2"],
    ["a.parquet", "b.csv", "{version}", "a.parquet", "b.csv"],
  ])("of %s and %s is %s", (candidate, baseline, template, own, other) => {
    const found = versionTemplate(candidate, baseline);
    expect(found).toEqual({ template, candidate: own, baseline: other });
    expect([own, other].map((version) => resolveLocation(template, version, ""))).toEqual([candidate, baseline]);
  });

  it.each([
    ["the same file", "new.csv", "new.csv"],
    ["another depth", "new.csv", "runs/old.csv"],
    ["two steps that differ", "a/new.csv", "b/old.csv"],
    ["what no version may hold", "new run.csv", "old run?.csv"],
  ])("is none of %s", (_, candidate, baseline) => {
    expect(versionTemplate(candidate, baseline)).toBeNull();
  });
});
