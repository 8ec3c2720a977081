import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "#domain/evaluation/report.ts";
import { digestSchema } from "#domain/model/names.ts";
import { eventually } from "#sandbox/stage/eventually.ts";
import { type Stage, trustedWorkflow } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";
import {
  appStage,
  ask,
  evaluated,
  github,
  models,
  proposedAgain,
  reportComments,
  reported,
  strike,
  tokenOf,
} from "#test/support/app-stage.ts";
import { type RunByHand, recordedReport, runByHand, strangersToken } from "#test/support/run-by-hand.ts";

let stage: Stage;
let good: { readonly number: number; readonly sha: string };
/** What the Action measured of a version that passes. */
let report: Report;

beforeAll(async () => {
  stage = await appStage({ resyncSeconds: 3600 });
  good = await stage.propose("good", "Rank by BM25", versions.slow);
  await evaluated(stage, good, "Pass");
  report = await recordedReport(stage, good.number);
});
afterAll(() => strike(stage));

const line = (sha: string): string => `/slipway deploy production @${sha}`;

describe("evidence that nothing trusted computed is shown, and gates nothing:", () => {
  const cases: readonly [string, Pick<RunByHand, "token" | "called">, RegExp | string][] = [
    ["no token", { token: async () => null }, "The run left no OIDC token."],
    ["something that is no token", { token: async () => "no token" }, "The run's token is refused: Invalid JWT."],
    [
      "a token for other evidence",
      { token: ({ issue }) => issue(`slipway:sha256:${"0".repeat(64)}`) },
      "The run's token was issued for other evidence than this.",
    ],
    [
      "a token of another run",
      { token: ({ digest }) => strangersToken(stage, good.number, `slipway:${digest}`) },
      /The token is of run \d+, attempt 1; the evidence came with run \d+, attempt 1\./,
    ],
    [
      "a workflow in the model's own repository",
      { called: null },
      "The workflow lies in the model's own repository, where a pull request can change it.",
    ],
    [
      "a workflow that the policy does not name",
      { called: { ref: "mallory/ci/.github/workflows/evaluate.yml@main", sha: "1".repeat(40) } },
      "The policy does not trust the workflow mallory/ci/.github/workflows/evaluate.yml.",
    ],
    [
      "the trusted workflow at a commit that is not on the list",
      { called: { ref: `${trustedWorkflow}@main`, sha: "1".repeat(40) } },
      `The policy trusts the workflow ${trustedWorkflow}, but not at commit 111111111111.`,
    ],
  ];

  let pull: typeof good;
  beforeAll(async () => {
    pull = await proposedAgain(stage, "good", "self-reported");
  });

  it.each(cases)("%s", async (_, made, reason) => {
    await runByHand(stage, { pullRequest: pull.number, report, ...made });
    const fits = (comment: string): boolean => (typeof reason === "string" ? comment.includes(reason) : reason.test(comment));
    const comment = await eventually(`a comment that says ${reason}`, async () => (await reportComments(stage, pull.number)).find(fits));
    const [shown] = /^> \*\*Self-reported.*$/m.exec(comment) ?? [];
    expect(shown).toMatch(typeof reason === "string" ? `> **Self-reported: shown, never gating.** ${reason}` : reason);
    expect(comment).toContain("> Its own numbers say: Pass: ndcg@10 +6.3 %");
    expect(comment).not.toContain("**Next:**");
  });

  it("and it fails the check and deploys nothing", async () => {
    const { check } = await reported(stage, pull, /self-reported/);
    expect({ conclusion: check.conclusion, title: check.output.title }).toEqual({
      conclusion: "failure",
      title: "No data: The only evidence of this head is self-reported: it is shown, but decides nothing. Run the trusted workflow.",
    });
    const { answer, reactions } = await ask(stage.people.lee, pull.number, line(pull.sha));
    expect(answer).toContain(
      "⛔ The only evidence of this head is self-reported: it is shown, but decides nothing. Run the trusted workflow.",
    );
    expect(reactions).toEqual(["-1"]);
    expect(await (await stage.look()).git("log", "--format=%s", "--grep=^Slipway-Step: start$")).toBe("");
  });
});

describe("evidence that is not what it says is not taken in, and the check says why:", () => {
  let pull: typeof good;
  beforeAll(async () => {
    pull = await proposedAgain(stage, "good", "not-what-it-says");
  });

  it.each<[string, Pick<RunByHand, "bytes" | "change">, string]>([
    ["an artifact that is no zip archive", { bytes: Buffer.from("PK, but no archive") }, "The artifact is not a sound zip archive"],
    [
      "evidence of another head",
      { change: (made) => ({ ...made, run: made.run && { ...made.run, head: good.sha } }) as Report },
      "The evidence is of head",
    ],
    [
      "evidence of another run",
      { change: (made) => ({ ...made, run: made.run && { ...made.run, id: made.run.id + 1000 } }) },
      "The evidence is of run",
    ],
  ])("%s", async (_, made, reason) => {
    const run = await runByHand(stage, { pullRequest: pull.number, report, ...made });
    const line = await stage.app?.line((entry) => entry["event"] === "evidence refused" && entry["run"] === run);
    expect(line?.["reason"]).toContain(reason);
    const { check } = await reported(stage, pull, `Error: The evidence of run ${run}, attempt 1, is refused: ${reason}`);
    expect(check).toMatchObject({ status: "completed", conclusion: "failure" });
    await expect(recordedReport(stage, pull.number)).rejects.toThrow("couldn't find remote ref");
  });
});

interface Estimated {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

function lowered<Part extends Estimated>(part: Part, by: number): Part {
  const less = (value: number | null): number | null => (value === null ? null : value - by);
  return { ...part, value: less(part.value), lower: less(part.lower), upper: less(part.upper) };
}

describe("several runs of one head", () => {
  /** The same measurements, made worse by so much on every unit. */
  const worse =
    (by: number, predictions: string) =>
    (made: Report): Report => ({
      ...made,
      inputs: {
        ...made.inputs,
        predictions: {
          ...made.inputs.predictions,
          candidate: { digest: digestSchema.parse(`sha256:${predictions.repeat(64)}`), by: "supplied" },
        },
      },
      measurements: made.measurements.map(({ candidate, difference, ...rest }) => ({
        ...rest,
        candidate: lowered(candidate, by),
        difference: difference && lowered(difference, by),
      })),
      gates: made.gates.map((gate) => lowered(gate, by)),
    });

  it("with different predictions: the worst measured verdict stands, in whatever order they came", async () => {
    const pull = await proposedAgain(stage, "good", "two-runs");
    await runByHand(stage, { pullRequest: pull.number, report });
    await reported(stage, pull, "Pass");
    await runByHand(stage, { pullRequest: pull.number, report, change: worse(0.2, "b") });
    await reported(stage, pull, "Fail");
    const last = await runByHand(stage, { pullRequest: pull.number, report });
    await stage.double.ask("POST", "idle");
    await eventually("the third run in the log", async () =>
      (
        await stage.environments
          .git("fetch", "-q", "origin", `refs/slipway/evidence/1/${pull.number}`)
          .then(() => stage.environments.git("ls-tree", "--name-only", "FETCH_HEAD"))
      ).includes(`${last}-1`)
        ? true
        : undefined,
    );
    const { check, comment } = await reported(stage, pull, "Fail");
    expect(check.conclusion).toBe("failure");
    expect(comment).toContain("Running this one again does not change a measured verdict.");
    expect((await reportComments(stage, pull.number)).length).toBe(1);
  });

  it("with equal inputs and unequal numbers: neither counts", async () => {
    const pull = await proposedAgain(stage, "good", "unequal");
    await runByHand(stage, { pullRequest: pull.number, report });
    await reported(stage, pull, "Pass");
    await runByHand(stage, { pullRequest: pull.number, report, change: (made) => ({ ...worse(0.001, "c")(made), inputs: made.inputs }) });
    const { check } = await reported(stage, pull, "Error");
    expect({ conclusion: check.conclusion, title: check.output.title }).toEqual({
      conclusion: "failure",
      title:
        "Error: Two runs measured the same inputs and got different numbers; nothing can rest on either. Look at both runs' artifacts.",
    });
  });
});

it("a pull request retargeted to a base that the policy does not name keeps its report and loses its pass", async () => {
  await stage.models.git("push", "--quiet", "origin", "origin/main:refs/heads/experiments");
  const pull = await proposedAgain(stage, "good", "retargeted");
  await runByHand(stage, { pullRequest: pull.number, report });
  await reported(stage, pull, "Pass");
  await github(stage, await tokenOf(stage, stage.people.maria), "PATCH", `/repos/${models}/pulls/${pull.number}`, { base: "experiments" });
  const { check, comment } = await reported(stage, pull, "Refused");
  const reason = "The policy releases search-ranker only from main; this pull request wants to be merged into another branch.";
  expect({ conclusion: check.conclusion, title: check.output.title }).toEqual({ conclusion: "failure", title: `Refused: ${reason}` });
  expect(comment).toContain(`> ⛔ **Not releasable:** ${reason}`);
  expect(comment).toContain("ndcg@10 +6.3 %");
  expect((await ask(stage.people.lee, pull.number, line(pull.sha))).answer).toContain(`⛔ ${reason}`);
});
