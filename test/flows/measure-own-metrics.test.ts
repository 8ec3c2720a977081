import { describe, expect, test } from "vitest";
import { pairedT } from "#domain/statistics/paired-t.ts";
import { csv, evaluated } from "#test/support/judged-model.ts";

const units = Array.from({ length: 60 }, (_, index) => `u${String(index).padStart(2, "0")}`);
/** Repeatable numbers without a pattern that a mean would show. */
const noise = (index: number, salt: number): number => ((index * 7919 + salt * 104_729) % 997) / 997;

const judged = {
  task: "judged",
  labels: "",
  slices: "[]",
  columns: "{unit: prompt_id, repeat: run, judge: judge_model, prompt: judge_prompt}",
  metrics: "[score]",
};
/** The lines of a judged model; an empty line takes the ranker's own out. */
const model = (over: Readonly<Record<string, string>> = {}, gates: readonly string[] = ["{metric: score, noWorseThan: 0.2}"]) => ({
  evaluation: { ...judged, ...over },
  gates,
});

const header = "prompt_id,run,score,judge_model,judge_prompt";
const scores = (better: number, salt: number, judge = "gpt-4o,v3", repeats = 3): string =>
  csv(
    header,
    units.flatMap((unit, index) =>
      Array.from({ length: repeats }, (_, run) => [
        unit,
        run,
        Number((3 + noise(index, 1) + better + noise(index + run, salt) / 10).toFixed(3)),
        judge,
      ]),
    ),
  );

describe("an evaluation by a judge", () => {
  test("compares the arms by the paired statistics of every other metric, repeats averaged first", async () => {
    const { report, measured, finding } = await evaluated(model(), {
      "predictions/bm25.csv": scores(0.1, 2),
      "predictions/cosine.csv": scores(0, 3),
    });
    const found = measured("score");
    expect(found).toMatchObject({
      unit: "prompt_id",
      units: 60,
      clusters: 60,
      excluded: { undefined: 0 },
      missing: { baseline: 0, candidate: 0 },
    });
    const mean = (better: number, salt: number, index: number): number =>
      [0, 1, 2].reduce((sum, run) => sum + Number((3 + noise(index, 1) + better + noise(index + run, salt) / 10).toFixed(3)), 0) / 3;
    const expected = pairedT(units.map((_, index) => mean(0.1, 2, index) - mean(0, 3, index)));
    expect(found?.difference).toMatchObject({ method: "paired-t", degreesOfFreedom: 59 });
    expect(found?.difference?.value).toBeCloseTo(expected?.mean ?? Number.NaN, 12);
    expect(found?.difference?.standardError).toBeCloseTo(expected?.standardError ?? Number.NaN, 12);
    expect(report.gates[0]).toMatchObject({ verdict: "pass", reason: "within-margin" });
    expect(report.verdict).toBe("pass");
    expect(finding("judges")?.message).toContain("judge gpt-4o, prompt v3");
    expect(finding("repeats")?.message).toContain("3 rows");
  });

  test("is an error when another judge or prompt scored one of the arms, and says which", async () => {
    const { report, finding } = await evaluated(model(), {
      "predictions/bm25.csv": scores(0.1, 2, "gpt-4o,v4"),
      "predictions/cosine.csv": scores(0, 3),
    });
    expect(finding("judges-differ")).toMatchObject({
      verdict: "error",
      message: expect.stringContaining("the candidate by judge gpt-4o, prompt v4; the baseline by judge gpt-4o, prompt v3"),
    });
    expect(report.gates[0]?.reason).toBe("invalid-evaluation");
    expect(report.verdict).toBe("error");
  });

  test("does not believe one file under two names, unless the model allows it", async () => {
    const files = { "predictions/bm25.csv": scores(0.1, 2), "predictions/cosine.csv": scores(0.1, 2) };
    const { report, finding } = await evaluated(model(), files);
    expect(finding("stale-predictions")?.verdict).toBe("error");
    expect(report.verdict).toBe("error");
    const allowed = await evaluated(model({ identical: "allowed" }), files);
    expect(allowed.finding("stale-predictions")).toBeUndefined();
  });

  test("says that nothing names the judge", async () => {
    const { finding } = await evaluated(model({ columns: "{unit: prompt_id, repeat: run}" }), {
      "predictions/bm25.csv": scores(0.1, 2),
      "predictions/cosine.csv": scores(0, 3),
    });
    expect(finding("judges-not-named")).toMatchObject({ verdict: "inconclusive", message: expect.stringContaining("columns.judge") });
  });

  test("lacks a declared column of the judge: an error that names the file", async () => {
    const without = scores(0.1, 2).replace("judge_model", "model_of_judge");
    const { report, finding } = await evaluated(model(), { "predictions/bm25.csv": without, "predictions/cosine.csv": scores(0, 3) });
    expect(finding("column-missing")?.message).toContain('has no column "judge_model"');
    expect(report.verdict).toBe("error");
  });

  test("whose file is torn says in which line, and calls it what it is", async () => {
    const torn = scores(0.1, 2).replace(/,[^,]*,[^,]*\n$/, "");
    const { report, finding } = await evaluated(model(), { "predictions/bm25.csv": torn, "predictions/cosine.csv": scores(0, 3) });
    expect(report.verdict).toBe("error");
    expect(finding("file-unreadable")?.message).toBe(
      "models/search-ranker/predictions/bm25.csv (the judge's scores of the candidate) cannot be read as csv: line 181 of models/search-ranker/predictions/bm25.csv has not the columns of its header (Expected Number of Columns: 5 Found: 3). The file is torn, or a value holds a delimiter and stands in no quotes: write it again.",
    );
  });

  test("takes the judge from a file beside the scores, all of which must be equal", async () => {
    const written = model({ columns: "{unit: prompt_id, repeat: run}", judgedBy: '"judged/{version}.json"' });
    const files = { "predictions/bm25.csv": scores(0.1, 2), "predictions/cosine.csv": scores(0, 3) };
    const own = '{"judge": "gpt-4o", "prompt": "sha256:1", "settings": {"temperature": 0, "seed": 1}}';
    const alike = await evaluated(written, {
      ...files,
      "judged/bm25.json": own,
      "judged/cosine.json": '{"settings": {"seed": 1, "temperature": 0}, "prompt": "sha256:1", "judge": "gpt-4o"}',
    });
    expect(alike.finding("judges")).toMatchObject({ verdict: "pass", message: expect.stringContaining('judge "gpt-4o"') });
    expect(alike.finding("judges-not-named")).toBeUndefined();
    expect(alike.report.verdict).toBe("pass");
    const other = await evaluated(written, {
      ...files,
      "judged/bm25.json": own,
      "judged/cosine.json": own.replace('temperature": 0', 'temperature": 1'),
    });
    expect(other.finding("judges-differ")?.message).toContain("settings is");
    expect(other.report.verdict).toBe("error");
    const none = await evaluated(written, { ...files, "judged/bm25.json": own });
    expect(none.finding("judged-by-missing")?.verdict).toBe("error");
    const broken = await evaluated(written, { ...files, "judged/bm25.json": own, "judged/cosine.json": "[]" });
    expect(broken.finding("judged-by-unreadable")?.message).toContain("the baseline");
  });

  test("counts a unit once however unbalanced its repeats are, and says so", async () => {
    const files = { "predictions/bm25.csv": scores(0.1, 2, "gpt-4o,v3", 1), "predictions/cosine.csv": scores(0, 3) };
    const { measured, finding } = await evaluated(model(), files);
    expect(measured("score")?.units).toBe(60);
    expect(finding("repeats-unbalanced")).toMatchObject({ verdict: "inconclusive", message: expect.stringContaining("1 to 3 rows") });
  });

  test.each([
    [
      "a unit twice without a column that tells them apart",
      { columns: "{unit: prompt_id}" },
      (text: string) => text,
      "duplicate-rows",
      "name columns.repeat",
    ],
    [
      "the same repeat twice",
      {},
      (text: string) => text.replace("u00,1,", "u00,0,"),
      "duplicate-rows",
      'the unit prompt_id = "u00" 2 times',
    ],
    ["no score", {}, (text: string) => text.replace(/u05,1,[\d.]+/, "u05,1,"), "score-missing", 'at the unit "u05"'],
    [
      "a text for a score",
      {},
      (text: string) => text.replace(/u05,1,[\d.]+/, "u05,1,good"),
      "score-not-numeric",
      '"good" at the unit "u05"',
    ],
    ["an infinite score", {}, (text: string) => text.replace(/u05,1,[\d.]+/, "u05,1,inf"), "score-not-finite", '"u05"'],
    ["grades where pass or fail is asked", { metrics: "[pass_rate]" }, (text: string) => text, "score-out-of-range", "pass_rate"],
    ["no units", { columns: "{unit: id}" }, (text: string) => text, "column-missing", '"id"'],
  ])("refuses %s", async (_, over, change, code, mention) => {
    const gates = "metrics" in over ? ["{metric: pass_rate, noWorseThan: 0.2}"] : undefined;
    const files = { "predictions/bm25.csv": change(scores(0.1, 2)), "predictions/cosine.csv": scores(0, 3) };
    const { report, finding } = await evaluated(model(over, gates), files);
    expect(report.preflight.map((known) => known.code)).toContain(code);
    expect(finding(code)).toMatchObject({ verdict: "error", message: expect.stringContaining(mention) });
    expect(report.verdict).toBe("error");
  });

  test("is an error when the arms were judged on different units", async () => {
    const files = { "predictions/bm25.csv": scores(0.1, 2).replaceAll("u03,", "x03,"), "predictions/cosine.csv": scores(0, 3) };
    const { report, finding } = await evaluated(model(), files);
    expect(finding("units-missing")).toMatchObject({
      verdict: "error",
      message: expect.stringContaining('lack 1 of 61 units in the candidate that the other arm has, such as "u03"'),
    });
    expect(report.verdict).toBe("error");
  });

  test("gates pass and fail, and grades in columns of their own", async () => {
    const file = (salt: number): string =>
      csv(
        "prompt_id,verdict,tone",
        units.map((unit, index) => [unit, noise(index, salt) < 0.8 ? "pass" : "fail", Math.floor(noise(index, salt + 1) * 5) + 1]),
      );
    const { report, measured } = await evaluated(
      model(
        {
          columns: "{unit: prompt_id, score: verdict}",
          metrics: "[pass_rate, {name: tone, column: tone, better: higher, range: [1, 5], unit: points}]",
        },
        ["{metric: pass_rate, atLeast: 0.5}", "{metric: tone, noWorseThan: 2, blocks: never}"],
      ),
      { "predictions/bm25.csv": file(2), "predictions/cosine.csv": file(5) },
    );
    const passed = units.filter((_, index) => noise(index, 2) < 0.8).length;
    expect(measured("pass_rate")?.candidate.value).toBeCloseTo(passed / 60, 14);
    expect(measured("tone")?.convention).toEqual({ column: "tone", in: "points" });
    expect(report.gates.map(({ verdict }) => verdict)).toEqual(["pass", "pass"]);
  });
});

describe("a preference of a judge who saw both arms", () => {
  const preferences = (wins: number, salt: number): string =>
    csv(
      "prompt_id,preference,shown_first",
      units.flatMap((unit, index) =>
        ["candidate", "baseline"].map((first) => {
          const lucky = noise(index, salt) + (first === "candidate" ? 0.2 : -0.2);
          return [unit, lucky < 1 - wins - 0.1 ? "loss" : lucky < 1 - wins + 0.1 ? "tie" : "win", first];
        }),
      ),
    );
  const preference = model({ columns: "{unit: prompt_id, first: shown_first}", metrics: "[preference]" }, [
    "{metric: preference, atLeast: 0.5}",
    "{metric: preference, betterThan: 0, id: better}",
  ]);

  test("is compared with one half, both orders averaged", async () => {
    const { report, measured, finding } = await evaluated(preference, {
      "predictions/bm25.csv": preferences(0.75, 2),
      "predictions/cosine.csv": preferences(0.5, 3),
    });
    const found = measured("preference");
    expect(found?.units).toBe(60);
    expect(found?.baseline?.value).toBe(0.5);
    expect(found?.difference?.value).toBeCloseTo((found?.candidate.value ?? 0) - 0.5, 14);
    expect(found?.difference?.standardError).toBeCloseTo(found?.candidate.standardError ?? 0, 14);
    expect(report.gates.map(({ verdict }) => verdict)).toEqual(["pass", "pass"]);
    expect(finding("order-bias")).toMatchObject({ verdict: "inconclusive", message: expect.stringContaining("when shown first") });
  });

  test("seen in one order only is an error", async () => {
    const oneOrder = preferences(0.75, 2)
      .split("\n")
      .filter((line) => !line.endsWith(",baseline"))
      .join("\n");
    const { report, finding } = await evaluated(preference, {
      "predictions/bm25.csv": oneOrder,
      "predictions/cosine.csv": preferences(0.5, 3),
    });
    expect(finding("one-order")?.message).toContain("the candidate was always shown first");
    expect(report.verdict).toBe("error");
  });

  test("that is none of win, tie and loss is an error", async () => {
    const odd = preferences(0.75, 2).replace(/u07,\w+,/, "u07,draw,");
    const { finding } = await evaluated(preference, { "predictions/bm25.csv": odd, "predictions/cosine.csv": preferences(0.5, 3) });
    expect(finding("score-not-numeric")?.message).toContain('"draw" at the unit "u07". Write win, tie or loss');
  });
});
