import { describe, expect, it } from "vitest";
import { z } from "zod";
import { metricFamilies, metricSpellings } from "#domain/evaluation/metrics.ts";
import { operationalCatalogue } from "#domain/evaluation/operational/operational-catalogue.ts";
import { tasks } from "#domain/model/task.ts";
import { runEntry } from "#test/support/run-entry.ts";

const metrics = (...args: readonly string[]) => runEntry("cli", ["metrics", ...args]);

describe("slipway metrics", () => {
  it("lists every metric with its direction, range and convention", async () => {
    const { code, stdout, stderr } = await metrics();
    expect([code, stderr]).toEqual([0, ""]);
    const [head, ...lines] = stdout.trimEnd().split("\n");
    expect(head).toMatch(/^metric +better +range +convention +name$/);
    expect(lines).toHaveLength(metricFamilies.length + operationalCatalogue().length);
    expect(lines[0]).toMatch(
      /^ndcg, ndcg@k +higher +0 to 1 +gain linear, ideal judged, ties id_desc +normalised discounted cumulative gain$/,
    );
  });

  it("explains one metric, however it is spelled, with its options and what libraries call it", async () => {
    const { code, stdout } = await metrics("ndcg@10");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ideal +judged +judged, retrieved, full_k$/m);
    expect(stdout).toMatch(/^trec_eval +ndcg, ndcg_cut_k +scores: float32, noRelevant: zero, missing: intersect$/m);
  });

  it("explains of every metric what a library does otherwise in it, and not in another", async () => {
    const { stdout } = await metrics("log_loss", "--task", "classification");
    expect(stdout).toMatch(/^sklearn +log_loss +clips probabilities at 2\.2e-16/m);
    expect(stdout).not.toContain("ideal");
    expect((await metrics("recall@50")).stdout).toMatch(/^recpack +RecallK +nothing: its number is the default's$/m);
    expect((await metrics("preference", "--task", "judged")).stdout).toMatch(/^preference: Preference$/m);
  });

  it("prints one JSON document", async () => {
    const { stdout, stderr } = await metrics("--json");
    expect(stderr).toBe("");
    const printed = z
      .object({
        schema: z.literal("slipway/metrics/v1"),
        metrics: z.array(z.object({ spellings: z.array(z.string()), better: z.string(), definition: z.string() })),
        conventions: z.record(z.string(), z.object({ convention: z.record(z.string(), z.string()) })),
      })
      .parse(JSON.parse(stdout));
    expect(printed.metrics.flatMap(({ spellings }) => spellings)).toEqual([
      ...metricSpellings(),
      ...operationalCatalogue().flatMap(({ spellings }) => spellings),
    ]);
    expect(Object.keys(printed.conventions)).toEqual(["trec_eval", "ranx", "sklearn", "recpack", "rectools", "evidently"]);
  });

  it("lists and explains the metrics of another task", async () => {
    expect((await metrics("--task", "regression")).stdout).toMatch(
      /^pinball@quantile +lower +0 to unbounded +quantile 0.9 +pinball loss$/m,
    );
    expect((await metrics("recall", "--task", "classification")).stdout).toMatch(
      /^recall, recall@threshold: recall of the positive class$/m,
    );
    expect((await metrics("snips@10", "--task", "bandit")).stdout).toMatch(/^snips, snips@clip: reward by self-normalised/m);
    expect((await metrics("latency_p95_ms", "--task", "bandit")).stdout).toMatch(/^latency_p<q>_ms: latency quantile$/m);
    expect(await metrics("--task", "chess")).toEqual({
      code: 64,
      stdout: "",
      stderr: `slipway: there is no task "chess"; tasks are ${tasks.join(", ")}\n`,
    });
  });

  it("answers an unknown metric with the nearest one", async () => {
    expect(await metrics("ngcd")).toEqual({ code: 64, stdout: "", stderr: 'slipway: there is no metric "ngcd"; did you mean ndcg?\n' });
  });
});
