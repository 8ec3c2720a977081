import { describe, expect, it } from "vitest";
import { type EvaluationSetting, evaluationSetting, reportOf } from "#test/support/evaluation-setting.ts";
import { modelYaml, predictions } from "#test/support/ranker-repository.ts";

const folder = "models/search-ranker";
const candidate = `${folder}/predictions/bm25.csv`;
const labels = "data/labels.csv";

async function withSetting(work: (setting: EvaluationSetting) => Promise<void>): Promise<void> {
  const setting = evaluationSetting();
  try {
    await work(setting);
  } finally {
    setting.close();
  }
}

type Evaluation = Readonly<Record<string, string>>;

/** The same definition in both trees; the default branch serves cosine, the head proposes bm25. */
function define(setting: EvaluationSetting, evaluation: Evaluation, gates: readonly string[], lineage = ""): void {
  const yaml = (version: string): string => modelYaml({ version, evaluation, gates, more: lineage }).replace(/^ {2}labels: \n/m, "");
  setting.trusted.write(`${folder}/model.yaml`, yaml("cosine"));
  setting.head.write(`${folder}/model.yaml`, yaml("bm25"));
}

const eachLine = (csv: string, change: (line: string, index: number) => string): string =>
  csv
    .split("\n")
    .map((line, index) => (index === 0 || line === "" ? line : change(line, index)))
    .join("\n");

const labelsOf = (change: (grade: string, index: number) => string): string => {
  const pairs = [...new Set(predictions("cosine").trim().split("\n").slice(1))].filter((_, index) => index % 9 === 0);
  const rows = pairs.map((line, index) => {
    const [query = "", document = ""] = line.split(",");
    return `${query},${document},${change(String(index % 3), index)},short`;
  });
  return `query_id,document_id,grade,length\n${rows.join("\n")}\n`;
};

/** A regression on rows, one file an arm. */
const forecast = { task: "regression", labels: "", columns: "{row: id, score: p, label: y}", metrics: "[mae]", slices: "[]" };
const rowsOf = (count: number, p: (row: number) => number): string =>
  `id,p,y\n${Array.from({ length: count }, (_, row) => `r${row},${p(row)},${(row * 7) % 11}`).join("\n")}\n`;

type Case = {
  readonly name: string;
  readonly spoil: (setting: EvaluationSetting) => void;
  readonly verdict: string;
  readonly exit: number;
  /** The code of the finding, or the reason of the gate. */
  readonly code: string;
  readonly says: string;
};

const window = "{from: 2026-11-18T00:00:00Z, to: 2026-11-25T00:00:00Z}";

const cases: readonly Case[] = [
  {
    name: "labels as strings",
    spoil: ({ trusted }) =>
      trusted.write(
        labels,
        labelsOf((grade) => (grade === "0" ? "bad" : "good")),
      ),
    verdict: "error",
    exit: 4,
    code: "label-not-numeric",
    says: `Column "grade" (label) of ${labels} (the labels) holds text that is no number in`,
  },
  {
    name: "an infinite score",
    spoil: ({ head }) =>
      head.write(
        candidate,
        eachLine(predictions("bm25"), (line, index) => (index === 5 ? line.replace(/[^,]*$/, "inf") : line)),
      ),
    verdict: "error",
    exit: 4,
    code: "score-not-finite",
    says: `Column "score" (score) of ${candidate} (the candidate's predictions) is NaN or infinite in 1 of`,
  },
  {
    name: "scores that are all tied",
    spoil: ({ head }) =>
      head.write(
        candidate,
        eachLine(predictions("bm25"), (line) => line.replace(/[^,]*$/, "1")),
      ),
    verdict: "error",
    exit: 4,
    code: "scores-all-tied",
    says: "In each of the candidate's 225 queries all scores are equal, so only the ids would be ranked. Check the score column",
  },
  {
    name: "scores that are the labels",
    spoil: (setting) => {
      setting.trusted.write(
        labels,
        labelsOf((grade) => grade),
      );
      const grades = new Map(
        labelsOf((grade) => grade)
          .split("\n")
          .map((line) => [line.split(",").slice(0, 2).join(","), line.split(",")[2]]),
      );
      setting.head.write(
        candidate,
        eachLine(predictions("cosine"), (line) => line.replace(/[^,]*$/, grades.get(line.split(",").slice(0, 2).join(",")) ?? "0")),
      );
    },
    verdict: "error",
    exit: 4,
    code: "score-equals-label",
    says: "The candidate's score equals the label of every judged item in 225 queries: is the label among the model's inputs",
  },
  {
    name: "one query",
    spoil: (setting) => {
      define(setting, {}, ['{metric: ndcg@10, noWorseThan: "2%"}']);
      const { trusted, head } = setting;
      trusted.write(labels, "query_id,document_id,grade,length\n1,184,2,short\n1,13,1,short\n");
      for (const [tree, name] of [
        [trusted, "cosine"],
        [head, "bm25"],
      ] as const)
        tree.write(
          `${folder}/predictions/${name}.csv`,
          predictions(name, (query) => query === 1),
        );
    },
    verdict: "inconclusive",
    exit: 2,
    code: "too-few-clusters",
    says: "Too few independent units to judge whether ndcg@10 is no worse than 2%: 1, and at least 30 are needed.",
  },
  {
    name: "a short file of predictions whose last line is torn",
    spoil: ({ head }) => {
      const whole = predictions("bm25", (query) => query < 5);
      head.write(candidate, whole.slice(0, whole.lastIndexOf(",")));
    },
    verdict: "error",
    exit: 4,
    code: "file-unreadable",
    says: `${candidate} (the candidate's predictions) cannot be read as csv: line `,
  },
  {
    name: "no query on which the arms differ",
    spoil: (setting) => {
      define(setting, {}, ['{metric: ndcg@10, noWorseThan: "2%"}']);
      setting.head.write(
        candidate,
        eachLine(predictions("cosine"), (line) => line.replace(/[^,]*$/, (score) => String(2 * Number(score)))),
      );
    },
    verdict: "inconclusive",
    exit: 2,
    code: "no-unit-differs",
    says: "not one of 225 units differs, which is too few to say whether it is no worse than 2%.",
  },
  {
    name: "a gate on a slice that vanished",
    spoil: (setting) => define(setting, {}, ['{metric: ndcg@10, slice: {length: gigantic}, noWorseThan: "2%"}']),
    verdict: "no-data",
    exit: 3,
    code: "slice-not-measured",
    says: "No unit of dataset cranfield is in the slice length=gigantic. Declare it in evaluation.slices, or correct its value.",
  },
  {
    name: "a difference that is one same amount on every row",
    spoil: (setting) => {
      define(setting, forecast, ["{metric: mae, noWorseThan: 5%}"]);
      for (const tree of [setting.trusted, setting.head])
        tree.write(
          `${folder}/predictions/cosine.csv`,
          rowsOf(100, (row) => 20 + (row % 4)),
        );
      setting.head.write(
        candidate,
        rowsOf(100, (row) => 20.5 + (row % 4)),
      );
    },
    verdict: "error",
    exit: 4,
    code: "constant-difference",
    says: "mae differs by one same amount on every unit, which no model does: check how the predictions were made.",
  },
  {
    name: "a window that ends before it begins",
    spoil: (setting) =>
      define(setting, { window: "{from: 2026-11-25T00:00:00Z, to: 2026-11-18T00:00:00Z}" }, ["{metric: mrr, atLeast: 0}"]),
    verdict: "error",
    exit: 4,
    code: "model.yaml:14:44",
    says: "evaluation.window.to: the window ends before it begins",
  },
  {
    name: "training until a year that never was",
    spoil: (setting) => define(setting, { window }, ["{metric: mrr, atLeast: 0}"], "lineage: {trainedUntil: 9999-12-31T00:00:00Z}"),
    verdict: "error",
    exit: 4,
    code: "model.yaml:",
    says: "lineage.trainedUntil: a date of this century was expected",
  },
  {
    name: "training that reaches into the window of the labels",
    spoil: (setting) => define(setting, { window }, ["{metric: mrr, atLeast: 0}"], "lineage: {trainedUntil: 2026-11-20T00:00:00Z}"),
    verdict: "error",
    exit: 4,
    code: "window-overlaps-training",
    says: "The candidate was trained on data until 2026-11-20T00:00:00Z (lineage.trainedUntil), and evaluation.window begins at 2026-11-18T00:00:00Z",
  },
  {
    name: "queries that training saw",
    spoil: (setting) => {
      define(setting, { trainingUnits: "training.csv" }, ["{metric: mrr, atLeast: 0}"]);
      setting.trusted.write(`${folder}/training.csv`, "query_id\n7\n9999\n12\n");
    },
    verdict: "error",
    exit: 4,
    code: "units-seen-in-training",
    says: '2 of 225 evaluated units (0.9%) are among evaluation.trainingUnits, such as "12", "7": training saw what is evaluated.',
  },
  {
    name: "times of another century",
    spoil: (setting) => {
      define(setting, { columns: "{item: document_id, label: grade, time: at}" }, ["{metric: mrr, atLeast: 0}"]);
      setting.trusted.write(
        labels,
        eachLine(labelsOf((grade) => grade).replace("length\n", "length,at\n"), (line) => `${line},1970-01-21T08:00:00Z`),
      );
    },
    verdict: "error",
    exit: 4,
    code: "time-implausible",
    says: `Column "at" (time) of ${labels} (the labels) holds 1970-01-21T08:00:00.000Z, which is no time of this century: check its unit and format.`,
  },
  {
    name: "arms of two snapshots",
    spoil: (setting) => {
      define(setting, { columns: "{item: document_id, label: grade, snapshot: day}" }, ["{metric: mrr, atLeast: 0}"]);
      for (const [tree, name, day] of [
        [setting.trusted, "cosine", "monday"],
        [setting.head, "bm25", "friday"],
      ] as const)
        tree.write(
          `${folder}/predictions/${name}.csv`,
          eachLine(predictions(name).replace("score\n", "score,day\n"), (line) => `${line},${day}`),
        );
    },
    verdict: "error",
    exit: 4,
    code: "snapshots-differ",
    says: 'The arms were computed on different snapshots: the candidate on "friday", the baseline on "monday".',
  },
];

describe("odd data gets one clear message and its verdict, never a pass", () => {
  it.each(cases)("$name", ({ spoil, verdict, exit, code, says }) =>
    withSetting(async (setting) => {
      spoil(setting);
      const { code: ended, stdout, stderr } = await setting.evaluate("--json");
      const document = JSON.parse(stdout);
      expect([ended, document.verdict]).toEqual([exit, verdict]);
      const findings: readonly { code: string; verdict: string; message: string }[] = document.preflight ?? [];
      const judged: readonly { reason: string; verdict: string; message: string }[] = document.gates ?? [];
      const said = [
        ...findings.filter((finding) => finding.verdict === "error").map((finding) => `${finding.code}: ${finding.message}`),
        ...judged
          .filter(({ reason }) => reason !== "invalid-evaluation" && reason === code)
          .map((gate) => `${gate.reason}: ${gate.message}`),
        ...(document.preflight === undefined ? stderr.trim().split("\n") : []),
      ];
      expect(said).toEqual([expect.stringContaining(says)]);
      expect(said[0]).toContain(code);
    }),
  );

  it("refuses negative grades, and says how many there are and how to say what they are worth", () =>
    withSetting(async (setting) => {
      setting.trusted.write(
        labels,
        labelsOf((grade, index) => (index % 10 === 0 ? "-1" : grade)),
      );
      const refused = await reportOf(setting.evaluate("--json"));
      expect(refused.verdict).toBe("error");
      const finding = refused.preflight.find(({ code }) => code === "labels-negative");
      expect(finding?.verdict).toBe("error");
      expect(finding?.message).toMatch(/^\d+ of \d+ labels are negative.* set evaluation\.negativeLabels: worthless/);
    }));
});
