import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Report, reportSchema } from "#domain/evaluation/report.ts";
import { type EvaluationSetting, evaluationSetting, reportOf } from "#test/support/evaluation-setting.ts";
import { writeParquet } from "#test/support/parquet-file.ts";
import { modelYaml, predictions } from "#test/support/ranker-repository.ts";
import { projectFolder } from "#test/support/run-entry.ts";

const folder = "models/search-ranker";
const candidate = `${folder}/predictions/bm25`;

async function withSetting(work: (setting: EvaluationSetting) => Promise<void>): Promise<void> {
  const setting = evaluationSetting();
  try {
    await work(setting);
  } finally {
    setting.close();
  }
}

/** The same definition in both trees; the default branch serves cosine, the head proposes bm25. */
function define(setting: EvaluationSetting, evaluation: Readonly<Record<string, string>>, gates: readonly string[]): void {
  const yaml = (version: string): string => modelYaml({ version, evaluation, gates }).replace(/^ {2}labels: \n/m, "");
  setting.trusted.write(`${folder}/model.yaml`, yaml("cosine"));
  setting.head.write(`${folder}/model.yaml`, yaml("bm25"));
}

function errorsOf(report: Report): readonly string[] {
  return report.preflight.filter(({ verdict }) => verdict === "error").map(({ message }) => message);
}

/** What both arms' files hold, in Parquet: the candidate's may be another. */
async function parquetArms(setting: EvaluationSetting, baseline: string, own = baseline): Promise<void> {
  await writeParquet(join(setting.trusted.model, "predictions", "cosine.parquet"), baseline);
  await writeParquet(join(setting.head.model, "predictions", "bm25.parquet"), own);
}

const inParquet = { predictions: "predictions/{version}.parquet", labels: "" };
const ranking = { ...inParquet, columns: "{query: q, item: d, score: s, label: grade}", metrics: "[ndcg@10]", slices: "[]" };
const regression = {
  ...inParquet,
  task: "regression",
  columns: "{row: id, score: p, label: y}",
  metrics: "[mae]",
  slices: "[]",
};

describe("files that are broken", () => {
  it("says which file holds a page that cannot be read, when its footer and schema are whole", () =>
    withSetting(async (setting) => {
      define(setting, ranking, ["{metric: ndcg@10, noWorseThan: 5%}"]);
      await parquetArms(
        setting,
        "SELECT 'q' || range % 500 AS q, 'd' || range AS d, hash(range) % 1000 / 7 AS s, range % 3 AS grade FROM range(20000)",
        "SELECT 'q' || range % 500 AS q, 'd' || range AS d, hash(range + 1) % 1000 / 7 AS s, range % 3 AS grade FROM range(20000)",
      );
      const bytes = readFileSync(join(setting.head.root, `${candidate}.parquet`));
      bytes.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 64);
      setting.head.write(`${candidate}.parquet`, bytes);

      const report = await reportOf(setting.evaluate("--json"));

      expect(report).toMatchObject({ verdict: "error", code: 4 });
      expect(errorsOf(report)).toEqual([expect.stringContaining(`${candidate}.parquet (the candidate's predictions) cannot be read`)]);
      expect(errorsOf(report)[0]).not.toContain(setting.head.root);
    }));

  it("says in which line a torn CSV ends", () =>
    withSetting(async (setting) => {
      const whole = predictions("bm25");
      setting.head.write(`${candidate}.csv`, whole.slice(0, whole.lastIndexOf(",")));
      const report = await reportOf(setting.evaluate("--json"));
      expect(report).toMatchObject({ verdict: "error", code: 4 });
      expect(errorsOf(report)).toEqual([
        expect.stringContaining(`${candidate}.csv (the candidate's predictions) cannot be read as csv: line `),
      ]);
      expect(errorsOf(report)[0]).toContain(
        `line ${whole.trimEnd().split("\n").length} of ${candidate}.csv has not the columns of its header`,
      );
    }));

  it("does not blame the columns of a line that is no UTF-8", () =>
    withSetting(async (setting) => {
      const lines = predictions("bm25").trimEnd().split("\n");
      const bytes = Buffer.concat([Buffer.from(`${lines.slice(0, -1).join("\n")}\n`), Buffer.from([0x31, 0x2c, 0xe9, 0x2c, 0x31, 0x0a])]);
      setting.head.write(`${candidate}.csv`, bytes);
      const report = await reportOf(setting.evaluate("--json"));
      expect(report).toMatchObject({ verdict: "error", code: 4 });
      expect(errorsOf(report)[0]).toContain(`${candidate}.csv`);
      expect(errorsOf(report)[0]).not.toContain("has not the columns of its header");
    }));

  it("refuses rows beyond what is compared at once, before it reads them", () =>
    withSetting(async (setting) => {
      define(setting, regression, ["{metric: mae, noWorseThan: 5%}"]);
      await parquetArms(setting, "SELECT range AS id, 0.5 AS p, range % 2 AS y FROM range(16000001)");
      const report = await reportOf(setting.evaluate("--json"));
      expect(report).toMatchObject({ verdict: "error", code: 4 });
      expect(errorsOf(report)).toEqual([
        `${candidate}.parquet (the candidate's predictions) has 16000001 rows, more than the 16000000 that are compared at once. Evaluate on a sample of them, the same in both arms.`,
      ]);
    }));
});

describe("a slice column with a million values", () => {
  it("of queries is refused as identifiers", () =>
    withSetting(async (setting) => {
      define(setting, { ...ranking, slices: "[d]" }, ["{metric: ndcg@10, noWorseThan: 5%}"]);
      const rows = (shift: number): string =>
        `SELECT 'q' || range AS q, 'd' || range AS d, hash(range + ${shift}) % 1000 / 7 AS s, range % 3 AS grade FROM range(1000000)`;
      await parquetArms(setting, rows(0), rows(1));
      const report = await reportOf(setting.evaluate("--json"));
      expect(report).toMatchObject({ verdict: "error", code: 4, measurements: [] });
      expect(errorsOf(report)).toEqual(['Slice column "d" has 1000000 values, more than 500. Slice by a column with fewer values.']);
    }));

  it("of rows, too", () =>
    withSetting(async (setting) => {
      define(setting, { ...regression, slices: "[shop]" }, ["{metric: mae, noWorseThan: 5%}"]);
      const rows = (shift: number): string =>
        `SELECT range AS id, hash(range + ${shift}) % 1000 / 7 AS p, range % 2 AS y, 's' || range AS shop FROM range(1000000)`;
      await parquetArms(setting, rows(0), rows(1));
      const report = await reportOf(setting.evaluate("--json"));
      expect(report).toMatchObject({ verdict: "error", code: 4, measurements: [] });
      expect(errorsOf(report)).toEqual(['Slice column "shop" has 1000000 values, more than 500. Slice by a column with fewer values.']);
    }));
});

describe("a machine that is too small", () => {
  const large = (shift: number): string =>
    `SELECT 'query ' || range % 200000 AS q, 'document ' || range AS d, hash(range + ${shift}) % 100000 / 7 AS s, range % 3 AS grade FROM range(1000000)`;

  it("says that the memory limit was hit, and what to set", () =>
    withSetting(async (setting) => {
      define(setting, ranking, ["{metric: ndcg@10, noWorseThan: 5%}"]);
      await parquetArms(setting, large(0), large(1));
      const report = await reportOf(setting.evaluate("--json", "--memory-limit", "20MB"));
      expect(report).toMatchObject({ verdict: "error", code: 4, measurements: [] });
      expect(report.preflight.filter(({ verdict }) => verdict === "error")).toEqual([
        {
          code: "memory-limit",
          verdict: "error",
          message:
            "DuckDB needs more memory than its limit of 20MB to score these files. Raise it with --memory-limit (by default half of the machine's memory), use a larger machine, or evaluate on a sample.",
        },
      ]);
    }));

  it("says that the temporary directory is full, and how to choose another", () =>
    withSetting(async (setting) => {
      define(setting, ranking, ["{metric: ndcg@10, noWorseThan: 5%}"]);
      await parquetArms(setting, large(0), large(1));
      const cli = join(projectFolder, "src", "entry", "cli.ts");
      const args = ["evaluate", setting.head.model, "--trusted", setting.trusted.root, "--json", "--memory-limit", "60MB"];
      // A quota of 1 MB a file stands for a full disk: what is written beyond it fails, and the process is told so instead of killed.
      const child = spawn("bash", ["-c", 'trap "" XFSZ; ulimit -f 1024; exec "$@"', "bash", process.execPath, cli, ...args], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      const printed: string[] = [];
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => printed.push(chunk));
      child.stderr.setEncoding("utf8").on("data", (chunk: string) => process.stderr.write(chunk));
      await once(child, "close");
      const report = reportSchema.parse(JSON.parse(printed.join("")));
      expect([child.exitCode, report.verdict]).toEqual([4, "error"]);
      expect(report.preflight.filter(({ verdict }) => verdict === "error")).toEqual([
        {
          code: "disk-full",
          verdict: "error",
          message:
            "DuckDB found no room in its temporary directory for what does not fit into its memory of 60MB. Free space there, or set TMPDIR to a directory on a larger disk; with more memory (--memory-limit) it needs less of it.",
        },
      ]);
    }));
});
