import { describe, expect, it } from "vitest";
import { modelNameSchema } from "#domain/model/names.ts";
import { commentView } from "#domain/report/comment-view.ts";
import { fittingText, mostCharacters, TextDoesNotFit } from "#domain/report/fitting-text.ts";
import { templates } from "#test/adapters/templates/shipped-templates.ts";
import { difference, gate, judgedModel, judgement, measurement, policy, report } from "./judgement-builder.ts";

/** A report with this many slices, each measured, gated and regressed. */
function sliced(count: number, name = "search-ranker", text = "slice") {
  const slices = Array.from({ length: count }, (_, index) => ({ topic: `${text} ${index}` }));
  return report({
    model: modelNameSchema.parse(name),
    measurements: [measurement(), ...slices.map((slice) => measurement({ slice, difference: difference(-0.1, 0.01) }))],
    gates: [gate(), ...slices.map((slice) => gate({ id: `gate ${slice.topic}`, slice, verdict: "pass" }))],
  });
}

function comment(...reports: readonly ReturnType<typeof report>[]): string {
  const judged = judgement(reports.map((given) => judgedModel(given)));
  return fittingText((limits) => templates.render("comment.md", commentView(judged, policy, limits)));
}

/** Every table ends at a row: as many cells as its head. */
function tablesAreWhole(text: string): boolean {
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  return rows.every((row) => row.endsWith("|"));
}

describe("a report that is too long for a comment", () => {
  it("is complete while it fits", () => {
    const text = comment(sliced(50));
    expect(text).not.toContain("did not fit");
    expect(text).toContain("topic=slice 49");
  });

  it("drops measurements first, and says how many", () => {
    const text = comment(sliced(400));
    expect(text.length).toBeLessThanOrEqual(mostCharacters);
    expect(text).toMatch(/_\d+ more measurements did not fit/);
    expect(tablesAreWhole(text)).toBe(true);
  });

  it("keeps the gate that decides, the sentence and the next step", () => {
    const text = comment(sliced(2_000, "search-ranker", "&<>|".repeat(100)));
    expect(text.length).toBeLessThanOrEqual(mostCharacters);
    expect(text).toContain("❌ Fail: ndcg@10 −14.2 %");
    expect(text).toMatch(/_\d+ more gates did not fit/);
    expect(text).toContain("❌ fail |");
    expect(text).toContain("**Next:**");
    expect(tablesAreWhole(text)).toBe(true);
  });

  it("shows as many models as fit, and says how many did not", () => {
    const many = Array.from({ length: 60 }, (_, index) => sliced(8, `model-${index}`, "a long slice name ".repeat(20)));
    const text = comment(...many);
    expect(text.length).toBeLessThanOrEqual(mostCharacters);
    expect(text).toMatch(/_\d+ more models did not fit/);
    expect(text).toContain("of 60 models, 60 fail");
  });

  it("is refused when not even the shortest text fits", () => {
    expect(() => fittingText(() => "x".repeat(mostCharacters + 1))).toThrow(TextDoesNotFit);
  });
});
