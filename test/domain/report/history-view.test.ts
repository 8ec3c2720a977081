import { describe, expect, it } from "vitest";
import { instantSchema } from "#domain/model/time.ts";
import { agesText } from "#domain/report/ages-text.ts";
import { besideText } from "#domain/report/beside-text.ts";
import { historyView } from "#domain/report/history-view.ts";
import type { Background } from "#domain/report/judgement.ts";
import { better, first, worse } from "./cases.ts";
import { difference, digest, estimate, gate, measurement, report, sha } from "./judgement-builder.ts";

const when = (day: string, hour = "08") => instantSchema.parse(`2026-11-${day}T${hour}:00:00.000Z`);
const background = (change: Partial<Background> = {}): Background => ({
  evaluatedAt: when("20"),
  liveSince: when("02"),
  earlier: [],
  ...change,
});
const earlier = (letter: string, day: string, found = worse) => ({ head: sha(letter), evaluatedAt: when(day), report: found });

describe("what earlier heads measured", () => {
  it("is nothing at the first head", () => {
    expect(historyView(better, background(), 20)).toBeNull();
  });

  it("is set against this head in the metric that decides", () => {
    expect(historyView(better, background({ earlier: [earlier("9", "19")] }), 20)).toMatchObject({
      since: { head: "999999999999", text: "ndcg@10 was −0.0582 [−0.0736, −0.0428] (fail), is +0.0289 [+0.0159, +0.0419] (pass)." },
      title: "One earlier evaluation",
      rows: { rows: [{ when: "2026-11-19", word: "fail", found: "−0.0582 [−0.0736, −0.0428]" }], more: null },
    });
  });

  it.each([
    ["another dataset", { dataset: { name: "cranfield", digest: digest("0") } }],
    ["another baseline", { baseline: null }],
    ["another definition", { inputs: { ...worse.inputs, definition: digest("0") } }],
  ])("says what keeps them apart: %s", (said, change) => {
    const found = historyView(better, background({ earlier: [earlier("9", "19", { ...worse, ...change })] }), 20);
    expect(found?.since.text).toContain(`; then with ${said}.`);
  });

  it("is the candidate's own value where nothing was compared", () => {
    expect(historyView(first, background({ earlier: [earlier("9", "19", first)] }), 20)?.rows.rows).toMatchObject([{ found: "0.352" }]);
  });

  it("says so where the metric was not measured then", () => {
    const other = report({ measurements: [measurement({ metric: "mrr" })] });
    expect(historyView(better, background({ earlier: [earlier("9", "19", other)] }), 20)?.rows.rows).toMatchObject([
      { found: "not measured" },
    ]);
  });

  it("counts what does not fit", () => {
    const found = historyView(better, background({ earlier: [earlier("9", "19"), earlier("8", "18"), earlier("7", "17")] }), 1);
    expect(found).toMatchObject({ title: "3 earlier evaluations", rows: { more: "2 more evaluations" } });
    expect(found?.rows.rows).toHaveLength(1);
  });
});

describe("how old the numbers are", () => {
  it.each([
    [{}, "evaluated 2026-11-20, baseline live since 2026-11-02 (18 days before)"],
    [{ liveSince: when("19", "07") }, "evaluated 2026-11-20, baseline live since 2026-11-19 (1 day before)"],
    [{ liveSince: when("20", "09") }, "evaluated 2026-11-20, baseline live since 2026-11-20"],
    [{ liveSince: null }, "evaluated 2026-11-20"],
    [{ evaluatedAt: null }, null],
  ])("%j", (change, said) => {
    expect(agesText(background(change))).toBe(said);
  });
});

describe("what has no gate", () => {
  it("is told on all units, cost and latency first", () => {
    const measurements = [
      measurement(),
      measurement({ metric: "mrr", difference: difference(0.01, 0.004), baseline: estimate(0.6, 0.02), candidate: estimate(0.61, 0.02) }),
      measurement({ metric: "mrr", slice: { locale: "de" } }),
      measurement({
        metric: "latency_p99_ms",
        better: "lower",
        baseline: null,
        difference: null,
        candidate: estimate(41, 0.5),
        why: { difference: "no-baseline" },
      }),
    ];
    expect(besideText(report({ measurements, gates: [gate()] }))).toBe(
      "Measured without a gate: latency_p99_ms 41.00; mrr 0.600 → 0.610 (+0.0100 [+0.0021, +0.0179]).",
    );
  });

  it("is nothing where every metric has one", () => {
    expect(besideText(report())).toBeNull();
  });
});
