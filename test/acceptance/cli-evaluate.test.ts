import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Report, reportSchema } from "#domain/evaluation/report.ts";
import { golden, rowsOf } from "#test/support/golden.ts";
import { digestOf, digests, modelYaml, predictions, type RankerRepository, rankerRepository } from "#test/support/ranker-repository.ts";
import { type Ended, runEntry } from "#test/support/run-entry.ts";

let head: RankerRepository;
let trusted: RankerRepository;

beforeEach(() => {
  trusted = rankerRepository({ version: "cosine" });
  head = rankerRepository({ version: "bm25" });
});
afterEach(() => {
  head.close();
  trusted.close();
});

const evaluate = (...args: readonly string[]): Promise<Ended> =>
  runEntry("cli", ["evaluate", head.model, "--trusted", trusted.root, ...args]);

async function reportOf(ended: Promise<Ended>): Promise<Report & { readonly code: number | null }> {
  const { code, stdout } = await ended;
  return { code, ...reportSchema.parse(JSON.parse(stdout)) };
}

const messages = (report: Report): readonly string[] => report.preflight.map(({ message }) => message);

describe("slipway evaluate", () => {
  it("measures what pytrec_eval and scipy measure, to 1e-9", async () => {
    const report = await reportOf(runEntry("cli", ["evaluate", head.model, "--trusted", trusted.root, "--json"]));
    const paired = golden("ranking-cranfield.json").find(({ id }) => id === "paired");
    const rowSchema = z.object({
      metric: z.string(),
      k: z.number().optional(),
      difference: z.number(),
      standard_error: z.number(),
      interval_95: z.tuple([z.number(), z.number()]),
    });
    const expected = paired === undefined ? [] : rowsOf(paired, rowSchema);
    for (const name of ["ndcg@10", "recall@50", "mrr"]) {
      const row = expected.find(({ metric, k }) => name === (k === undefined ? metric : `${metric}@${k}`));
      const measured = report.measurements.find(({ metric, slice }) => metric === name && slice === null)?.difference;
      if (row === undefined || measured === null || measured === undefined) throw new Error(`${name} is missing`);
      // The golden pair is the other way round: its candidate is our baseline.
      expect(measured.value).toBeCloseTo(-row.difference, 9);
      expect(measured.standardError).toBeCloseTo(row.standard_error, 9);
      expect(measured.lower).toBeCloseTo(-row.interval_95[1], 9);
      expect(measured.upper).toBeCloseTo(-row.interval_95[0], 9);
    }
    expect(report).toMatchObject({
      code: 0,
      verdict: "pass",
      run: null,
      baseline: { version: "cosine", digest: digests.cosine, environment: null, source: "base-branch" },
      candidate: { version: "bm25", digest: digests.bm25 },
      inputs: {
        artifact: "declared",
        predictions: { candidate: { digest: digestOf(predictions("bm25")) }, baseline: { digest: digestOf(predictions("cosine")) } },
      },
    });
  });

  it("ends with the verdict's exit code, the worse ranker failing", async () => {
    head.write("models/search-ranker/model.yaml", modelYaml({ version: "cosine" }));
    trusted.write("models/search-ranker/model.yaml", modelYaml({ version: "bm25", gates: ["{metric: ndcg@10, noWorseThan: 0.01}"] }));
    expect(await reportOf(evaluate("--json"))).toMatchObject({ code: 1, verdict: "fail", gates: [{ reason: "regression" }] });
  });

  it("prints equal bytes for equal input, and writes them where --out says", async () => {
    const out = join(head.root, "out", "report.json");
    const first = await evaluate("--json", "--out", out);
    const second = await evaluate("--json");
    expect(second.stdout).toBe(first.stdout);
    expect(readFileSync(out, "utf8")).toBe(first.stdout);
  });

  it("tells people the verdict first, then gates and numbers", async () => {
    const { stdout } = await evaluate();
    expect(stdout.split("\n").slice(0, 2)).toEqual([
      "search-ranker bm25 against cosine (the default branch's)",
      "Pass: ndcg@10 +6.3 % [+3.2, +9.3] against cosine (the default branch's), limit −2 %; all 3 gates pass",
    ]);
  });

  it("takes the baseline that is named, by its own predictions", async () => {
    const report = await reportOf(runEntry("cli", ["evaluate", head.model, "--baseline", `cosine@${digests.cosine}`, "--json"]));
    expect(report).toMatchObject({ code: 0, baseline: { version: "cosine", digest: digests.cosine, source: "flag" } });
    const byLabel = await reportOf(runEntry("cli", ["evaluate", head.model, "--baseline", "cosine", "--json"]));
    expect(byLabel).toMatchObject({
      code: 0,
      baseline: { version: "cosine", digest: null, source: "flag" },
      measurements: report.measurements,
    });
  });

  it("has no baseline where there is one version only, and never passes for it", async () => {
    const { code, stdout, stderr } = await runEntry("cli", ["evaluate", head.model, "--json"]);
    expect(reportSchema.parse(JSON.parse(stdout))).toMatchObject({
      baseline: null,
      verdict: "no-data",
      leftOut: ["ndcg@10", "ndcg@10[*]"],
    });
    expect(code).toBe(3);
    expect(stderr).toBe(
      "There is no other version to compare with: the default branch has this very digest. Name another version with --baseline <version>.\n",
    );
  });

  it("verifies an artifact of the repository, and refuses one that is not what is declared", async () => {
    const artifact = (digest: string) =>
      modelYaml().replace(/artifact: .*/, `artifact: {uri: "ranker.json", format: json, digest: "${digest}"}`);
    head.write("models/search-ranker/ranker.json", "{}");
    head.write("models/search-ranker/model.yaml", artifact(digestOf("{}")));
    expect(await reportOf(evaluate("--json"))).toMatchObject({ code: 0, inputs: { artifact: "verified" } });
    head.write("models/search-ranker/model.yaml", artifact(digests.bm25));
    const report = await reportOf(evaluate("--json"));
    expect(report).toMatchObject({ code: 4, verdict: "error", inputs: { artifact: "declared" } });
    expect(messages(report)).toContain(
      `models/search-ranker/ranker.json is not the artifact that model.yaml declares: it has ${digestOf("{}")}, declared is ${digests.bm25}. Correct artifact.digest, or put the right file there.`,
    );
  });
});

describe("what the head may not change", () => {
  it("judges by the default branch's gates, slices, labels and rollout, and says what does not count", async () => {
    const undisturbed = await reportOf(evaluate("--json"));
    head.write("data/labels.csv", "query_id,document_id,grade,length\n1,1,4,short\n");
    head.write(
      "models/search-ranker/model.yaml",
      modelYaml({
        gates: ['{metric: ndcg@10, noWorseThan: "99%"}'],
        evaluation: { labels: "labels.csv", slices: "[]", metrics: "[mrr]" },
        more: "rollout: {serving: {image: acme/ranker}, steps: [{weight: 50, window: 1s}], bake: 1s}",
      }),
    );
    const report = await reportOf(evaluate("--json"));
    const note =
      "Changes of gates, rollout, evaluation.labels, evaluation.metrics, evaluation.slices do not count before they are merged: measured and judged by the default branch's definition.";
    expect(messages(report)).toContain(note);
    expect(report).toMatchObject({ measurements: undisturbed.measurements, gates: undisturbed.gates, inputs: undisturbed.inputs });
  });

  it("takes from the head where the candidate's predictions lie, and from the default branch where the baseline's do", async () => {
    head.write("models/search-ranker/model.yaml", modelYaml({ evaluation: { predictions: "elsewhere/{digest}.csv" } }));
    head.write(`models/search-ranker/elsewhere/${digests.bm25.slice("sha256:".length)}.csv`, predictions("bm25"));
    head.write("models/search-ranker/predictions/cosine.csv", "query_id,document_id,score\n");
    expect(await reportOf(evaluate("--json"))).toMatchObject({ code: 0, verdict: "pass" });
  });

  it("measures a new model by its own definition and lets its own gates only inform", async () => {
    trusted.remove("models/search-ranker");
    head.write("models/search-ranker/model.yaml", modelYaml({ gates: ["{metric: ndcg@10, atLeast: 0.1}"] }));
    const report = await reportOf(evaluate("--json"));
    expect(report).toMatchObject({ code: 3, verdict: "no-data", baseline: null, gates: [{ verdict: "pass", blocks: "never" }] });
    expect(messages(report)[0]).toBe(
      "The default branch has no models/search-ranker/model.yaml: measured by the definition that is proposed. Its own gates only inform; the policy's floor judges.",
    );
  });
});

const csv = (...rows: readonly string[]): string => `query_id,document_id,score\n${rows.join("\n")}\n`;

describe("bad predictions get one clear message each", () => {
  const candidate = "models/search-ranker/predictions/bm25.csv";
  const cases: readonly {
    readonly name: string;
    readonly spoil: () => void;
    readonly verdict: string;
    readonly code: number;
    readonly says: string;
  }[] = [
    {
      name: "missing",
      spoil: () => head.remove(candidate),
      verdict: "no-data",
      code: 3,
      says: `There is no file ${candidate} (the candidate's predictions). Make it, or correct its location in model.yaml.`,
    },
    {
      name: "missing of the baseline",
      spoil: () => trusted.remove("models/search-ranker/predictions/cosine.csv"),
      verdict: "no-data",
      code: 3,
      says: "There is no file models/search-ranker/predictions/cosine.csv (the baseline's predictions). Make it, or correct its location in model.yaml.",
    },
    {
      name: "empty",
      spoil: () => head.write(candidate, ""),
      verdict: "error",
      code: 4,
      says: `The file ${candidate} (the candidate's predictions) is empty: it has 0 bytes.`,
    },
    {
      name: "a header without a row",
      spoil: () => head.write(candidate, "query_id,document_id,score\n"),
      verdict: "error",
      code: 4,
      says: `${candidate} (the candidate's predictions) has columns but not one row.`,
    },
    {
      name: "without the score's column",
      spoil: () => head.write(candidate, predictions("bm25").replace("score", "scores")),
      verdict: "error",
      code: 4,
      says: `${candidate} (the candidate's predictions) has no column "score", which should hold the score. Found: "query_id", "document_id", "scores". Did you mean "scores"? Set columns.score, or rename the column.`,
    },
    { name: "NaN scores", spoil: () => head.write(candidate, csv("1,184,NaN", "1,13,2")), verdict: "error", code: 4, says: "NaN" },
    { name: "duplicate rows", spoil: () => head.write(candidate, csv("1,184,3", "1,184,2")), verdict: "error", code: 4, says: "184" },
    {
      name: "queries that the baseline has and the candidate lacks",
      spoil: () =>
        head.write(
          candidate,
          predictions("bm25", (query) => query > 25),
        ),
      verdict: "error",
      code: 4,
      says: 'The candidate\'s predictions lack 25 of 225 queries that the other arm has, such as "1", "10", "11". Both arms must answer the same queries: make the candidate\'s predictions again.',
    },
    {
      name: "elsewhere",
      spoil: () =>
        head.write("models/search-ranker/model.yaml", modelYaml({ evaluation: { predictions: '"s3://acme/{version}.parquet"' } })),
      verdict: "no-data",
      code: 3,
      says: "The candidate's predictions lie at s3://acme/bm25.parquet, and this version of Slipway reads files of the repository only: commit them, or name a path.",
    },
    {
      name: "outside of the repository",
      spoil: () => head.write("models/search-ranker/model.yaml", modelYaml({ evaluation: { predictions: "../../../secret.csv" } })),
      verdict: "error",
      code: 4,
      says: 'The candidate\'s predictions cannot be read from "../../../secret.csv": it leads out of the repository.',
    },
    {
      name: "behind a link",
      spoil: () => {
        head.remove("models/search-ranker/predictions");
        symlinkSync(join(trusted.model, "predictions"), join(head.model, "predictions"));
      },
      verdict: "error",
      code: 4,
      says: `The candidate's predictions cannot be read from ${candidate}: models/search-ranker/predictions is a symbolic link.`,
    },
    {
      name: "labels that are missing",
      spoil: () => trusted.remove("data/labels.csv"),
      verdict: "error",
      code: 4,
      says: "There is no file data/labels.csv (the labels). Make it, or correct its location in model.yaml.",
    },
  ];
  it.each(cases)("$name", async ({ spoil, verdict, code, says }) => {
    spoil();
    const report = await reportOf(evaluate("--json"));
    expect(report).toMatchObject({ verdict, code });
    const bad = report.preflight.filter((finding) => finding.verdict === verdict);
    expect(bad.map(({ message }) => message)).toEqual([expect.stringContaining(says)]);
  });

  it("a truncated Parquet file", async () => {
    const name = "models/search-ranker/predictions/bm25.parquet";
    head.write(name, Buffer.from("PAR1 and then nothing"));
    head.write("models/search-ranker/model.yaml", modelYaml({ evaluation: { predictions: "predictions/{version}.parquet" } }));
    const report = await reportOf(evaluate("--json"));
    expect(report).toMatchObject({ verdict: "error", code: 4 });
    expect(report.preflight.find(({ verdict }) => verdict === "error")?.message).toContain(
      `${name} (the candidate's predictions) cannot be read as parquet`,
    );
  });
});

describe("definitions that cannot be measured", () => {
  it("says every error of the file at its place, prints one document and ends with 4", async () => {
    head.write("models/search-ranker/model.yaml", modelYaml().replace("metrics: [", "metrcs: [").replace("version: bm25", "version: 7"));
    const { code, stdout, stderr } = await evaluate("--json");
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
  });

  it("says of a gate on a metric that is not measured what to add", async () => {
    trusted.write("models/search-ranker/model.yaml", modelYaml({ version: "cosine", gates: ['{metric: ndcg@5, noWorseThan: "2%"}'] }));
    const report = await reportOf(evaluate("--json"));
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
  });

  it("names an unknown metric and its neighbour", async () => {
    trusted.write("models/search-ranker/model.yaml", modelYaml({ version: "cosine", evaluation: { metrics: "[ndgc@10]" } }));
    const { code, stdout } = await evaluate();
    expect(code).toBe(4);
    expect(stdout).toBe('models/search-ranker/model.yaml:12:13 There is no metric "ndgc@10". Did you mean ndcg@10?\n');
  });

  it("shows hostile names without letting them move the cursor", async () => {
    const hostile = "\u001b[2J|`<b>";
    trusted.write(
      "models/search-ranker/model.yaml",
      modelYaml({ version: "cosine", evaluation: { metrics: `[${JSON.stringify(hostile)}]` } }),
    );
    const { code, stdout } = await evaluate();
    expect(code).toBe(4);
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toContain("There is no metric");
  });
});

describe("wrong usage", () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ["no directory", ["evaluate"], "slipway: slipway evaluate takes one model directory, such as models/search-ranker\n"],
    [
      "no model there",
      ["evaluate", "src"],
      expect.stringMatching(/^slipway: there is no model\.yaml in .*\/src: name the folder of a model\n$/),
    ],
    [
      "a misspelt option",
      ["evaluate", "x", "--baselin", "1"],
      "slipway: slipway evaluate has no option --baselin; did you mean --baseline?\n",
    ],
    [
      "an option without its value",
      ["evaluate", "x", "--baseline"],
      "slipway: --baseline needs a value: --baseline <version>[@<digest>]\n",
    ],
    [
      "a version that is none",
      ["evaluate", "x", "--baseline", "$(id)"],
      expect.stringContaining('--baseline "$(id)": a version starts with a letter or digit'),
    ],
    ["a misspelt verb", ["evalute", "x"], 'slipway: there is no verb "evalute"; did you mean evaluate?\n'],
    ["no verb", [], "slipway: slipway needs a verb: validate, evaluate, adopt, manifests or help\n"],
  ];
  it.each(cases)("%s is answered with what to write", async (_, args, stderr) => {
    expect(await runEntry("cli", args)).toEqual({ code: 64, stdout: "", stderr });
    expect(existsSync(join(head.root, "out"))).toBe(false);
  });
});
