import { join } from "node:path";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestOf } from "#domain/evidence/accept-run.ts";
import { Checkout } from "#sandbox/stage/checkout.ts";
import { Person } from "#sandbox/stage/person.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { type Consumer, consumer } from "#test/support/act/consumer.ts";
import { models, reportComments, reported, strike } from "#test/support/app-stage.ts";

let setting: Consumer;
let good: { readonly number: number; readonly sha: string };
let worse: typeof good;
beforeAll(async () => {
  setting = await consumer();
  good = await setting.stage.propose("good", "Rank by BM25", versions.slow);
  worse = await setting.stage.propose("worse", "Read only the beginnings", versions.worse);
});
afterAll(async () => {
  await strike(setting?.stage);
  setting?.close();
});

const trusted = ".github/workflows/evidence.yml";
const own = ".github/workflows/own.yml";

describe("a model repository that calls the trusted workflow", () => {
  it("gets its evidence measured after a cold install, bound to its token, and trusted by the App", async () => {
    const ended = await setting.run({ pullRequest: good.number, workflow: trusted, cold: true });
    expect({ code: ended.code, jobs: ended.jobs }, ended.text + ended.stderr).toEqual({ code: 0, jobs: { evaluate: "success" } });
    const { evidence } = ended;
    const digest = digestOf(evidence?.evidence ?? new Uint8Array());
    expect(ended.outputs).toMatchObject({ verdict: "pass", digest });
    expect([...(evidence?.reports.keys() ?? [])]).toEqual(["report-search-ranker.json"]);

    const claims = decodeJwt(evidence?.token ?? "");
    expect(claims).toMatchObject({
      aud: `slipway:${digest}`,
      run_id: String(ended.id),
      event_name: "pull_request",
      ref: `refs/pull/${good.number}/merge`,
      job_workflow_sha: setting.stage.workflowSha,
    });
    expect(ended.text).not.toContain(evidence?.token?.trim());

    expect(ended.annotations).toContainEqual(
      expect.objectContaining({ level: "notice", title: "Slipway", file: "models/search-ranker/model.yaml", line: "1" }),
    );
    expect(ended.annotations.filter(({ level }) => level === "error")).toEqual([]);
    expect(ended.summary).toContain("+6.3 % [+3.2, +9.3]");

    const { check, comment } = await reported(setting.stage, good, "Pass");
    expect(check.conclusion).toBe("success");
    expect(comment).not.toContain("Self-reported");
  });

  it("gets a failing gate as an annotation, an output and a failing check of the App; its job is green, since that check decides", async () => {
    const ended = await setting.run({ pullRequest: worse.number, workflow: trusted });
    expect({ code: ended.code, verdict: ended.outputs["verdict"] }, ended.text + ended.stderr).toEqual({ code: 0, verdict: "fail" });
    expect(ended.annotations).toContainEqual(
      expect.objectContaining({
        level: "error",
        file: "models/search-ranker/model.yaml",
        message: expect.stringContaining("search-ranker: Fail"),
      }),
    );
    const { check, comment } = await reported(setting.stage, worse, "Fail");
    expect(check.conclusion).toBe("failure");
    expect(comment).not.toContain("Self-reported");
  });

  it("runs nothing on a host that does not say of which commit the called workflow is", async () => {
    const ended = await setting.run({ pullRequest: good.number, workflow: trusted, asWritten: true });
    expect({ code: ended.code, evidence: ended.evidence }).toEqual({ code: 1, evidence: undefined });
    expect(ended.annotations.map(({ message }) => message)).toEqual([
      "This host does not say which commit the called workflow is of (job.workflow_sha); call the Action from a workflow of your own instead.",
    ]);
    expect(ended.steps.filter(({ result }) => result === "success")).toEqual([]);
  });

  it("gets a report without weight for a fork's pull request, whose run has no token", async () => {
    const fork = await proposedFromFork();
    const ended = await setting.run({ pullRequest: fork.number, workflow: trusted });
    expect({ code: ended.code, verdict: ended.outputs["verdict"] }, ended.text + ended.stderr).toEqual({ code: 0, verdict: "pass" });
    expect(ended.evidence?.token).toBeUndefined();
    expect(ended.annotations.map(({ message }) => message)).toContain(
      "This evidence is self-reported, shown but never gating: the job has no permission id-token: write, as in runs of forks.",
    );
    expect(ended.summary).toContain("The run has no token that proves which workflow computed these numbers.");
    const { check, comment } = await reported(setting.stage, fork, /self-reported/);
    expect(check.conclusion).toBe("failure");
    expect(comment).toContain("> **Self-reported: shown, never gating.** The run left no OIDC token.");
  });
});

describe("a model repository that calls the Action from a workflow of its own", () => {
  it("fails its job on the verdicts that it names, and proves nothing to the App", async () => {
    const ended = await setting.run({ pullRequest: worse.number, workflow: own });
    expect({ code: ended.code, jobs: ended.jobs }, ended.text + ended.stderr).toEqual({ code: 1, jobs: { evaluate: "failure" } });
    expect(ended.annotations).toContainEqual(
      expect.objectContaining({
        level: "error",
        message: "The verdict is fail, on which this job fails (input fail-on). The run's summary has the numbers.",
      }),
    );
    expect(decodeJwt(ended.evidence?.token ?? "")["job_workflow_ref"]).toBe(`${models}/${own}@refs/pull/${worse.number}/merge`);
  });

  it("is green when the gates pass, and still self-reported", async () => {
    const pull = await setting.stage.propose("own", "Rank by BM25 once more", versions.fix);
    const ended = await setting.run({ pullRequest: pull.number, workflow: own });
    expect({ code: ended.code, verdict: ended.outputs["verdict"] }, ended.text + ended.stderr).toEqual({ code: 0, verdict: "pass" });
    const { check } = await reported(setting.stage, pull, /self-reported/);
    expect(check.conclusion).toBe("failure");
    const [comment] = await reportComments(setting.stage, pull.number);
    expect(comment).toContain("The workflow lies in the model's own repository, where a pull request can change it.");
  });
});

/** The same proposal as the good one, from a repository that somebody else owns. */
async function proposedFromFork(): Promise<{ readonly number: number; readonly sha: string }> {
  const { stage } = setting;
  const { token } = await stage.double.user("mallory");
  const mallory = new Person(stage.double.url, "mallory", token);
  await stage.double.ask("PUT", `repositories/${models}/permissions`, { mallory: "read" });
  await stage.double.repository({ owner: "mallory", name: "models", forkOf: models, author: "mallory" });
  const checkout = await Checkout.of(mallory.clone("mallory/models"), join(stage.folder, "fork"), "mallory");
  await checkout.git("switch", "--quiet", "--create", "mine", "origin/good");
  await checkout.git("commit", "--quiet", "--allow-empty", "--message", "Mine");
  await checkout.git("push", "--quiet", "origin", "mine");
  const sha = await checkout.git("rev-parse", "HEAD");
  const { number } = await mallory.openPullRequest(models, { head: "mallory:mine", title: "Rank by BM25, from outside" });
  return { number, sha };
}
