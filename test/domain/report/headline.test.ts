import { describe, expect, it } from "vitest";
import type { Report } from "#domain/evaluation/report.ts";
import { environmentNameSchema } from "#domain/model/names.ts";
import { headline } from "#domain/report/headline.ts";
import { baseline, gate, judgedModel, measurement, report } from "./judgement-builder.ts";

const measured = [measurement(), measurement({ metric: "mrr" }), measurement({ slice: { locale: "de" } })];
const says = (change: Partial<Report>) => headline(judgedModel(report({ measurements: measured, ...change })));
const pass = { verdict: "pass", value: 0.0371, lower: 0.0241, upper: 0.0501 } as const;

describe("the verdict line", () => {
  it("names metric, change, interval, baseline and limit", () => {
    expect(says({})).toBe("Fail: ndcg@10 −14.2 % [−17.9, −10.4] against 2026.11.02-1 (live in production), limit −2 %");
  });

  it("speaks of the gate that the verdict rests on, on all units before a slice", () => {
    const onSlice = gate({ slice: { locale: "de" } });
    expect(says({ gates: [gate(pass), onSlice] })).toMatch(/^Fail: ndcg@10 on locale=de −14.2 %.*; 1 of 2 gates fails$/);
    expect(says({ gates: [onSlice, gate()] })).toMatch(/^Fail: ndcg@10 −14.2 %.*; 2 of 2 gates fail$/);
  });

  it("does not rest on a gate that only informs", () => {
    expect(says({ verdict: "pass", gates: [gate({ blocks: "never" }), gate({ ...pass, metric: "mrr" })] })).toMatch(/^Pass: mrr /);
  });

  it("says of a pass that all gates pass, or which are open", () => {
    expect(says({ verdict: "pass", gates: [gate(pass), gate(pass)] })).toMatch(/; all 2 gates pass$/);
    expect(says({ verdict: "pass", gates: [gate(pass), gate({ verdict: "inconclusive", blocks: "on-fail" })] })).toMatch(
      /; 1 gate passes, 1 is inconclusive without blocking$/,
    );
  });

  it("uses the gate's own sentence where there is no interval", () => {
    const lacking = gate({ verdict: "no-data", value: null, lower: null, upper: null, message: "ndcg@10 was not measured." });
    expect(says({ verdict: "no-data", gates: [lacking] })).toBe("No data: ndcg@10 was not measured");
  });

  it.each([
    [{ ...baseline, environment: environmentNameSchema.parse("staging"), source: "flag" }, "2026.11.02-1 (live in staging)"],
    [{ ...baseline, environment: null, source: "base-branch" }, "2026.11.02-1 (the default branch's)"],
    [{ ...baseline, environment: null, source: "flag" }, "2026.11.02-1 (named by flag)"],
  ])("says where the baseline comes from", (given, text) => {
    expect(says({ baseline: given })).toContain(`against ${text},`);
  });

  it("is the judgement's message where nothing was judged", () => {
    expect(headline(judgedModel(report(), { verdict: "no-data", code: "no-evidence", message: "Nothing yet.", evidence: null }))).toBe(
      "No data: Nothing yet.",
    );
  });

  it("says that there is no gate", () => {
    expect(says({ verdict: "no-data", gates: [] })).toBe("No data: there is no gate that could judge this");
  });
});
