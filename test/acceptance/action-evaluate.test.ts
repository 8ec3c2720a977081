import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseEvidence } from "#domain/evaluation/evidence.ts";
import { type ActionSetting, actionSetting, evidenceFile, evidenceFiles, reportIn, runStep } from "#test/support/action-setting.ts";
import { type ActionsJob, requestToken, tokenFor } from "#test/support/actions-job.ts";
import { digestOf, digests, modelYaml, type WrittenModel } from "#test/support/ranker-repository.ts";

let setting: ActionSetting;
beforeEach(() => {
  setting = actionSetting();
});
afterEach(() => setting.close());

const withApp = (job: ActionsJob) => ({ SLIPWAY_INPUT_APP_URL: job.url });
const commit = "e".repeat(40);
function live(models: object, floors: object = { all: [], firstVersion: [] }): object {
  return { schema: "slipway/live/v1", commit, models, floors };
}
const cosineLive = { environment: "production", version: "cosine", digest: digests.cosine };

describe("the Action's evaluate step", () => {
  it("leaves evidence whose digests hold, a token bound to it, outputs and a summary, and shows no token", async () => {
    const job = await setting.checkedOut();
    job.answer("/api/slipway/v1/live", 200, live({ "search-ranker": cosineLive }));
    const { code, stdout, stderr } = await runStep(job, "evaluate", withApp(job));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });

    expect(evidenceFiles(job)).toEqual(["evidence.json", "report-search-ranker.json", "token.jwt"]);
    const text = evidenceFile(job, "evidence.json");
    const evidence = parseEvidence(text);
    const run = { repository: 1, pullRequest: 7, id: 42, attempt: 2, base: "b".repeat(40), engine: expect.stringMatching(/^slipway \d/) };
    expect(evidence).toMatchObject({
      kind: "evidence",
      evidence: {
        run,
        reports: [
          { model: "search-ranker", file: "report-search-ranker.json", digest: digestOf(evidenceFile(job, "report-search-ranker.json")) },
        ],
      },
    });
    expect(reportIn(job)).toMatchObject({ run, verdict: "pass", baseline: { ...cosineLive, source: `environments@${commit}` } });

    const token = tokenFor(`slipway:${digestOf(text)}`);
    expect(evidenceFile(job, "token.jwt")).toBe(`${token}\n`);
    expect(job.outputs()).toEqual({ verdict: "pass", evidence: join(job.workspace, "slipway-evidence"), digest: digestOf(text) });
    expect(job.calls).toMatchObject([
      { method: "GET", path: "/api/slipway/v1/live?model=search-ranker", authorization: `Bearer ${tokenFor("slipway:app")}` },
    ]);

    const masks = stdout.split("\n").filter((line) => line.startsWith("::add-mask::"));
    expect(masks).toContain(`::add-mask::${token}`);
    const shown = [
      stdout.split("\n").filter((line) => !line.startsWith("::add-mask::")),
      job.summary(),
      JSON.stringify(job.outputs()),
      text,
    ].join("\n");
    for (const secret of [token, tokenFor("slipway:app"), requestToken]) expect(shown).not.toContain(secret);
    expect(job.summary()).toContain("+6.3 % [+3.2, +9.3]");
    expect(job.summary()).toContain("it first verifies which workflow computed them");
  });

  it("gives equal bytes for equal input", async () => {
    const job = await setting.checkedOut();
    expect((await runStep(job, "evaluate")).code).toBe(0);
    const first = [evidenceFile(job, "evidence.json"), evidenceFile(job, "report-search-ranker.json")];
    expect((await runStep(job, "evaluate")).code).toBe(0);
    expect([evidenceFile(job, "evidence.json"), evidenceFile(job, "report-search-ranker.json")]).toEqual(first);
  });

  it("is self-reported without a token, and says so", async () => {
    const job = await setting.checkedOut({ idToken: false });
    const { code, stdout } = await runStep(job, "evaluate");
    expect(code).toBe(0);
    expect(evidenceFiles(job)).toEqual(["evidence.json", "report-search-ranker.json"]);
    expect(stdout).toContain(
      "::notice title=Slipway::This evidence is self-reported, shown but never gating: the job has no permission id-token: write, as in runs of forks.",
    );
    expect(job.summary()).toContain("The run has no token that proves which workflow computed these numbers.");
  });

  it.each([
    ["answers nothing useful", 500, {}, "it answered 500"],
    ["answers in a schema of tomorrow", 200, { schema: "slipway/live/v9" }, "its answer is not understood"],
  ])("takes the default branch's version when the App %s, and says so", async (_, status, body, reason) => {
    const job = await setting.checkedOut();
    job.answer("/api/slipway/v1/live", status, body);
    const { code, stdout } = await runStep(job, "evaluate", withApp(job));
    expect(code).toBe(0);
    expect(reportIn(job).baseline).toEqual({ version: "cosine", digest: digests.cosine, environment: null, source: "base-branch" });
    expect(stdout).toContain(`The Slipway App did not say what is live of search-ranker (${reason}`);
  });

  it("does the same when the App cannot be reached", async () => {
    const job = await setting.checkedOut();
    const { code, stdout } = await runStep(job, "evaluate", { SLIPWAY_INPUT_APP_URL: "http://127.0.0.1:1" });
    expect(code).toBe(0);
    expect(reportIn(job).baseline?.source).toBe("base-branch");
    expect(stdout).toContain("(it could not be reached)");
  });

  it("adds the floors that the App tells, and lets only them judge a first version", async () => {
    setting.trusted.remove("models/search-ranker");
    setting.head.write("models/search-ranker/model.yaml", modelYaml({ gates: ["{metric: mrr, atLeast: 0.99}"] }));
    const job = await setting.checkedOut();
    job.answer(
      "/api/slipway/v1/live",
      200,
      live(
        { "search-ranker": null },
        { all: [{ metric: "ndcg@10", noWorseThan: "5%" }], firstVersion: [{ metric: "ndcg@10", atLeast: 0.3 }] },
      ),
    );
    await runStep(job, "evaluate", withApp(job));
    expect(reportIn(job)).toMatchObject({
      verdict: "pass",
      baseline: null,
      leftOut: ["floor ndcg@10"],
      gates: [
        { id: "mrr", blocks: "never", verdict: "fail" },
        { id: "floor ndcg@10 at-least", blocks: "unless-pass", verdict: "pass" },
      ],
    });
  });

  it("has nothing to measure where the digest is live already", async () => {
    const job = await setting.checkedOut();
    job.answer(
      "/api/slipway/v1/live",
      200,
      live({ "search-ranker": { environment: "production", version: "bm25", digest: digests.bm25 } }),
    );
    const { code, stdout } = await runStep(job, "evaluate", withApp(job));
    expect(code).toBe(0);
    expect(parseEvidence(evidenceFile(job, "evidence.json"))).toMatchObject({ evidence: { reports: [] } });
    expect(job.outputs()).toMatchObject({ verdict: "pass" });
    expect(stdout).toContain("is live in production already: there is nothing to release.");
  });

  it("evaluates the models whose folder differs, or those that are named", async () => {
    const other: WrittenModel = { name: "other", version: "cosine" };
    for (const tree of [setting.trusted, setting.head]) tree.write("models/other/model.yaml", modelYaml(other));
    const job = await setting.checkedOut();
    await runStep(job, "evaluate");
    expect(evidenceFiles(job)).not.toContain("report-other.json");
    await runStep(job, "evaluate", { SLIPWAY_INPUT_MODELS: "other" });
    expect(evidenceFiles(job)).toEqual(["evidence.json", "report-other.json", "token.jwt"]);
    expect(reportIn(job, "other").verdict).toBe("no-data");
  });

  it("says that no model changed", async () => {
    setting.head.write("models/search-ranker/model.yaml", modelYaml({ version: "cosine" }));
    const job = await setting.checkedOut();
    const { code } = await runStep(job, "evaluate");
    expect({ code, ...job.outputs() }).toMatchObject({ code: 0, verdict: "pass" });
    expect(job.summary()).toContain("no model changed");
  });

  it("annotates each problem of a definition at its line, at most ten, and still leaves evidence", async () => {
    const many = Array.from({ length: 15 }, (_, index) => `key${index}: 1`).join("\n");
    setting.head.write("models/search-ranker/model.yaml", modelYaml({ more: many }));
    const job = await setting.checkedOut();
    const { code, stdout } = await runStep(job, "evaluate");
    const errors = stdout.split("\n").filter((line) => line.startsWith("::error "));
    expect(errors).toHaveLength(10);
    expect(errors[0]).toMatch(/^::error title=Slipway,file=models\/search-ranker\/model\.yaml,line=17,col=1::unknown key "key0"/);
    expect({ code, verdict: job.outputs()["verdict"] }).toEqual({ code: 0, verdict: "error" });
    expect(parseEvidence(evidenceFile(job, "evidence.json"))).toMatchObject({ evidence: { reports: [] } });
    expect(job.summary()).toContain("Problems in the definition");
  });

  it("annotates a gate that stands in the way at its line, and only that one", async () => {
    const gates = ["{metric: ndcg@10, atLeast: 0}", "{metric: ndcg@10, atLeast: 0.99}"];
    setting.trusted.write("models/search-ranker/model.yaml", modelYaml({ version: "cosine", gates }));
    setting.head.write("models/search-ranker/model.yaml", modelYaml({ gates }));
    const job = await setting.checkedOut();
    const { stdout } = await runStep(job, "evaluate");
    expect(reportIn(job).verdict).toBe("fail");
    const errors = stdout.split("\n").filter((line) => line.startsWith("::error "));
    expect(errors).toHaveLength(2);
    expect(errors[0]).toMatch(/,line=1,col=1::search-ranker: Fail: /);
    expect(errors[1]).toMatch(/^::error title=Slipway,file=models\/search-ranker\/model\.yaml,line=16,col=5::ndcg@10 .*at least 0\.99/);
  });

  it("judges by the default branch, shows what the head changes, and warns of what would be wrong with it once merged", async () => {
    setting.head.write("models/search-ranker/model.yaml", modelYaml({ gates: ["{metric: ndcg@5, atLeast: 0}"] }));
    const job = await setting.checkedOut();
    const { stdout } = await runStep(job, "evaluate");
    expect(reportIn(job).gates.map(({ metric, rule }) => `${metric} ${rule}`)).toContain("ndcg@10 no worse than 2%");
    expect(job.summary()).toContain("**These changes of the head do not count until merged:** gates");
    expect(stdout).toMatch(
      /^::warning title=Slipway,file=models\/search-ranker\/model\.yaml,line=15,col=14::the gate's metric "ndcg@5" is not measured/m,
    );
  });

  it("passes over a folder that is no model's, and shows a hostile name as text", async () => {
    setting.head.write("models/$(id)|`x`/model.yaml", modelYaml());
    setting.head.write(
      "models/search-ranker/model.yaml",
      modelYaml({ name: '"a|<img src=x>`\\n::error::pwned"', evaluation: { metrics: '["ndcg@10", "|<b>`"]' } }),
    );
    const job = await setting.checkedOut();
    const { code, stdout } = await runStep(job, "evaluate");
    expect({ code, ...job.outputs() }).toMatchObject({ code: 0, verdict: "error" });
    expect(evidenceFiles(job)).toEqual(["evidence.json", "token.jwt"]);
    expect(stdout).toMatch(
      /^::error title=Slipway,file=models\/search-ranker\/model\.yaml,line=3,col=7::name: a model name has 1 to 52 of a-z, 0-9 and '-'/m,
    );
    expect(stdout).not.toMatch(/^::error::pwned/m);
    for (const live of ["<img", "<b>", "$(id)"]) expect(job.summary()).not.toContain(live);
  });

  it("keeps hostile names of data from breaking the summary, the log and the report", async () => {
    const hostile = "x|`<img src=x>`\\n::error::pwned";
    const labels = readFileSync(join(setting.trusted.root, "data", "labels.csv"), "utf8").replaceAll(
      ",short",
      `,"${hostile}\n::set-output name=verdict::pass"`,
    );
    setting.trusted.write("data/labels.csv", labels);
    setting.trusted.write(
      "models/search-ranker/model.yaml",
      modelYaml({ version: "cosine", gates: ['{metric: ndcg@10, slice: "*", betterThan: 9}'] }),
    );
    const job = await setting.checkedOut();
    const { code, stdout } = await runStep(job, "evaluate");
    expect(code).toBe(0);
    expect(reportIn(job)).toMatchObject({ verdict: "fail" });
    expect(
      stdout.split("\n").filter((line) => /^::(?:error|set-output)::?/.test(line) && !line.startsWith("::error title=Slipway")),
    ).toEqual([]);
    expect(job.summary()).not.toContain("<img");
  });
});
