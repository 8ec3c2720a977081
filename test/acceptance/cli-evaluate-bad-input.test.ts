import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type EvaluationSetting, evaluationSetting, reportOf } from "#test/support/evaluation-setting.ts";
import { modelYaml, predictions } from "#test/support/ranker-repository.ts";

/** Each test has repositories of its own, so that the processes may run beside each other. */
async function withSetting(work: (setting: EvaluationSetting) => Promise<void>): Promise<void> {
  const setting = evaluationSetting();
  try {
    await work(setting);
  } finally {
    setting.close();
  }
}

const csv = (...rows: readonly string[]): string => `query_id,document_id,score\n${rows.join("\n")}\n`;

describe("bad predictions get one clear message each", () => {
  const candidate = "models/search-ranker/predictions/bm25.csv";
  const cases: readonly {
    readonly name: string;
    readonly spoil: (setting: EvaluationSetting) => void;
    readonly verdict: string;
    readonly code: number;
    readonly says: string;
  }[] = [
    {
      name: "missing",
      spoil: (setting) => setting.head.remove(candidate),
      verdict: "no-data",
      code: 3,
      says: `There is no file ${candidate} (the candidate's predictions). Make it, or correct its location in model.yaml.`,
    },
    {
      name: "missing of the baseline",
      spoil: (setting) => setting.trusted.remove("models/search-ranker/predictions/cosine.csv"),
      verdict: "no-data",
      code: 3,
      says: "There is no file models/search-ranker/predictions/cosine.csv (the baseline's predictions). Make it, or correct its location in model.yaml.",
    },
    {
      name: "empty",
      spoil: (setting) => setting.head.write(candidate, ""),
      verdict: "error",
      code: 4,
      says: `The file ${candidate} (the candidate's predictions) is empty: it has 0 bytes.`,
    },
    {
      name: "a header without a row",
      spoil: (setting) => setting.head.write(candidate, "query_id,document_id,score\n"),
      verdict: "error",
      code: 4,
      says: `${candidate} (the candidate's predictions) has columns but not one row.`,
    },
    {
      name: "without the score's column",
      spoil: (setting) => setting.head.write(candidate, predictions("bm25").replace("score", "scores")),
      verdict: "error",
      code: 4,
      says: `${candidate} (the candidate's predictions) has no column "score", which should hold the score. Found: "query_id", "document_id", "scores". Did you mean "scores"? Set columns.score, or rename the column.`,
    },
    {
      name: "NaN scores",
      spoil: (setting) => setting.head.write(candidate, csv("1,184,NaN", "1,13,2")),
      verdict: "error",
      code: 4,
      says: `Column "score" (score) of ${candidate} (the candidate's predictions) is NaN or infinite in 1 of 2 rows: "NaN" at query_id = "1".`,
    },
    {
      name: "duplicate rows",
      spoil: (setting) => setting.head.write(candidate, csv("1,184,3", "1,184,2")),
      verdict: "error",
      code: 4,
      says: `${candidate} (the candidate's predictions) lists an item of a query more than once: query_id = "1", document_id = "184" has 2 rows (1 such items). Keep one row each.`,
    },
    {
      name: "queries that the baseline has and the candidate lacks",
      spoil: (setting) =>
        setting.head.write(
          candidate,
          predictions("bm25", (query) => query > 25),
        ),
      verdict: "error",
      code: 4,
      says: 'The candidate\'s predictions lack 25 of 225 queries that the other arm has, such as "1", "10", "11". Both arms must answer the same queries: make the candidate\'s predictions again.',
    },
    {
      name: "elsewhere, where only the head says so",
      spoil: (setting) =>
        setting.head.write("models/search-ranker/model.yaml", modelYaml({ evaluation: { predictions: '"s3://acme/{version}.parquet"' } })),
      verdict: "error",
      code: 4,
      says: "one below a prefix that was allowed with --remote-prefix (SLIPWAY_REMOTE_PREFIXES in a workflow), is read for a head. Keep evaluation.predictions as it is on the default branch",
    },
    {
      name: "outside of the repository",
      spoil: (setting) =>
        setting.head.write("models/search-ranker/model.yaml", modelYaml({ evaluation: { predictions: "../../../secret.csv" } })),
      verdict: "error",
      code: 4,
      says: 'The candidate\'s predictions cannot be read from "../../../secret.csv": it leads out of the repository.',
    },
    {
      name: "behind a link",
      spoil: (setting) => {
        setting.head.remove("models/search-ranker/predictions");
        symlinkSync(join(setting.trusted.model, "predictions"), join(setting.head.model, "predictions"));
      },
      verdict: "error",
      code: 4,
      says: `The candidate's predictions cannot be read from ${candidate}: models/search-ranker/predictions is a symbolic link.`,
    },
    {
      name: "labels that are missing",
      spoil: (setting) => setting.trusted.remove("data/labels.csv"),
      verdict: "error",
      code: 4,
      says: "There is no file data/labels.csv (the labels). Make it, or correct its location in model.yaml.",
    },
  ];
  it.concurrent.each(cases)("$name", ({ spoil, verdict, code, says }) =>
    withSetting(async (setting) => {
      spoil(setting);
      const report = await reportOf(setting.evaluate("--json"));
      expect(report).toMatchObject({ verdict, code });
      const bad = report.preflight.filter((finding) => finding.verdict === verdict);
      expect(bad.map(({ message }) => message)).toEqual([expect.stringContaining(says)]);
    }),
  );

  it.concurrent("a truncated Parquet file", () =>
    withSetting(async (setting) => {
      const name = "models/search-ranker/predictions/bm25.parquet";
      setting.head.write(name, Buffer.from("PAR1 and then nothing"));
      setting.head.write("models/search-ranker/model.yaml", modelYaml({ evaluation: { predictions: "predictions/{version}.parquet" } }));
      const report = await reportOf(setting.evaluate("--json"));
      expect(report).toMatchObject({ verdict: "error", code: 4 });
      expect(report.preflight.find(({ verdict }) => verdict === "error")?.message).toContain(
        `${name} (the candidate's predictions) cannot be read as parquet`,
      );
    }),
  );
});

describe("definitions that cannot be measured", () => {
  it.concurrent("says every error of the file at its place, prints one document and ends with 4", () =>
    withSetting(async (setting) => {
      setting.head.write(
        "models/search-ranker/model.yaml",
        modelYaml().replace("metrics: [", "metrcs: [").replace("version: bm25", "version: 7"),
      );
      const { code, stdout, stderr } = await setting.evaluate("--json");
      expect(code).toBe(4);
      const document = JSON.parse(stdout);
      expect(document).toMatchObject({ schema: "slipway/problems/v1", verdict: "error" });
      const file = "models/search-ranker/model.yaml";
      expect(stderr.split("\n").toSorted()).toEqual(
        [
          "",
          `${file}:4:10 version: expected text, found the number 7; put it in quotes`,
          `${file}:6:1 evaluation.metrics: is missing; expected a list`,
          `${file}:12:3 unknown key "metrcs"; did you mean "metrics"?`,
        ].toSorted(),
      );
    }),
  );

  it.concurrent("says of a gate on a metric that is not measured what to add", () =>
    withSetting(async (setting) => {
      setting.trusted.write(
        "models/search-ranker/model.yaml",
        modelYaml({ version: "cosine", gates: ['{metric: ndcg@5, noWorseThan: "2%"}'] }),
      );
      const report = await reportOf(setting.evaluate("--json"));
      expect(report).toMatchObject({
        code: 3,
        verdict: "no-data",
        gates: [
          {
            reason: "metric-not-measured",
            message: "ndcg@5 was not measured on dataset cranfield. Add it to evaluation.metrics, or drop the gate.",
          },
        ],
      });
    }),
  );

  it.concurrent("names an unknown metric and its neighbour", () =>
    withSetting(async (setting) => {
      setting.trusted.write("models/search-ranker/model.yaml", modelYaml({ version: "cosine", evaluation: { metrics: "[ndgc@10]" } }));
      const { code, stdout } = await setting.evaluate();
      expect(code).toBe(4);
      expect(stdout).toBe(
        'models/search-ranker/model.yaml:12:13 on the default branch: There is no metric "ndgc@10". Did you mean ndcg@10?\n',
      );
    }),
  );

  it.concurrent("shows hostile names without letting them move the cursor", () =>
    withSetting(async (setting) => {
      const hostile = "\u001b[2J|`<b>";
      setting.trusted.write(
        "models/search-ranker/model.yaml",
        modelYaml({ version: "cosine", evaluation: { metrics: `[${JSON.stringify(hostile)}]` } }),
      );
      const { code, stdout } = await setting.evaluate();
      expect(code).toBe(4);
      expect(stdout).not.toContain("\u001b");
      expect(stdout).toContain("There is no metric");
    }),
  );
});
