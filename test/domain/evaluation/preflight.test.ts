import { describe, expect, test } from "vitest";
import type { Report } from "#domain/evaluation/report.ts";
import type { ListFacts, ScoredMetric, ScoredTable } from "#domain/evaluation/scored-table.ts";
import type { GateRule } from "#domain/gate/gate.ts";
import { around, digestOf, header, listFacts, reportOf, scoredTable } from "#test/support/report-request.ts";
import { metric } from "#test/support/scoring-request.ts";

const base = around(0.5, 0.1, 120);
const close = base.map((value, index) => value - 0.002 + (index % 4 < 2 ? 0.02 : -0.02));
const locales = base.map((_, index) => ["de", "fr", null][index % 3] ?? null);
const table: ScoredTable = scoredTable(
  { candidate: close, baseline: base },
  { slices: [{ kind: "column", column: "locale", values: locales }] },
);
const rules: readonly GateRule[] = [
  { metric: "ndcg@10", noWorseThan: "2%" },
  { metric: "ndcg@10", atLeast: 0.3, confidence: 0.9 },
];
const finding = (report: Report, code: string) => report.preflight.find((known) => known.code === code);

describe("preflight", () => {
  test("the same predictions of another artifact are stale, unless that is allowed", () => {
    const same = { ...table, facts: { ...table.facts, identicalScores: true } };
    const stale = reportOf(same, rules);
    expect(finding(stale, "stale-predictions")?.verdict).toBe("error");
    expect(stale.verdict).toBe("error");
    expect(stale.gates.every(({ verdict, reason }) => verdict === "error" && reason === "invalid-evaluation")).toBe(true);
    const allowed = reportOf(same, rules, { identical: "allowed" });
    expect(finding(allowed, "identical-predictions")?.verdict).toBe("pass");
    expect(allowed.verdict).not.toBe("error");
  });

  test("the same bytes are stale too, but not for the same artifact", () => {
    const predictions = {
      baseline: { digest: digestOf("1"), by: "supplied" as const },
      candidate: { digest: digestOf("1"), by: "supplied" as const },
    };
    const own = { ...header, inputs: { ...header.inputs, predictions } };
    expect(reportOf(table, rules, { header: own }).verdict).toBe("error");
    const sameArtifact = { ...own, candidate: { ...own.candidate, digest: digestOf("b") } };
    expect(finding(reportOf(table, rules, { header: sameArtifact }), "stale-predictions")).toBeUndefined();
  });

  test("queries missing in one arm are an error above 1 in 1000, with examples", () => {
    const many = around(0.5, 0.1, 2000);
    const missing = (count: number) =>
      scoredTable(
        { candidate: many, baseline: many.toReversed() },
        { listed: { candidate: many.map((_, index) => index >= count), baseline: many.map(() => true) } },
      );
    expect(finding(reportOf(missing(2), []), "queries-missing")).toMatchObject({ verdict: "pass" });
    const refused = reportOf(missing(3), [{ metric: "ndcg@10", atLeast: 0 }]);
    expect(finding(refused, "queries-missing")).toMatchObject({ verdict: "error" });
    expect(finding(refused, "queries-missing")?.message).toContain('"q0000", "q0001", "q0002"');
    expect(refused.verdict).toBe("error");
    expect(refused.measurements[0]?.missing).toEqual({ baseline: 0, candidate: 3 });
  });

  test("say what a missing query is worth by each metric's own convention", () => {
    const listed = { candidate: base.map((_, index) => index > 0), baseline: base.map((_, index) => index > 0) };
    const by = (...missing: readonly ("zero" | "intersect")[]) => {
      const metrics = missing.map((convention, index): ScoredMetric => {
        const own = { ...metric("ndcg@10", { missing: convention }), name: `own-${index}` };
        return { kind: "scored", metric: own, candidate: base, baseline: base };
      });
      return finding(reportOf({ ...table, listed, metrics }, []), "queries-missing")?.message ?? "";
    };
    expect(by("zero")).toMatch(/A missing query scores 0\.$/);
    expect(by("intersect")).toMatch(/A missing query is left out of both arms\.$/);
    expect(by("zero", "intersect")).toMatch(/A missing query scores 0; in own-1 it is left out of both arms\.$/);
  });

  test("name the slice of which one arm lacks much, though it is little of all", () => {
    const many = around(0.5, 0.1, 2000);
    const ofGerman = many.map((_, index) => (index < 20 ? "de" : "fr"));
    const slices = [{ kind: "column", column: "locale", values: ofGerman } as const];
    const missing = (count: number) =>
      scoredTable(
        { candidate: many, baseline: many.toReversed() },
        { slices, listed: { candidate: many.map((_, index) => index >= count), baseline: many.map(() => true) } },
      );
    expect(finding(reportOf(missing(0), []), "missing-in-slices")).toMatchObject({ verdict: "pass" });
    const found = finding(reportOf(missing(2), []), "missing-in-slices");
    expect(found?.verdict).toBe("inconclusive");
    expect(found?.message).toContain('locale="de": the candidate lacks 2 of 20');
    expect(finding(reportOf(missing(2), []), "queries-missing")?.verdict).toBe("pass");
  });

  test("queries missing in both arms are counted, and no error", () => {
    const both = base.map((_, index) => index >= 10);
    const report = reportOf({ ...table, listed: { candidate: both, baseline: both } }, []);
    expect(finding(report, "queries-missing")).toMatchObject({ verdict: "pass" });
    expect(finding(report, "queries-missing")?.message).toContain("10 are missing in both");
    expect(report.measurements[0]?.missing).toEqual({ baseline: 10, candidate: 10 });
  });

  test("says the judged share, its gap, and the ties across the cutoff", () => {
    const cutoffs = [
      {
        k: 10,
        candidate: { listed: 1000, judged: 300, queries: 100, tied: 20 },
        baseline: { listed: 1000, judged: 400, queries: 100, tied: 1 },
      },
    ];
    const report = reportOf({ ...table, facts: { ...table.facts, cutoffs } }, []);
    expect(finding(report, "judged-at-k")?.message).toBe("Judged share of the first 10 places: 30% in the candidate, 40% in the baseline.");
    expect(finding(report, "judged-at-k-gap")).toMatchObject({ verdict: "inconclusive" });
    expect(finding(report, "judged-at-k-gap")?.message).toContain("the candidate shows more unjudged items");
    const beside = cutoffs.map((known) => ({ ...known, judgedOnly: { candidate: 0.51234, baseline: null } }));
    expect(finding(reportOf({ ...table, facts: { ...table.facts, cutoffs: beside } }, []), "judged-at-k-gap")?.message).toMatch(
      /Over judged items alone ndcg@10 is 0\.5123 in the candidate and undefined in the baseline\.$/,
    );
    expect(finding(report, "ties-at-k")).toMatchObject({ verdict: "inconclusive" });
    expect(finding(report, "ties-at-k")?.message).toContain("20% of the candidate's queries, 1% of the baseline's");
  });

  test("says how long the lists are, and where they were cut before the cutoff", () => {
    const arm = { listed: 1000, judged: 900, queries: 100, tied: 0 };
    const cutoffs = [{ k: 50, candidate: arm, baseline: arm }];
    const withLists = (over: Partial<ListFacts>) =>
      finding(
        reportOf(
          { ...table, facts: { ...table.facts, cutoffs, lists: { candidate: listFacts(100, over), baseline: listFacts(100) } } },
          [],
        ),
        "rows-per-query",
      );
    expect(withLists({})).toMatchObject({
      verdict: "pass",
      message: "Rows per query (fewest, median, most): 20, 50 and 100 in the candidate; 20, 50 and 100 in the baseline.",
    });
    const cut = withLists({ shortest: 10, median: 10, longest: 10 });
    expect(cut?.verdict).toBe("inconclusive");
    expect(cut?.message).toContain("before the cutoff 50: the candidate's after 10");
    expect(withLists({ shortest: 50, median: 50, longest: 50 })?.verdict).toBe("pass");
    expect(withLists({ shortest: 9, median: 10, longest: 10 })?.verdict).toBe("pass");
  });

  test.each([
    ["tied", { tied: true }, "scores-all-tied", "error"],
    ["equal to the labels", { likeLabels: "equal" }, "score-equals-label", "error"],
    ["in the order of the labels", { likeLabels: "ordered" }, "scores-order-as-labels", "inconclusive"],
  ] as const)("does not believe scores that are %s, in either arm", (_, over, code, verdict) => {
    const [plain, odd] = [listFacts(100), listFacts(100, over)];
    for (const lists of [
      { candidate: odd, baseline: plain },
      { candidate: plain, baseline: odd },
    ]) {
      const report = reportOf({ ...table, facts: { ...table.facts, lists } }, rules);
      expect(finding(report, code)?.verdict).toBe(verdict);
      expect(report.verdict === "error").toBe(verdict === "error");
    }
  });

  test("counts negative labels", () => {
    const report = reportOf({ ...table, facts: { ...table.facts, labels: { count: 90, negative: 4 } } }, []);
    expect(finding(report, "labels-negative")).toMatchObject({ verdict: "error", message: expect.stringContaining("4 of 90 labels") });
    expect(report.verdict).toBe("error");
  });

  test("names a gate that equal quality rarely passes, and the smallest margin that it meets in 80 %", () => {
    const report = reportOf(table, [
      { metric: "ndcg@10", noWorseThan: "0.1%" },
      { metric: "ndcg@10", noWorseThan: 0.2 },
    ]);
    const rarely = report.preflight.filter(({ code }) => code === "gate-rarely-passes");
    expect(rarely).toHaveLength(1);
    const [gate] = report.gates;
    const share = (100 * (gate?.detectable ?? 0)) / 0.5;
    const named = Number(/in 80% is ([\d.]+)%/.exec(rarely[0]?.message ?? "")?.[1]);
    expect(named).toBeGreaterThanOrEqual(share);
    expect(named).toBeLessThan(share * 1.1);
    expect(report.gates[0]?.passIfUnchanged).toBeLessThan(0.5);
  });

  test("names the strictest bound that equal quality meets, where a bound on the candidate is too strict", () => {
    const report = reportOf(table, [
      { metric: "ndcg@10", atLeast: 0.4999 },
      { metric: "ndcg@10", atLeast: 0.1 },
      { metric: "ndcg@10", betterThan: 0 },
    ]);
    const [gate] = report.gates;
    const named = report.preflight.filter(({ code }) => code === "gate-rarely-passes").map(({ message }) => message);
    expect(named).toEqual([expect.stringMatching(/^Gate ndcg@10 \(at least 0.4999\).*strictest bound that it meets in 80% is 0\.\d+\.$/)]);
    const bound = Number(/in 80% is ([\d.]+)\.$/.exec(named[0] ?? "")?.[1]);
    expect(bound).toBeLessThanOrEqual(0.5 - (gate?.detectable ?? 0));
    expect(reportOf(table, [{ metric: "ndcg@10", atLeast: bound }]).gates[0]?.passIfUnchanged).toBeGreaterThanOrEqual(0.79);
  });

  test("a slice that varies within a unit is an error that names the unit", () => {
    const varying = { ...table, unit: { column: "user_id", values: base.map((_, index) => `u${Math.floor(index / 2)}`) } };
    const report = reportOf(varying, rules);
    expect(finding(report, "slice-varies-within-unit")).toMatchObject({ verdict: "error" });
    expect(finding(report, "slice-varies-within-unit")?.message).toContain('user_id = "u0"');
    expect([report.verdict, report.measurements]).toEqual(["error", []]);
  });

  test("a column of identifiers is no slice column", () => {
    const many = around(0.5, 0.1, 501);
    const report = reportOf(
      scoredTable(
        { candidate: many, baseline: many.toReversed() },
        { slices: [{ kind: "column", column: "user", values: many.map((_, index) => `u${index}`) }] },
      ),
      rules,
    );
    expect(finding(report, "too-many-slices")?.verdict).toBe("error");
    expect(report.verdict).toBe("error");
  });
});
