import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ActionSetting, actionSetting, evidenceFiles, runStep } from "#test/support/action-setting.ts";
import { type ActionsJob, tokenFor } from "#test/support/actions-job.ts";

let setting: ActionSetting;
beforeEach(() => {
  setting = actionSetting();
});
afterEach(() => setting.close());

const withApp = (job: ActionsJob) => ({ SLIPWAY_INPUT_APP_URL: job.url });

describe("what the evaluate step refuses, leaving nothing half-written", () => {
  const nothing = (job: ActionsJob) => readdirSync(job.workspace).filter((name) => name.startsWith("slipway-evidence"));

  it("a head that is not the event's", async () => {
    const job = await setting.checkedOut({ event: "1".repeat(40) });
    const { code, stdout } = await runStep(job, "evaluate");
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^::error title=Slipway::head has [0-9a-f]{12} checked out, and the pull request's head is 111111111111: check out github\.event\.pull_request\.head\.sha, not the merge commit\.$/m,
    );
    expect(nothing(job)).toEqual([]);
  });

  it("an event that is no pull request", async () => {
    const job = await setting.checkedOut();
    writeFileSync(join(job.workspace, "_temp", "event.json"), JSON.stringify({ ref: "refs/heads/main" }));
    const { code, stdout } = await runStep(job, "evaluate", { GITHUB_EVENT_NAME: "push" });
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout:
        '::error title=Slipway::The Action evaluates pull requests, and this run\'s event is "push": start it on pull_request or merge_group.\n',
    });
  });

  it("inputs and surroundings that it cannot work with, each by name", async () => {
    const job = await setting.checkedOut();
    const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
      [{ SLIPWAY_INPUT_MODELS: "search-ranker; rm -rf /" }, "input models: a model name has 1 to 52 of a-z, 0-9 and '-'"],
      [{ SLIPWAY_INPUT_APP_URL: "http://slipway.acme.dev" }, "input app-url: an https address, since tokens go there"],
      [{ SLIPWAY_INPUT_OUT: "head/evidence" }, "input out: head/evidence lies in the head's checkout; name a folder outside of it"],
      [{ SLIPWAY_INPUT_HEAD: "nowhere" }, "nowhere is not a checkout of a Git repository"],
      [{ GITHUB_RUN_ID: "" }, "This is not a job of GitHub Actions: GITHUB_RUN_ID is missing or wrong."],
    ];
    const ended = await Promise.all(cases.map(([variables]) => runStep(job, "evaluate", variables)));
    for (const [index, { code, stdout }] of ended.entries()) {
      expect(code).toBe(1);
      expect(stdout).toContain(cases[index]?.[1]);
    }
    expect(nothing(job)).toEqual([]);
  });

  it("a folder that holds somebody else's files", async () => {
    const job = await setting.checkedOut();
    mkdirSync(join(job.workspace, "slipway-evidence"));
    writeFileSync(join(job.workspace, "slipway-evidence", "thesis.txt"), "mine");
    const { code, stdout } = await runStep(job, "evaluate");
    expect(code).toBe(1);
    expect(stdout).toContain("holds thesis.txt, which Slipway did not write: name another folder, or empty this one");
    expect(evidenceFiles(job)).toEqual(["thesis.txt"]);
  });
});

describe("the steps after it", () => {
  it("tell the App which run left evidence", async () => {
    const job = await setting.checkedOut();
    job.answer("/api/slipway/v1/runs", 202, {});
    const { code, stdout } = await runStep(job, "notify", withApp(job));
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
    const job = await setting.checkedOut();
    const { code, stdout } = await runStep(job, "notify", withApp(job));
    expect(code).toBe(0);
    expect(stdout).toContain(
      "::notice title=Slipway::The Slipway App was not told of this run (it answered 404); it finds the evidence by itself a little later.",
    );
    expect(await runStep(job, "notify")).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("fail the job on the verdicts that were named, and without a verdict", async () => {
    const job = await setting.checkedOut();
    expect((await runStep(job, "conclude", { SLIPWAY_VERDICT: "fail" })).code).toBe(0);
    expect((await runStep(job, "conclude", { SLIPWAY_VERDICT: "error" })).code).toBe(1);
    const named = await runStep(job, "conclude", { SLIPWAY_VERDICT: "fail", SLIPWAY_INPUT_FAIL_ON: "fail, no-data" });
    expect(named).toMatchObject({
      code: 1,
      stdout: "::error title=Slipway::The verdict is fail, on which this job fails (input fail-on). The run's summary has the numbers.\n",
    });
    expect(await runStep(job, "conclude")).toMatchObject({
      code: 1,
      stdout: "::error title=Slipway::The evaluation left no verdict: its own step says why.\n",
    });
    expect((await runStep(job, "conclude", { SLIPWAY_VERDICT: "pass", SLIPWAY_INPUT_FAIL_ON: "fial" })).stdout).toContain(
      "input fail-on: ",
    );
    expect(await runStep(job, "publish")).toEqual({
      code: 64,
      stdout: "",
      stderr: "usage: node src/entry/action.ts evaluate | notify | conclude\n",
    });
  });
});
