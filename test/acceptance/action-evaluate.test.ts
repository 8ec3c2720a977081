import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseEvidence } from "#domain/evaluation/evidence.ts";
import { parseReport, type Report } from "#domain/evaluation/report.ts";
import { type ActionsJob, actionsJob, requestToken, tokenFor } from "#test/support/actions-job.ts";
import {
  digestOf,
  digests,
  modelYaml,
  type RankerRepository,
  rankerRepository,
  type WrittenModel,
} from "#test/support/ranker-repository.ts";
import { type Ended, runEntry } from "#test/support/run-entry.ts";

let trusted: RankerRepository;
let head: RankerRepository;
let job: ActionsJob;

beforeEach(() => {
  trusted = rankerRepository({ version: "cosine" });
  head = rankerRepository({ version: "bm25" });
});
afterEach(async () => {
  trusted.close();
  head.close();
  await job.close();
});

interface JobOptions {
  readonly idToken?: boolean;
  /** Said to be the head by the event; the head's own commit when left out. */
  readonly event?: string;
}

/** Both trees as the workflow checks them out. */
async function checkedOut({ idToken = true, event }: JobOptions = {}): Promise<void> {
  trusted.commit();
  const commit = head.commit();
  job = await actionsJob({ head: event ?? commit, idToken });
  cpSync(trusted.root, join(job.workspace, "trusted"), { recursive: true });
  cpSync(head.root, join(job.workspace, "head"), { recursive: true });
}

const step = (word: string, inputs: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  runEntry("action", [word], { folder: job.workspace, environment: { ...job.environment, ...inputs } });

const withApp = () => ({ SLIPWAY_INPUT_APP_URL: job.url });
const evidenceFile = (name: string): string => readFileSync(join(job.workspace, "slipway-evidence", name), "utf8");

function report(model = "search-ranker"): Report {
  const read = parseReport(evidenceFile(`report-${model}.json`));
  if (read.kind === "refused") throw new Error(read.message);
  return read.report;
}

const commit = "e".repeat(40);
function live(models: object, floors: object = { all: [], firstVersion: [] }): object {
  return { schema: "slipway/live/v1", commit, models, floors };
}
const cosineLive = { environment: "production", version: "cosine", digest: digests.cosine };

describe("the Action's evaluate step", () => {
  it("leaves evidence whose digests hold, a token bound to it, outputs and a summary, and shows no token", async () => {
    await checkedOut();
    job.answer("/api/slipway/v1/live", 200, live({ "search-ranker": cosineLive }));
    const { code, stdout, stderr } = await step("evaluate", withApp());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });

    expect(readdirSync(join(job.workspace, "slipway-evidence")).toSorted()).toEqual([
      "evidence.json",
      "report-search-ranker.json",
      "token.jwt",
    ]);
    const text = evidenceFile("evidence.json");
    const evidence = parseEvidence(text);
    const run = { repository: 1, pullRequest: 7, id: 42, attempt: 2, base: "b".repeat(40), engine: expect.stringMatching(/^slipway \d/) };
    expect(evidence).toMatchObject({
      kind: "evidence",
      evidence: {
        run,
        reports: [
          { model: "search-ranker", file: "report-search-ranker.json", digest: digestOf(evidenceFile("report-search-ranker.json")) },
        ],
      },
    });
    expect(report()).toMatchObject({ run, verdict: "pass", baseline: { ...cosineLive, source: `environments@${commit}` } });

    const token = tokenFor(`slipway:${digestOf(text)}`);
    expect(evidenceFile("token.jwt")).toBe(`${token}\n`);
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
    await checkedOut();
    await step("evaluate");
    const first = [evidenceFile("evidence.json"), evidenceFile("report-search-ranker.json")];
    await step("evaluate");
    expect([evidenceFile("evidence.json"), evidenceFile("report-search-ranker.json")]).toEqual(first);
  });

  it("is self-reported without a token, and says so", async () => {
    await checkedOut({ idToken: false });
    const { code, stdout } = await step("evaluate");
    expect(code).toBe(0);
    expect(readdirSync(join(job.workspace, "slipway-evidence")).toSorted()).toEqual(["evidence.json", "report-search-ranker.json"]);
    expect(stdout).toContain(
      "::notice title=Slipway::This evidence is self-reported, shown but never gating: the job has no permission id-token: write, as in runs of forks.",
    );
    expect(job.summary()).toContain("The run has no token that proves which workflow computed these numbers.");
  });

  it.each([
    ["answers nothing useful", 500, {}, "it answered 500"],
    ["answers in a schema of tomorrow", 200, { schema: "slipway/live/v9" }, "its answer is not understood"],
  ])("takes the default branch's version when the App %s, and says so", async (_, status, body, reason) => {
    await checkedOut();
    job.answer("/api/slipway/v1/live", status, body);
    const { code, stdout } = await step("evaluate", withApp());
    expect(code).toBe(0);
    expect(report().baseline).toEqual({ version: "cosine", digest: digests.cosine, environment: null, source: "base-branch" });
    expect(stdout).toContain(`The Slipway App did not say what is live of search-ranker (${reason}`);
  });

  it("does the same when the App cannot be reached", async () => {
    await checkedOut();
    const { code, stdout } = await step("evaluate", { SLIPWAY_INPUT_APP_URL: "http://127.0.0.1:1" });
    expect(code).toBe(0);
    expect(report().baseline?.source).toBe("base-branch");
    expect(stdout).toContain("(it could not be reached)");
  });

  it("adds the floors that the App tells, and lets only them judge a first version", async () => {
    trusted.remove("models/search-ranker");
    head.write("models/search-ranker/model.yaml", modelYaml({ gates: ["{metric: mrr, atLeast: 0.99}"] }));
    await checkedOut();
    job.answer(
      "/api/slipway/v1/live",
      200,
      live(
        { "search-ranker": null },
        { all: [{ metric: "ndcg@10", noWorseThan: "5%" }], firstVersion: [{ metric: "ndcg@10", atLeast: 0.3 }] },
      ),
    );
    await step("evaluate", withApp());
    expect(report()).toMatchObject({
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
    await checkedOut();
    job.answer(
      "/api/slipway/v1/live",
      200,
      live({ "search-ranker": { environment: "production", version: "bm25", digest: digests.bm25 } }),
    );
    const { code, stdout } = await step("evaluate", withApp());
    expect(code).toBe(0);
    expect(parseEvidence(evidenceFile("evidence.json"))).toMatchObject({ evidence: { reports: [] } });
    expect(job.outputs()).toMatchObject({ verdict: "pass" });
    expect(stdout).toContain("is live in production already: there is nothing to release.");
  });

  it("evaluates the models whose folder differs, or those that are named", async () => {
    const other: WrittenModel = { name: "other", version: "cosine" };
    for (const tree of [trusted, head]) tree.write("models/other/model.yaml", modelYaml(other));
    await checkedOut();
    await step("evaluate");
    expect(readdirSync(join(job.workspace, "slipway-evidence"))).not.toContain("report-other.json");
    await step("evaluate", { SLIPWAY_INPUT_MODELS: "other" });
    expect(readdirSync(join(job.workspace, "slipway-evidence")).toSorted()).toEqual(["evidence.json", "report-other.json", "token.jwt"]);
    expect(report("other").verdict).toBe("no-data");
  });

  it("says that no model changed", async () => {
    head.write("models/search-ranker/model.yaml", modelYaml({ version: "cosine" }));
    await checkedOut();
    const { code } = await step("evaluate");
    expect({ code, ...job.outputs() }).toMatchObject({ code: 0, verdict: "pass" });
    expect(job.summary()).toContain("no model changed");
  });

  it("annotates each problem of a definition at its line, at most ten, and still leaves evidence", async () => {
    const many = Array.from({ length: 15 }, (_, index) => `key${index}: 1`).join("\n");
    head.write("models/search-ranker/model.yaml", modelYaml({ more: many }));
    await checkedOut();
    const { code, stdout } = await step("evaluate");
    const errors = stdout.split("\n").filter((line) => line.startsWith("::error "));
    expect(errors).toHaveLength(10);
    expect(errors[0]).toMatch(/^::error title=Slipway,file=models\/search-ranker\/model\.yaml,line=17,col=1::unknown key "key0"/);
    expect({ code, verdict: job.outputs()["verdict"] }).toEqual({ code: 0, verdict: "error" });
    expect(parseEvidence(evidenceFile("evidence.json"))).toMatchObject({ evidence: { reports: [] } });
    expect(job.summary()).toContain("Problems in the definition");
  });

  it("judges by the default branch, shows what the head changes, and warns of what would be wrong with it once merged", async () => {
    head.write("models/search-ranker/model.yaml", modelYaml({ gates: ["{metric: ndcg@5, atLeast: 0}"] }));
    await checkedOut();
    const { stdout } = await step("evaluate");
    expect(report().gates.map(({ metric, rule }) => `${metric} ${rule}`)).toContain("ndcg@10 no worse than 2%");
    expect(job.summary()).toContain("**These changes of the head do not count until merged:** gates");
    expect(stdout).toMatch(
      /^::warning title=Slipway,file=models\/search-ranker\/model\.yaml,line=15,col=14::the gate's metric "ndcg@5" is not measured/m,
    );
  });

  it("keeps hostile names of data from breaking the summary, the log and the report", async () => {
    const hostile = "x|`<img src=x>`\\n::error::pwned";
    const labels = readFileSync(join(trusted.root, "data", "labels.csv"), "utf8").replaceAll(
      ",short",
      `,"${hostile}\n::set-output name=verdict::pass"`,
    );
    trusted.write("data/labels.csv", labels);
    trusted.write(
      "models/search-ranker/model.yaml",
      modelYaml({ version: "cosine", gates: ['{metric: ndcg@10, slice: "*", betterThan: 9}'] }),
    );
    await checkedOut();
    const { code, stdout } = await step("evaluate");
    expect(code).toBe(0);
    expect(report()).toMatchObject({ verdict: "fail" });
    expect(
      stdout.split("\n").filter((line) => /^::(?:error|set-output)::?/.test(line) && !line.startsWith("::error title=Slipway")),
    ).toEqual([]);
    expect(job.summary()).not.toContain("<img");
  });
});

describe("what the evaluate step refuses, leaving nothing half-written", () => {
  const nothing = () => readdirSync(job.workspace).filter((name) => name.startsWith("slipway-evidence"));

  it("a head that is not the event's", async () => {
    await checkedOut({ event: "1".repeat(40) });
    const { code, stdout } = await step("evaluate");
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^::error title=Slipway::head has [0-9a-f]{12} checked out, and the pull request's head is 111111111111: check out github\.event\.pull_request\.head\.sha, not the merge commit\.$/m,
    );
    expect(nothing()).toEqual([]);
  });

  it("an event that is no pull request", async () => {
    await checkedOut();
    writeFileSync(join(job.workspace, "_temp", "event.json"), JSON.stringify({ ref: "refs/heads/main" }));
    const { code, stdout } = await step("evaluate", { GITHUB_EVENT_NAME: "push" });
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: '::error title=Slipway::The Action evaluates pull requests, and this run\'s event is "push": start it on pull_request.\n',
    });
  });

  it.each([
    [{ SLIPWAY_INPUT_MODELS: "search-ranker; rm -rf /" }, "input models: a model name has 1 to 52 of a-z, 0-9 and '-'"],
    [{ SLIPWAY_INPUT_APP_URL: "http://slipway.acme.dev" }, "input app-url: an https address, since tokens go there"],
    [{ SLIPWAY_INPUT_OUT: "head/evidence" }, "input out: head/evidence lies in the head's checkout; name a folder outside of it"],
    [{ SLIPWAY_INPUT_HEAD: "nowhere" }, "nowhere is not a checkout of a Git repository"],
    [{ GITHUB_RUN_ID: "" }, "This is not a job of GitHub Actions: GITHUB_RUN_ID is missing or wrong."],
  ])("%j", async (inputs, message) => {
    await checkedOut();
    const { code, stdout } = await step("evaluate", inputs);
    expect(code).toBe(1);
    expect(stdout).toContain(message);
    expect(nothing()).toEqual([]);
  });

  it("a folder that holds somebody else's files", async () => {
    await checkedOut();
    mkdirSync(join(job.workspace, "slipway-evidence"));
    writeFileSync(join(job.workspace, "slipway-evidence", "thesis.txt"), "mine");
    const { code, stdout } = await step("evaluate");
    expect(code).toBe(1);
    expect(stdout).toContain("holds thesis.txt, which Slipway did not write: name another folder, or empty this one");
    expect(readdirSync(join(job.workspace, "slipway-evidence"))).toEqual(["thesis.txt"]);
  });
});

describe("the steps after it", () => {
  it("tell the App which run left evidence", async () => {
    await checkedOut();
    job.answer("/api/slipway/v1/runs", 202, {});
    const { code, stdout } = await step("notify", withApp());
    expect({ code, visible: stdout.split("\n").filter((line) => line !== "" && !/^::(?:add-mask|debug)::/.test(line)) }).toEqual({
      code: 0,
      visible: [],
    });
    expect(job.calls).toEqual([
      {
        method: "POST",
        path: "/api/slipway/v1/runs",
        authorization: `Bearer ${tokenFor("slipway:app")}`,
        body: JSON.stringify({ run: 42, attempt: 2 }),
      },
    ]);
  });

  it("never fail because the App was not told", async () => {
    await checkedOut();
    const { code, stdout } = await step("notify", withApp());
    expect(code).toBe(0);
    expect(stdout).toContain(
      "::notice title=Slipway::The Slipway App was not told of this run (it answered 404); it finds the evidence by itself a little later.",
    );
    expect(await step("notify")).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("fail the job on the verdicts that were named, and without a verdict", async () => {
    await checkedOut();
    expect((await step("conclude", { SLIPWAY_VERDICT: "fail" })).code).toBe(0);
    expect((await step("conclude", { SLIPWAY_VERDICT: "error" })).code).toBe(1);
    const named = await step("conclude", { SLIPWAY_VERDICT: "fail", SLIPWAY_INPUT_FAIL_ON: "fail, no-data" });
    expect(named).toMatchObject({
      code: 1,
      stdout: "::error title=Slipway::The verdict is fail, on which this job fails (input fail-on). The run's summary has the numbers.\n",
    });
    expect(await step("conclude")).toMatchObject({
      code: 1,
      stdout: "::error title=Slipway::The evaluation left no verdict: its own step says why.\n",
    });
    expect((await step("conclude", { SLIPWAY_VERDICT: "pass", SLIPWAY_INPUT_FAIL_ON: "fial" })).stdout).toContain("input fail-on: ");
    expect(await step("publish")).toEqual({
      code: 64,
      stdout: "",
      stderr: "usage: node src/entry/action.ts evaluate | notify | conclude\n",
    });
  });
});
