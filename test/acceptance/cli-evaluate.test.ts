import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { reportSchema } from "#domain/evaluation/report.ts";
import { type EvaluationSetting, evaluationSetting, messagesOf, reportOf } from "#test/support/evaluation-setting.ts";
import { golden, rowsOf } from "#test/support/golden.ts";
import { digestOf, digests, modelYaml, predictions } from "#test/support/ranker-repository.ts";
import { runEntry } from "#test/support/run-entry.ts";

let setting: EvaluationSetting;
beforeEach(() => {
  setting = evaluationSetting();
});
afterEach(() => setting.close());

describe("slipway evaluate", () => {
  it("measures what pytrec_eval and scipy measure, to 1e-9", async () => {
    const report = await reportOf(setting.evaluate("--json"));
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
    setting.head.write("models/search-ranker/model.yaml", modelYaml({ version: "cosine" }));
    setting.trusted.write(
      "models/search-ranker/model.yaml",
      modelYaml({ version: "bm25", gates: ["{metric: ndcg@10, noWorseThan: 0.01}"] }),
    );
    expect(await reportOf(setting.evaluate("--json"))).toMatchObject({ code: 1, verdict: "fail", gates: [{ reason: "regression" }] });
  });

  it("prints equal bytes for equal input, and writes them where --out says", async () => {
    const out = join(setting.head.root, "out", "report.json");
    const first = await setting.evaluate("--json", "--out", out);
    const second = await setting.evaluate("--json");
    expect(second.stdout).toBe(first.stdout);
    expect(readFileSync(out, "utf8")).toBe(first.stdout);
  });

  it("tells people the verdict first, then gates and numbers", async () => {
    const { stdout } = await setting.evaluate();
    expect(stdout.split("\n").slice(0, 2)).toEqual([
      "search-ranker bm25 against cosine (the default branch's)",
      "Pass: ndcg@10 +6.3 % [+3.2, +9.3] against cosine (the default branch's), limit −2 %; all 3 gates pass",
    ]);
  });

  it("takes the baseline that is named, by its own predictions", async () => {
    const report = await reportOf(runEntry("cli", ["evaluate", setting.head.model, "--baseline", `cosine@${digests.cosine}`, "--json"]));
    expect(report).toMatchObject({ code: 0, baseline: { version: "cosine", digest: digests.cosine, source: "flag" } });
    const byLabel = await reportOf(runEntry("cli", ["evaluate", setting.head.model, "--baseline", "cosine", "--json"]));
    expect(byLabel).toMatchObject({
      code: 0,
      baseline: { version: "cosine", digest: null, source: "flag" },
      measurements: report.measurements,
    });
  });

  it("has no baseline where there is one version only, and never passes for it", async () => {
    const { code, stdout, stderr } = await runEntry("cli", ["evaluate", setting.head.model, "--json"]);
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
    setting.head.write("models/search-ranker/ranker.json", "{}");
    setting.head.write("models/search-ranker/model.yaml", artifact(digestOf("{}")));
    expect(await reportOf(setting.evaluate("--json"))).toMatchObject({ code: 0, inputs: { artifact: "verified" } });
    setting.head.write("models/search-ranker/model.yaml", artifact(digests.bm25));
    const report = await reportOf(setting.evaluate("--json"));
    expect(report).toMatchObject({ code: 4, verdict: "error", inputs: { artifact: "declared" } });
    expect(messagesOf(report)).toContain(
      `models/search-ranker/ranker.json is not the artifact that model.yaml declares: it has ${digestOf("{}")}, declared is ${digests.bm25}. Correct artifact.digest, or put the right file there.`,
    );
  });
});

describe("what the head may not change", () => {
  it("judges by the default branch's gates, slices, labels and rollout, and says what does not count", async () => {
    const undisturbed = await reportOf(setting.evaluate("--json"));
    setting.head.write("data/labels.csv", "query_id,document_id,grade,length\n1,1,4,short\n");
    setting.head.write(
      "models/search-ranker/model.yaml",
      modelYaml({
        gates: ['{metric: ndcg@10, noWorseThan: "99%"}'],
        evaluation: { labels: "labels.csv", slices: "[]", metrics: "[mrr]" },
        more: `rollout: {serving: {image: acme/ranker@sha256:${"1".repeat(64)}}, steps: [{weight: 50, window: 1s}], bake: 1s}`,
      }),
    );
    const report = await reportOf(setting.evaluate("--json"));
    const note =
      "Changes of gates, rollout, evaluation.labels, evaluation.metrics, evaluation.slices do not count before they are merged: measured and judged by the default branch's definition.";
    expect(messagesOf(report)).toContain(note);
    expect(report).toMatchObject({ measurements: undisturbed.measurements, gates: undisturbed.gates, inputs: undisturbed.inputs });
  });

  it("takes from the head where the candidate's predictions lie, and from the default branch where the baseline's do", async () => {
    setting.head.write("models/search-ranker/model.yaml", modelYaml({ evaluation: { predictions: "elsewhere/{digest}.csv" } }));
    setting.head.write(`models/search-ranker/elsewhere/${digests.bm25.slice("sha256:".length)}.csv`, predictions("bm25"));
    setting.head.write("models/search-ranker/predictions/cosine.csv", "query_id,document_id,score\n");
    expect(await reportOf(setting.evaluate("--json"))).toMatchObject({ code: 0, verdict: "pass" });
  });

  it("measures a new model by its own definition and lets its own gates only inform", async () => {
    setting.trusted.remove("models/search-ranker");
    setting.head.write("models/search-ranker/model.yaml", modelYaml({ gates: ["{metric: ndcg@10, atLeast: 0.1}"] }));
    const report = await reportOf(setting.evaluate("--json"));
    expect(report).toMatchObject({ code: 3, verdict: "no-data", baseline: null, gates: [{ verdict: "pass", blocks: "never" }] });
    expect(messagesOf(report)[0]).toBe(
      "The default branch has no models/search-ranker/model.yaml: measured by the definition that is proposed. Its own gates only inform; the policy's floor judges.",
    );
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
    ["no verb", [], expect.stringMatching(/^slipway: slipway needs a verb: init, validate, evaluate, .* or help\n$/)],
  ];
  it.each(cases)("%s is answered with what to write", async (_, args, stderr) => {
    expect(await runEntry("cli", args)).toEqual({ code: 64, stdout: "", stderr });
  });
});
