import { describe, expect, it } from "vitest";
import { type EvaluationSetting, evaluationSetting, messagesOf, reportOf } from "#test/support/evaluation-setting.ts";
import { modelYaml } from "#test/support/ranker-repository.ts";

/** Deterministic noise in [0, 1). */
const noise = (seed: number): number => Math.abs(Math.sin(seed * 12.9898) * 43758.5453) % 1;
const count = 400;
const truth = Array.from({ length: count }, (_, row) => (noise(row + 1) < 0.35 ? 1 : 0));

const clicks = (skill: number, spoil: (row: number, line: string) => string = (_, line) => line): string => {
  const lines = truth.map((label, row) => {
    const p = Math.min(0.98, Math.max(0.02, 0.35 + skill * (label - 0.35) + 0.3 * (noise(row * 7 + 3) - 0.5)));
    return spoil(row, `i${row},${p.toFixed(4)},${label},${row % 2 === 0 ? "de" : "fr"},u${row % 80}`);
  });
  return `id,p,clicked,country,user\n${lines.join("\n")}\n`;
};

const demand = (error: number): string => {
  const lines = truth.map((_, row) => {
    const y = Math.floor(12 * noise(row * 3 + 5));
    const predicted = y + error * (noise(row * 11 + 1) - 0.5);
    return `${JSON.stringify({ store: `s${row % 20}`, day: row, sold: y, forecast: predicted, low: predicted - 3, high: predicted + 3 })}`;
  });
  return `${lines.join("\n")}\n`;
};

const classifier = {
  task: "classification",
  labels: "",
  columns: "{row: id, score: p, label: clicked, cluster: user}",
  metrics: "[auc, average_precision, log_loss, calibration_ratio, ece@10, ks, precision@0.4]",
  slices: "[country]",
};

const forecaster = {
  task: "regression",
  labels: "",
  predictions: "predictions/{version}.jsonl",
  columns: "{row: [store, day], score: forecast, label: sold, cluster: store, lower: low, upper: high}",
  metrics: "[mae, wape, rmse, r2, pinball@0.9, interval_coverage]",
  slices: "[]",
};

type Evaluation = Readonly<Record<string, string>>;

/** The same definition in both trees, with files of the baseline (cosine) and the candidate (bm25). */
function place(
  setting: EvaluationSetting,
  evaluation: Evaluation,
  gates: readonly string[],
  files: readonly [string, string],
  suffix: string,
): void {
  const yaml = (version: string): string => modelYaml({ version, evaluation, gates }).replace(/^ {2}labels: \n/m, "");
  const [baseline, candidate] = files;
  for (const tree of [setting.trusted, setting.head]) tree.write(`models/search-ranker/predictions/cosine.${suffix}`, baseline);
  setting.head.write(`models/search-ranker/predictions/bm25.${suffix}`, candidate);
  setting.trusted.write("models/search-ranker/model.yaml", yaml("cosine"));
  setting.head.write("models/search-ranker/model.yaml", yaml("bm25"));
}

async function withSetting(work: (setting: EvaluationSetting) => Promise<void>): Promise<void> {
  const setting = evaluationSetting();
  try {
    await work(setting);
  } finally {
    setting.close();
  }
}

describe("slipway evaluate of a classifier", () => {
  const gates = [
    "{metric: auc, noWorseThan: 0.01}",
    "{metric: log_loss, noWorseThan: 5%}",
    "{metric: calibration_ratio, between: [0.8, 1.25]}",
    "{metric: ks, atLeast: 0.2}",
  ];

  it("passes a better one, with gates on differences, a range and a census", async () => {
    await withSetting(async (setting) => {
      place(setting, classifier, gates, [clicks(0.2), clicks(0.35)], "csv");
      const report = await reportOf(setting.evaluate("--json"));
      expect([report.code, report.verdict, messagesOf(report)]).toEqual([0, "pass", expect.anything()]);
      expect(report.gates.map(({ metric, reason }) => [metric, reason])).toEqual([
        ["auc", "within-margin"],
        ["log_loss", "within-margin"],
        ["calibration_ratio", "within-bounds"],
        ["ks", "within-bounds"],
      ]);
      const auc = report.measurements.find(({ metric, slice }) => metric === "auc" && slice === null);
      expect(auc).toMatchObject({ unit: "id", cluster: "user", units: 400, clusters: 80, difference: { method: "clustered-delong" } });
      expect(report.measurements.filter(({ metric }) => metric === "auc").map(({ slice }) => slice)).toEqual([
        null,
        { country: "de" },
        { country: "fr" },
      ]);
    });
  });

  it("fails a worse one, and prints the same bytes twice", async () => {
    await withSetting(async (setting) => {
      place(setting, classifier, gates, [clicks(0.35), clicks(0.1)], "csv");
      const first = await setting.evaluate("--json");
      expect([first.code, (await setting.evaluate("--json")).stdout]).toEqual([1, first.stdout]);
    });
  });

  const bad: readonly { readonly name: string; readonly candidate: string; readonly code: number; readonly says: string }[] = [
    {
      name: "labels as words",
      candidate: clicks(0.3, (_, line) => line.replace(/,([01]),/, (__, label) => (label === "1" ? ",yes," : ",no,"))),
      code: 4,
      says: 'Column "clicked" (label) of models/search-ranker/predictions/bm25.csv (the candidate\'s predictions) is neither 0 nor 1 in 400 of 400 rows: "no" at id = "i0". Say which label is the positive one in columns.positive',
    },
    {
      name: "a probability outside of 0 to 1",
      candidate: clicks(0.3, (row, line) => (row === 7 ? line.replace(/^(i7),[^,]*/, "$1,1.7") : line)),
      code: 4,
      says: '(the candidate\'s predictions) is not between 0 and 1 in 1 of 400 rows: "1.7" at id = "i7".',
    },
    {
      name: "NaN",
      candidate: clicks(0.3, (row, line) => (row === 7 ? line.replace(/^(i7),[^,]*/, "$1,NaN") : line)),
      code: 4,
      says: 'is NaN or infinite in 1 of 400 rows: "NaN" at id = "i7".',
    },
    {
      name: "a row twice",
      candidate: clicks(0.3, (row, line) => (row === 7 ? `${line}\n${line}` : line)),
      code: 4,
      says: 'has a row more than once: id = "i7" comes 2 times (1 such rows). Keep one each',
    },
    {
      name: "a tenth of the rows missing",
      candidate: clicks(0.3, (row, line) => (row % 10 === 0 ? "" : line)).replaceAll("\n\n", "\n"),
      code: 4,
      says: "The candidate's predictions lack 40 of 400 labelled rows.",
    },
    {
      name: "no column of scores",
      candidate: clicks(0.3).replace("id,p,", "id,probability,"),
      code: 4,
      says: 'has no column "p", which should hold the score.',
    },
  ];

  it.each(bad)("refuses $name with one clear message", async ({ candidate, code, says }) => {
    await withSetting(async (setting) => {
      place(setting, classifier, gates, [clicks(0.2), candidate], "csv");
      const report = await reportOf(setting.evaluate("--json"));
      expect([report.code, report.verdict]).toEqual([code, "error"]);
      const errors = report.preflight.filter(({ verdict }) => verdict === "error").map(({ message }) => message);
      expect(errors).toEqual([expect.stringContaining(says)]);
    });
  });

  it("has no data where all rows are of one class", async () => {
    await withSetting(async (setting) => {
      const one = (skill: number): string => clicks(skill, (_, line) => line.replace(/,[01],/, ",0,"));
      place(setting, classifier, ["{metric: auc, noWorseThan: 0.01}"], [one(0.2), one(0.3)], "csv");
      const report = await reportOf(setting.evaluate("--json"));
      expect([report.code, report.verdict, report.gates[0]?.reason]).toEqual([3, "no-data", "one-class"]);
      expect(report.gates[0]?.message).toContain("auc");
    });
  });

  it("measures 0.5 where all scores are one, whatever the labels", async () => {
    await withSetting(async (setting) => {
      const flat = clicks(0.3, (_, line) => line.replace(/^(i\d+),[^,]*/, "$1,0.5"));
      place(setting, classifier, ["{metric: auc, atLeast: 0.6}"], [clicks(0.2), flat], "csv");
      const report = await reportOf(setting.evaluate("--json"));
      const auc = report.measurements.find(({ metric, slice }) => metric === "auc" && slice === null);
      expect([auc?.candidate.value, report.verdict]).toEqual([0.5, "fail"]);
    });
  });

  it("says that a census cannot be compared", async () => {
    await withSetting(async (setting) => {
      place(setting, classifier, ["{metric: ks, noWorseThan: 5%}"], [clicks(0.2), clicks(0.3)], "csv");
      const report = await reportOf(setting.evaluate("--json"));
      expect([report.code, report.gates[0]?.message]).toEqual([4, expect.stringContaining("Use atLeast, atMost or between.")]);
    });
  });

  it("names the nearest metric of the task for one that is not known", async () => {
    await withSetting(async (setting) => {
      place(
        setting,
        { ...classifier, metrics: "[auc, ndcg@10, logloss]" },
        ["{metric: auc, atLeast: 0.5}"],
        [clicks(0.2), clicks(0.3)],
        "csv",
      );
      const { code, stderr } = await setting.evaluate("--json");
      expect(code).toBe(4);
      expect(stderr).toContain('There is no metric "ndcg@10" for the task classification.');
      expect(stderr).toContain("Did you mean log_loss?");
    });
  });
});

describe("slipway evaluate of a forecast", () => {
  const gates = ["{metric: wape, noWorseThan: 5%}", "{metric: interval_coverage, between: [0.8, 1]}", "{metric: mae, betterThan: 0}"];
  // A cluster of 20 stores is too few to judge, so each row stands for itself here.
  const rows = { ...forecaster, columns: forecaster.columns.replace(" cluster: store,", "") };

  it("passes a better one", async () => {
    await withSetting(async (setting) => {
      place(setting, rows, gates, [demand(6), demand(4)], "jsonl");
      const report = await reportOf(setting.evaluate("--json"));
      expect([report.code, report.gates.map(({ reason }) => reason)]).toEqual([0, ["within-margin", "within-bounds", "improved"]]);
      expect(report.measurements[0]).toMatchObject({ metric: "mae", unit: "store, day", units: 400 });
    });
  });

  it("does not judge on 20 clusters", async () => {
    await withSetting(async (setting) => {
      place(setting, forecaster, gates, [demand(6), demand(4)], "jsonl");
      expect(await reportOf(setting.evaluate("--json"))).toMatchObject({ code: 2, gates: [{ reason: "too-few-clusters" }, {}, {}] });
    });
  });
});
