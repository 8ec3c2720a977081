import { describe, expect, it } from "vitest";
import { countLooks, type Look, looksOf, parseLooks, printLook } from "#domain/evidence/look.ts";
import { digest, report, version } from "#test/domain/report/judgement-builder.ts";

const look = (candidate: string, change: Partial<Look["dataset"]> = {}): Look => ({
  dataset: { name: "cranfield", digest: digest("5"), ...change },
  candidate: digest(candidate),
});

describe("a look at a holdout", () => {
  it("is a candidate that was measured on a dataset", () => {
    expect(looksOf(report({ candidate: version("2", "d") }))).toEqual([look("d")]);
  });

  it("is none when nothing was measured", () => {
    expect(looksOf(report({ measurements: [] }))).toEqual([]);
  });

  it("is none of a dataset whose name nobody could have declared, so that a forged report writes no other line", () => {
    expect(looksOf(report({ dataset: { name: "a\nSlipway-Look: b", digest: digest("5") } }))).toEqual([]);
  });

  it("counts once however often the same candidate is measured", () => {
    expect(countLooks([look("c"), look("c"), look("d")], look("c").dataset)).toBe(2);
  });

  it("counts on its own dataset alone: another name or another content is another holdout", () => {
    const others = [look("d", { name: "other" }), look("e", { digest: digest("6") })];
    expect(countLooks([look("c"), ...others], look("c").dataset)).toBe(1);
  });

  it("reads back what it printed, among other lines", () => {
    const looks = [look("c"), look("d", { name: "queries-2026.11" })];
    expect(parseLooks(`Evidence of run 7-1\n\n${looks.map(printLook).join("\n")}\n\nEvidence of run 6-1\n`)).toEqual(looks);
  });

  it.each([
    "Slipway-Look: cranfield",
    `Slipway-Look: cran field ${digest("5")} ${digest("c")}`,
    `Slipway-Look: cranfield ${digest("5")} sha256:c`,
    `Slipway-Look: cranfield ${digest("5")} ${digest("c")} more`,
    ` Slipway-Look: cranfield ${digest("5")} ${digest("c")}`,
  ])("passes over a line that it did not print: %s", (line) => {
    expect(parseLooks(line)).toEqual([]);
  });
});
