import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseYaml } from "#domain/text/parse-yaml.ts";
import { csv, evaluated } from "#test/support/judged-model.ts";
import { examples } from "./pages.ts";

const definition = z.looseObject({
  task: z.string(),
  predictions: z.string(),
  metrics: z.array(z.union([z.string(), z.looseObject({ name: z.string() })])),
});

/** Deterministic noise in [0, 1). */
const noise = (seed: number): number => Math.abs(Math.sin(seed * 12.9898) * 43758.5453) % 1;
const rows = Array.from({ length: 120 }, (_, row) => row);

type Files = Readonly<Record<string, string>>;
const judge = (seed: number): string =>
  csv(
    "prompt_id,conversation_id,run,score,tone,judge_model,judge_prompt",
    rows.flatMap((row) =>
      [0, 1].map((run) => [
        `p${row}`,
        `c${row % 40}`,
        run,
        noise(row + seed + run) < 0.8 ? "pass" : "fail",
        1 + (row % 5),
        "judge-3",
        "rubric-1",
      ]),
    ),
  );
const preferences = csv(
  "prompt_id,preference,shown_first",
  rows.flatMap((row) =>
    ["candidate", "baseline"].map((first) => [
      `p${row}`,
      ["win", "tie", "loss"][Math.floor(3 * noise(row + first.length))] ?? "tie",
      first,
    ]),
  ),
);
const probability = (shift: number): string =>
  csv(
    "decision_id,probability",
    rows.map((row) => [row, 0.25 + (row % 2 === 0 ? shift : -shift)]),
  );

/** What each example's files could hold, by where the example says that they are; `bm25` is the candidate, `cosine` the baseline. */
const filesOf: Readonly<Record<string, Files>> = {
  "judged/{version}.csv": { "judged/bm25.csv": judge(1), "judged/cosine.csv": judge(500) },
  "preferences/{version}.csv": {
    "preferences/bm25.csv": preferences,
    "preferences/bm25.json": '{"judge": "judge-3"}',
    "preferences/cosine.json": '{"judge": "judge-3"}',
  },
  "decisions/{version}.csv": {
    "log/2026-11.csv": csv(
      "decision_id,reward,propensity,user_id",
      rows.map((row) => [row, noise(row) < 0.3 ? 1 : 0, 0.25, `u${row % 60}`]),
    ),
    "decisions/bm25.csv": probability(0.01),
    "decisions/cosine.csv": probability(0.02),
  },
};

/** CSV in place of Parquet, which a test need not write. */
const made = examples
  .filter(({ kind, text }) => kind === "evaluation" && /^task: (?:judged|bandit)$/m.test(text))
  .map(({ page, text }) => ({ page, own: definition.parse(parseYaml(text.replaceAll(".parquet", ".csv"), page).value) }));

describe("the examples of judged tasks and of logged decisions", () => {
  it("are two and one", () => {
    expect(made.map(({ own }) => own.task).toSorted()).toEqual(["bandit", "judged", "judged"]);
  });

  it.each(made.map(({ page, own }) => [`${own.task} by ${own.predictions}`, page, own] as const))(
    "%s (%s) are evaluated as they stand",
    async (_, __, own) => {
      const lines = Object.fromEntries(Object.entries(own).map(([key, value]) => [key, JSON.stringify(value)]));
      const gates = own.metrics.map((metric) => `{metric: ${typeof metric === "string" ? metric : metric.name}, noWorseThan: 0.5}`);
      const files = filesOf[own.predictions];
      if (files === undefined) throw new Error(`no files are made for ${own.predictions}`);
      const { report } = await evaluated({ evaluation: { labels: "", slices: "", ...lines }, gates }, files);
      expect(report.preflight.filter(({ verdict }) => verdict === "error")).toEqual([]);
      expect(report.measurements).toHaveLength(own.metrics.length);
      expect(report.gates.map(({ verdict }) => verdict)).toEqual(own.metrics.map(() => "pass"));
      for (const { candidate, difference } of report.measurements) {
        expect(candidate.value).toEqual(expect.any(Number));
        expect([difference?.lower, difference?.upper]).toEqual([expect.any(Number), expect.any(Number)]);
      }
    },
  );
});
