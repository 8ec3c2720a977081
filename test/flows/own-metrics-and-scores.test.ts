import { describe, expect, test } from "vitest";
import { ratioOfSums } from "#domain/statistics/ratio.ts";
import { csv, evaluated } from "#test/support/judged-model.ts";

const queries = Array.from({ length: 80 }, (_, index) => `q${String(index).padStart(2, "0")}`);
/** Repeatable numbers without a pattern that a mean would show. */
const noise = (index: number, salt: number): number => ((index * 7919 + salt * 104_729) % 997) / 997;
const places = [0, 1, 2, 3];

const labels = csv(
  "query_id,item_id,label,clicked,locale,market",
  queries.flatMap((query, index) =>
    places.map((place) => [
      query,
      `i${place}`,
      place === 0 ? 1 : 0,
      noise(index + place, 4) < 0.4 ? 1 : 0,
      index % 2 === 0 ? "de" : "fr",
      `m${index % 40}`,
    ]),
  ),
);
const predictions = (salt: number): string =>
  csv(
    "query_id,item_id,score,margin",
    queries.flatMap((query, index) =>
      places.map((place) => [query, `i${place}`, noise(index * 4 + place, salt), (noise(index + place, salt + 1) * 10).toFixed(2)]),
    ),
  );
const files = { "labels.csv": labels, "predictions/bm25.csv": predictions(2), "predictions/cosine.csv": predictions(7) };
const model = (metrics: string, gates: readonly string[], over: Readonly<Record<string, string>> = {}) => ({
  evaluation: { labels: "labels.csv", columns: "{cluster: market}", metrics, slices: "[locale]", ...over },
  gates,
});

const own = '{name: margin, sql: "coalesce(sum(margin * clicked) FILTER (rank <= 2), 0)", better: higher, unit: EUR}';
const ratio = '{name: margin_share, numerator: "sum(margin * clicked)", denominator: "sum(margin)", better: higher, range: [0, 1]}';

/** The rows of an arm as the metrics see them, computed here by hand. */
function rowsOf(
  salt: number,
): readonly { readonly query: string; readonly margin: number; readonly clicked: number; readonly rank: number }[] {
  return queries.flatMap((query, index) => {
    const rows = places.map((place) => ({
      place,
      score: noise(index * 4 + place, salt),
      margin: Number((noise(index + place, salt + 1) * 10).toFixed(2)),
      clicked: noise(index + place, 4) < 0.4 ? 1 : 0,
    }));
    const order = rows.toSorted((a, b) => b.score - a.score || b.place - a.place);
    return order.map(({ margin, clicked }, rank) => ({ query, margin, clicked, rank: rank + 1 }));
  });
}

describe("metrics that a model defines itself", () => {
  test("stand beside the task's own, with clusters, slices and gates", async () => {
    const { report, measured } = await evaluated(
      model(`[ndcg@2, ${own}]`, [
        "{metric: margin, noWorseThan: 5}",
        "{metric: margin, slice: {locale: de}, noWorseThan: 9, blocks: never}",
      ]),
      files,
    );
    expect(report.preflight.filter(({ verdict }) => verdict === "error")).toEqual([]);
    const found = measured("margin");
    const mean = rowsOf(2).reduce((sum, { margin, clicked, rank }) => sum + (rank <= 2 ? margin * clicked : 0), 0) / 80;
    expect(found?.candidate.value).toBeCloseTo(mean, 12);
    expect(found).toMatchObject({ unit: "query_id", cluster: "market", units: 80, clusters: 40, convention: { in: "EUR" } });
    expect(found?.difference?.method).toBe("clustered-paired-t");
    expect(report.measurements.filter(({ metric }) => metric === "margin").map(({ slice, units }) => [slice, units])).toEqual([
      [null, 80],
      [{ locale: "de" }, 40],
      [{ locale: "fr" }, 40],
    ]);
    expect(report.gates.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ["pass", "within-margin"],
      ["inconclusive", "too-few-clusters"],
    ]);
  });

  test("are ratios of sums by the delta method (F3), the arms paired", async () => {
    const { measured } = await evaluated(model(`[${ratio}]`, ["{metric: margin_share, noWorseThan: 0.3}"], { columns: "{}" }), files);
    const sums = (salt: number, value: (row: ReturnType<typeof rowsOf>[number]) => number): readonly number[] =>
      queries.map((query) =>
        rowsOf(salt)
          .filter((row) => row.query === query)
          .reduce((sum, row) => sum + value(row), 0),
      );
    const clicked = sums(2, ({ margin, clicked: click }) => margin * click);
    const all = sums(2, ({ margin }) => margin);
    const expected = ratioOfSums(clicked, all);
    const found = measured("margin_share");
    expect(found?.candidate.value).toBeCloseTo(expected?.mean ?? Number.NaN, 12);
    expect(found?.candidate.standardError).toBeCloseTo(expected?.standardError ?? Number.NaN, 12);
    const otherClicked = sums(7, ({ margin, clicked: click }) => margin * click);
    const otherAll = sums(7, ({ margin }) => margin);
    const influence = (top: readonly number[], below: readonly number[]): readonly number[] => {
      const r = top.reduce((a, b) => a + b, 0) / below.reduce((a, b) => a + b, 0);
      const meanBelow = below.reduce((a, b) => a + b, 0) / below.length;
      return top.map((value, index) => (value - r * (below[index] ?? 0)) / meanBelow);
    };
    const z = influence(clicked, all).map((value, index) => value - (influence(otherClicked, otherAll)[index] ?? 0));
    const error = Math.sqrt(z.reduce((sum, value) => sum + value * value, 0) / 79 / 80);
    expect(found?.difference).toMatchObject({ method: "linearised-ratio", degreesOfFreedom: 79 });
    expect(found?.difference?.standardError).toBeCloseTo(error, 12);
  });

  test("work over rows, per unit where one is declared", async () => {
    const rows = csv(
      "item_id,user,label,score,value",
      queries.map((query, index) => [query, `u${index % 40}`, index % 2, noise(index, 3), index % 7]),
    );
    const other = rows.replace(/^(q\d\d,u\d+,\d),[\d.]+/gm, "$1,0.25");
    const written = {
      evaluation: {
        task: "classification",
        labels: "",
        slices: "[]",
        columns: "{unit: user}",
        metrics:
          '[auc, {name: value_by_score, sql: "sum(value * score)", better: higher}, {name: kept, sql: "score > 0.5", better: higher, range: [0, 1]}]',
      },
      gates: ["{metric: kept, atLeast: 0.2}"],
    };
    const { report, measured } = await evaluated(written, { "predictions/bm25.csv": rows, "predictions/cosine.csv": other });
    expect(report.preflight.filter(({ verdict }) => verdict === "error")).toEqual([]);
    expect(measured("value_by_score")).toMatchObject({ unit: "user", units: 40 });
    const sum = queries.reduce((total, _, index) => total + (index % 7) * noise(index, 3), 0);
    expect(measured("value_by_score")?.candidate.value).toBeCloseTo(sum / 40, 12);
    expect(measured("kept")?.candidate.value).toBeCloseTo(queries.filter((_, index) => noise(index, 3) > 0.5).length / 80, 14);
    expect(measured("kept")?.baseline?.value).toBe(0);
  });

  test("leave out units without a value in both arms, and count them; a unit without one in one arm alone is missing there", async () => {
    const { measured } = await evaluated(
      model(
        '[{name: clicked_margin, sql: "avg(margin) FILTER (clicked = 1)", better: higher}]',
        ["{metric: clicked_margin, noWorseThan: 5}"],
        { columns: "{}" },
      ),
      files,
    );
    const empty = queries.filter((query) => rowsOf(2).every((row) => row.query !== query || row.clicked === 0)).length;
    expect(empty).toBeGreaterThan(0);
    expect(measured("clicked_margin")).toMatchObject({
      units: 80 - empty,
      excluded: { undefined: empty },
      missing: { candidate: 0, baseline: 0 },
    });
  });

  test("with a value in one arm only for many units are an error: else a candidate could drop what it does badly", async () => {
    const metrics = '[{name: high_margin, sql: "avg(margin) FILTER (margin > 8)", better: higher}]';
    const { report, finding } = await evaluated(model(metrics, ["{metric: high_margin, noWorseThan: 5}"], { columns: "{}" }), files);
    expect(finding("metric-undefined")).toMatchObject({ verdict: "error", message: expect.stringContaining("coalesce") });
    expect(report.verdict).toBe("error");
  });

  test("outside their range are an error", async () => {
    const metrics = '[{name: total, sql: "sum(margin)", better: higher, range: [0, 10]}]';
    const { finding } = await evaluated(model(metrics, ["{metric: total, noWorseThan: 5}"], { columns: "{}" }), files);
    expect(finding("metric-out-of-range")?.message).toContain("outside its range from 0 to 10");
  });

  test("that cannot be computed make the evaluation an error", async () => {
    const { report, finding } = await evaluated(
      model('[ndcg@2, {name: own, sql: "sum(margins)", better: higher}]', ["{metric: ndcg@2, noWorseThan: 5}"]),
      files,
    );
    expect(finding("column-missing")?.message).toContain('Did you mean "margin"?');
    expect(report.verdict).toBe("error");
  });

  test.each([
    ['{name: ndcg@10, sql: "sum(margin)", better: higher}', "that of another metric"],
    ['{name: auc, sql: "sum(margin)", better: higher}', "that of another metric"],
    ['{name: latency_p99_ms, sql: "sum(margin)", better: lower}', "that of another metric"],
    ['{name: preference, sql: "sum(margin)", better: higher}', "that of another metric"],
    ["score", "is one of the task judged"],
    ['{name: own, sql: "sum(margin)"}', "better"],
    ['{name: own, sql: "sum(margin)", scores: "x.csv", better: higher}', "exactly one of"],
    ['{name: own, numerator: "sum(margin)", better: higher}', "both numerator and denominator"],
  ])("%s is refused", async (entry, mention) => {
    await expect(evaluated(model(`[${entry}]`, ["{metric: own, atLeast: 0}"]), files)).rejects.toThrow(mention);
  });
});

describe("a file of scores beside the predictions", () => {
  const entry = '{name: helpfulness, scores: "judge/{version}.csv", better: higher, range: [0, 1]}';
  const written = model(`[ndcg@2, ${entry}]`, ["{metric: helpfulness, noWorseThan: 0.3}"]);
  const judged = (salt: number, over: (row: readonly (string | number)[]) => readonly (string | number)[] = (row) => row): string =>
    csv(
      "query_id,score,repeat,judge",
      queries.flatMap((query, index) => [0, 1].map((repeat) => over([query, noise(index + repeat, salt), repeat, "gpt-4o"]))),
    );

  test("gates by the slices and clusters of the evaluation", async () => {
    const { report, measured, finding } = await evaluated(written, {
      ...files,
      "judge/bm25.csv": judged(3),
      "judge/cosine.csv": judged(6),
    });
    expect(report.preflight.filter(({ verdict }) => verdict === "error")).toEqual([]);
    expect(measured("helpfulness")).toMatchObject({ unit: "query_id", cluster: "market", units: 80, clusters: 40 });
    const mean = queries.reduce((sum, _, index) => sum + (noise(index, 3) + noise(index + 1, 3)) / 2, 0) / 80;
    expect(measured("helpfulness")?.candidate.value).toBeCloseTo(mean, 12);
    expect(report.measurements.some(({ metric, slice }) => metric === "helpfulness" && slice?.["locale"] === "fr")).toBe(true);
    expect(report.gates[0]?.verdict).toBe("pass");
    expect(finding("judges")?.message).toContain("judge gpt-4o");
    const { baseline, candidate } = report.inputs.scores?.["helpfulness"] ?? {};
    expect(candidate?.digest).toMatch(/^sha256:/);
    expect(candidate?.digest).not.toBe(baseline?.digest);
  });

  test("is called so in what is said of its mistakes", async () => {
    const broken = { ...files, "judge/bm25.csv": judged(3).replace("score", "points"), "judge/cosine.csv": judged(5) };
    const { finding } = await evaluated(written, broken);
    expect(finding("column-missing")?.message).toContain(
      "models/search-ranker/judge/bm25.csv (the scores of helpfulness of the candidate) ",
    );
  });

  test("of the same bytes under two names is not believed", async () => {
    const { finding, report } = await evaluated(written, { ...files, "judge/bm25.csv": judged(3), "judge/cosine.csv": judged(3) });
    expect(finding("stale-predictions")?.message).toContain("the scores of helpfulness");
    expect(report.verdict).toBe("error");
  });

  test("is no-data when the candidate has none, and compares nothing when the baseline has none", async () => {
    const without = await evaluated(written, { ...files, "judge/cosine.csv": judged(6) });
    expect(without.report.gates[0]).toMatchObject({ verdict: "no-data", reason: "scores-missing" });
    expect(without.finding("scores-missing")?.message).toContain("judge/bm25.csv");
    expect(without.measured("ndcg@2")?.candidate.value).not.toBeNull();
    const alone = await evaluated(written, { ...files, "judge/bm25.csv": judged(3) });
    expect(alone.report.gates[0]).toMatchObject({ verdict: "no-data", reason: "scores-missing" });
    expect(alone.measured("helpfulness")?.candidate.value).not.toBeNull();
  });

  test("is read from each arm's own tree by the default branch's template", async () => {
    const head = { ...files, "judge/bm25.csv": judged(3), "judge/cosine.csv": judged(3) };
    const trusted = { ...files, "judge/bm25.csv": judged(6), "judge/cosine.csv": judged(6) };
    const { measured } = await evaluated(written, head, { trusted });
    const mean = (salt: number): number =>
      queries.reduce((sum, _, index) => sum + (noise(index, salt) + noise(index + 1, salt)) / 2, 0) / 80;
    expect(measured("helpfulness")?.candidate.value).toBeCloseTo(mean(3), 12);
    expect(measured("helpfulness")?.baseline?.value).toBeCloseTo(mean(6), 12);
  });

  test.each([
    ["another judge", (row: readonly (string | number)[]) => [...row.slice(0, 3), "claude"], "judges-differ", "judge claude"],
    ["other units", (row: readonly (string | number)[]) => (row[0] === "q07" ? ["q99", ...row.slice(1)] : row), "units-missing", '"q07"'],
    [
      "a score out of range",
      (row: readonly (string | number)[]) => (row[0] === "q07" ? [row[0], 1.5, ...row.slice(2)] : row),
      "score-out-of-range",
      '"1.5" at the unit "q07"',
    ],
  ])("%s is an error", async (_, over, code, mention) => {
    const { report, finding } = await evaluated(written, { ...files, "judge/bm25.csv": judged(3, over), "judge/cosine.csv": judged(6) });
    expect(finding(code)).toMatchObject({ verdict: "error", message: expect.stringContaining(mention) });
    expect(report.verdict).toBe("error");
  });

  test("of quite other units is an error that asks for the spelling", async () => {
    const other = (salt: number): string => judged(salt, (row) => [`x${row[0]}`, ...row.slice(1)]);
    const { finding } = await evaluated(written, { ...files, "judge/bm25.csv": other(3), "judge/cosine.csv": other(6) });
    expect(finding("units-unknown")?.message).toContain("in the same spelling");
  });
});
