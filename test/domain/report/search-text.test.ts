import { describe, expect, it } from "vitest";
import type { SliceSearch } from "#domain/evaluation/report.ts";
import { searchText } from "#domain/report/search-text.ts";
import { report } from "./judgement-builder.ts";

const worst = { slice: { locale: "de" }, clusters: 1200, difference: -0.031, standardError: 0.008, lower: -0.06, upper: -0.002 };
const text = (search: Partial<SliceSearch>) =>
  searchText(
    report({ search: { metric: "ndcg@10", better: "higher", slices: 42, confidence: 1 - 0.05 / 42, worse: 0, worst: [], ...search } }),
  );

describe("what is said of the worst slices", () => {
  it.each<[string, Partial<SliceSearch>, string]>([
    [
      "names those that are proven worse",
      { worse: 1, worst: [worst] },
      "Worst of 42 slices searched on ndcg@10: 1 is proven worse (at 99.881 % each; informs only): locale=de −0.0310 [−0.0600, −0.0020] on 1,200 clusters.",
    ],
    [
      "names three of many",
      { worse: 5, worst: [worst, worst, worst, worst, worst] },
      `Worst of 42 slices searched on ndcg@10: 5 are proven worse (at 99.881 % each; informs only): ${Array.from({ length: 3 }, () => "locale=de −0.0310 [−0.0600, −0.0020] on 1,200 clusters").join("; ")}; and 2 more in report.json.`,
    ],
    [
      "names the worst when none is proven worse",
      { worst: [{ ...worst, upper: 0.002 }] },
      "Worst of 42 slices searched on ndcg@10: locale=de −0.0310 [−0.0600, +0.0020] on 1,200 clusters; none is proven worse (at 99.881 % each; informs only).",
    ],
    ["says when none is worse", {}, "Worst of 42 slices searched on ndcg@10: none is worse at all (at 99.881 % each; informs only)."],
    [
      "says when nothing could be searched",
      { slices: 0, confidence: null, why: { slices: "no-slice-of-100-clusters" } },
      "Worst slices: none searched on ndcg@10 (no slice has 100 clusters).",
    ],
  ])("%s", (_, search, said) => {
    expect(text(search)).toBe(said);
  });

  it("is nothing where nothing is sliced", () => {
    expect(searchText(report())).toBeNull();
  });
});
