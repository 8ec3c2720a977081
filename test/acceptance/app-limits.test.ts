import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Report } from "#domain/evaluation/report.ts";
import { eventually } from "#sandbox/stage/eventually.ts";
import type { Stage } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";
import {
  answersTo,
  answerTo,
  appStage,
  ask,
  commitsWith,
  evaluated,
  models,
  proposedAgain,
  reported,
  strike,
} from "#test/support/app-stage.ts";
import { recordedReport, runByHand } from "#test/support/run-by-hand.ts";

let stage: Stage;
let good: { readonly number: number; readonly sha: string };
let report: Report;

/** No resync comes to help. */
beforeAll(async () => {
  stage = await appStage({ resyncSeconds: 3600 });
  good = await stage.propose("good", "Rank by BM25", versions.slow);
  await evaluated(stage, good, "Pass");
  report = await recordedReport(stage, good.number);
});
afterAll(() => strike(stage));
afterEach(() => stage.double.ask("DELETE", "faults"));

const line = (sha: string): string => `/slipway deploy production @${sha}`;
const said = (event: string) => stage.app?.line((entry) => entry["event"] === event);

describe("GitHub asks for patience", () => {
  it("when a check and a comment are written: both are there once, after it", async () => {
    for (const path of ["/check-runs$", "/issues/\\d+/comments$"])
      await stage.double.fault({ method: "POST", path, kind: "secondary-limit", seconds: 1 });
    const pull = await proposedAgain(stage, "good", "limited");
    await runByHand(stage, { pullRequest: pull.number, report });
    const { comment } = await reported(stage, pull, "Pass");
    expect(comment).toContain("ndcg@10");
    expect((await stage.people.lee.checks(models, pull.sha)).length).toBe(1);
    expect((await said("GitHub asks for patience; the task is done again after it"))?.["seconds"]).toBe(1);
    expect(await stage.double.ask("GET", "faults")).toEqual([]);
  });

  it("when a command is answered: it is answered once", async () => {
    await stage.double.fault({ method: "POST", path: "/issues/\\d+/comments$", kind: "secondary-limit", seconds: 2, after: 1 });
    const { id } = await ask(stage.people.lee, good.number, "/slipway help");
    expect(await answersTo(stage.people.lee, good.number, id)).toHaveLength(1);
  });

  it("when it is read, until the hour's rate is whole again", async () => {
    await stage.double.fault({ method: "GET", path: "/pulls/\\d+$", kind: "primary-limit", seconds: 1 });
    expect((await ask(stage.people.lee, good.number, "/slipway help")).answer).toContain("/slipway deploy");
  });
});

describe("an owner withdraws", () => {
  const grant = (permissions: Record<string, string>): Promise<unknown> =>
    stage.double.ask("PUT", "grants", { account: "acme", permissions, refusal: 404 });

  /** Slipway looks at a head whenever GitHub tells of its pull request. */
  async function toldOf({ number }: { readonly number: number }): Promise<void> {
    const opened = z
      .array(z.looseObject({ id: z.number(), event: z.string(), payload: z.looseObject({ number: z.number().optional() }) }))
      .parse(await stage.double.ask("GET", "deliveries"))
      .find(({ event, payload }) => event === "pull_request" && payload.number === number);
    await stage.double.ask("POST", `redeliver/${opened?.id}`);
  }

  /** Tokens that are out stay narrow until they end; a new process mints its own. */
  async function restarted(): Promise<void> {
    await stage.app?.kill("SIGTERM");
    await stage.startApp();
  }

  it("contents, and the check says so, until it is granted again", async () => {
    await grant({ contents: "none" });
    await toldOf(good);
    const title = "Blocked: needs contents: read on acme/models";
    const blocked = await eventually(`a check that says ${title}`, async () =>
      (await stage.people.lee.checks(models, good.sha)).find((check) => check.output.title === title),
    );
    expect(blocked.conclusion).toBe("failure");
    await grant({ contents: "write" });
    await restarted();
    await reported(stage, good, "Pass");
  });

  it("checks: write, and the log says which permission is missing and who grants it", async () => {
    await grant({ checks: "none" });
    await toldOf(good);
    const told = await stage.app?.line((entry) => String(entry["error"]).includes("checks: write on acme/models"));
    expect(told?.["error"]).toContain("an owner of the repository grants it in the App's installation settings");
    await grant({ checks: "write" });
    await restarted();
  });
});

it("a head that moves while a command on it is decided is seen right before the write", async () => {
  await stage.double.fault({
    method: "GET",
    path: `/pulls/${good.number}$`,
    kind: "race",
    after: 2,
    repository: models,
    branch: "good",
    file: { path: "models/search-ranker/NOTES.md", content: "somebody was faster\n" },
  });
  const comment = await stage.people.lee.comment(models, good.number, line(good.sha));
  const { answer } = await answerTo(stage.people.lee, good.number, comment);
  expect(answer).toMatch(
    /The head moved from \w{12} to \w{12} while the command was decided, so nothing was (?:started|written)\.|but the head of this pull request is/,
  );
  expect(await commitsWith(stage, "Slipway-Step", "start")).toEqual([]);
});
