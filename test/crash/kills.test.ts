import { beforeAll, describe, expect, test } from "vitest";
import { type EndState, endStateOf, type RepositoryState } from "./end-state.ts";
import { type KilledAt, Story } from "./story.ts";

const models = "acme/models";
const environments = "acme/environments";
const evidenceRef = "refs/slipway/evidence/1/1";

let undisturbed: EndState;

/** Tells a story and answers how it ended. */
async function told(tell: (story: Story) => Promise<void>): Promise<EndState> {
  const story = await Story.begin();
  try {
    await tell(story);
    await story.rolledBack();
    await story.settle();
    return await endStateOf(story.stage);
  } catch (error) {
    throw new Error(`The App said at last:\n${await story.lastWords()}`, { cause: error });
  } finally {
    await story.end();
  }
}

/** What is on GitHub at this moment. */
async function on(repository: string, story: Story): Promise<RepositoryState> {
  const now = (await endStateOf(story.stage)).repositories[repository];
  if (now === undefined) throw new Error(`there is no ${repository}`);
  return now;
}

beforeAll(async () => {
  undisturbed = await told(async (story) => {
    await story.startApp();
    await story.propose();
    await story.evaluate();
    await story.reported();
    await story.deploy();
  });
});

test("an undisturbed story leaves one of each: report, check, answer, reaction, release, rollback pull request, incident", () => {
  const { repositories, environments: left, evidence } = undisturbed;
  expect(repositories[models]).toMatchObject({
    checks: [{ name: "slipway", conclusion: "success" }],
    issues: [
      {
        comments: [
          { author: "slipway[bot]", body: expect.stringContaining("<!-- slipway:report -->"), reactions: [] },
          { author: "lee", reactions: ["slipway[bot] rocket"] },
          { author: "slipway[bot]", body: expect.stringContaining("<!-- slipway:answer 2 -->"), reactions: [] },
        ],
      },
    ],
  });
  expect(repositories[environments]).toMatchObject({
    checks: [],
    issues: [
      { number: 1, kind: "pull-request", merged: true, comments: [] },
      { number: 2, kind: "issue", state: "open", comments: [] },
    ],
  });
  expect(left.log.map((commit) => /^Slipway-Step: (.*)$/m.exec(commit)?.[1] ?? commit.split("\n")[0])).toEqual([
    "petra | petra | First commit",
    "petra | petra | Serve the search ranker, and say who may change that",
    "slipway[bot] | petra | Adopt search-ranker 2026.11.02-1 in production",
    "start",
    "live 5",
    "weight 25",
    "live 25",
    "stop",
    expect.stringMatching(/^slipway\[bot\] \| GitHub \| Merge pull request #1 from acme\/slipway\/rollback\/r-[0-9a-f]{16}$/),
    "rolled back",
  ]);
  expect(evidence.log).toHaveLength(1);
});

describe.concurrent("an App that is killed with SIGKILL and started again ends where an undisturbed one does", () => {
  // The longest first, so that the others are told beside it.
  test("before and after every single call by which it writes to GitHub, and every push", async () => {
    const killedAt: KilledAt[] = [];
    const end = await told(async (story) => {
      await story.startApp();
      await story.loseWebhooks();
      await story.propose();
      await story.hearWebhooks();
      await story.holdPushes(`^${evidenceRef} `);
      await story.evaluate();
      await story.killAtHeldCall();
      killedAt.push(await story.killAroundEveryWrite(() => story.isReported()));
      await story.deploy();
      killedAt.push(await story.killAroundEveryWrite(() => story.isRolledBack()));
    });
    const report = [`POST /repos/${models}/check-runs`, `POST /repos/${models}/issues/1/comments`, `PUSH ${evidenceRef} new`];
    const release = [
      `PATCH /repos/${environments}/issues/2`,
      `POST /repos/${environments}/issues`,
      `POST /repos/${environments}/pulls`,
      `POST /repos/${models}/issues/1/comments`,
      `POST /repos/${models}/issues/comments/2/reactions`,
      "PUSH refs/heads/main after Adopt search-ranker 2026.11.02-1 in production",
      "PUSH refs/heads/main after Merge pull request #1 from acme/slipway/rollback/<release>",
      "PUSH refs/heads/main after live 25",
      "PUSH refs/heads/main after live 5",
      "PUSH refs/heads/main after start",
      "PUSH refs/heads/main after weight 25",
      "PUSH refs/heads/slipway/rollback/<release> new",
      `PUT /repos/${environments}/pulls/1/merge`,
    ];
    // Whether a resync brings the check's buttons up to date in the middle of the release is a matter of time.
    const named = (calls: readonly string[]) =>
      calls.filter((call) => !/^PATCH .*\/check-runs\//.test(call)).map((call) => call.replace(/r-[0-9a-f]{16}/, "<release>"));
    expect(killedAt.map(({ before, after }) => ({ before: named(before), after: named(after) }))).toEqual([
      { before: report, after: report },
      { before: release, after: release },
    ]);
    expect(end).toEqual(undisturbed);
  });

  test("when the evidence is in its log, and there is no check and no comment yet", async () => {
    const end = await told(async (story) => {
      await story.startApp();
      await story.loseWebhooks();
      await story.propose();
      await story.hearWebhooks();
      await story.hold({ method: "POST", path: `^/repos/${models}/issues/1/comments$` });
      await story.evaluate();
      await story.killAtHeldCall();

      const { refs } = await on(environments, story);
      expect(refs).toContain(evidenceRef);
      expect(await on(models, story)).toMatchObject({ checks: [], issues: [{ comments: [] }] });

      await story.restartApp();
      await story.reported();
      await story.deploy();
    });
    expect(end).toEqual(undisturbed);
  });

  test("when the canary's manifests are in the environments repository, and the command has no answer yet", async () => {
    const end = await told(async (story) => {
      await story.startApp();
      await story.propose();
      await story.evaluate();
      await story.reported();
      story.serving.standStillBefore(5);
      await story.hold({ method: "POST", path: `^/repos/${models}/issues/comments/\\d+/reactions$` });
      await story.deploy();
      await story.killAtHeldCall();

      expect(await story.steps()).toEqual(["start"]);
      expect((await endStateOf(story.stage)).environments.files).toHaveProperty([
        "environments/production/search-ranker/deployment-<slow>.yaml",
      ]);
      expect(await on(models, story)).toMatchObject({
        issues: [{ comments: [{ body: expect.stringContaining("slipway:report") }, { author: "lee", reactions: [] }] }],
      });

      story.serving.follow();
      await story.restartApp();
    });
    expect(end).toEqual(undisturbed);
  });

  test("when the weight is raised in Git, and not seen live yet", async () => {
    const end = await told(async (story) => {
      await story.startApp();
      await story.propose();
      await story.evaluate();
      await story.reported();
      story.serving.standStillBefore(25);
      await story.deploy();
      await story.step("weight 25");
      await story.killApp();

      expect((await story.steps()).at(-1)).toBe("weight 25");

      story.serving.follow();
      await story.restartApp();
    });
    expect(end).toEqual(undisturbed);
  });

  test("between the two writes of the breach: the weight is back and the digest held, and there is no branch, pull request or incident issue yet", async () => {
    const end = await told(async (story) => {
      await story.startApp();
      await story.propose();
      await story.evaluate();
      await story.reported();
      await story.deploy();
      await story.hold({ method: "GET", path: `^/repos/${environments}/pulls$` });
      await story.killAtHeldCall();

      expect((await story.steps()).at(-1)).toBe("stop");
      const { repositories, environments: left } = await endStateOf(story.stage);
      expect(repositories[environments]).toMatchObject({ issues: [], refs: ["refs/heads/main", evidenceRef] });
      expect(left.files[".slipway/state/production/search-ranker.yaml"]).toMatch(/phase: stopping/);
      expect(Object.keys(left.files)).toContain(".slipway/holds/production/search-ranker/<slow>.yaml");
      expect(Object.keys(left.files).filter((path) => path.startsWith(".slipway/incidents/"))).toHaveLength(1);

      await story.restartApp();
    });
    expect(end).toEqual(undisturbed);
  });
});
