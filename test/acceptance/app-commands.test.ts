import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Report } from "#domain/evaluation/report.ts";
import { StartedRun } from "#sandbox/github/runner.ts";
import type { Stage } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";
import {
  answersTo,
  answerTo,
  appStage,
  ask,
  commitsWith,
  deliveries,
  environments,
  evaluated,
  github,
  models,
  proposedAgain,
  reported,
  strike,
  tokenOf,
} from "#test/support/app-stage.ts";
import { recordedReport, runByHand } from "#test/support/run-by-hand.ts";

let stage: Stage;
let good: { readonly number: number; readonly sha: string };
let report: Report;

beforeAll(async () => {
  stage = await appStage({ resyncSeconds: 3600 });
  good = await stage.propose("good", "Rank by BM25", versions.slow);
  await evaluated(stage, good, "Pass");
  report = await recordedReport(stage, good.number);
});
afterAll(() => strike(stage));

const line = (sha: string): string => `/slipway deploy production @${sha}`;
const environmentsHead = async (): Promise<string> => (await stage.look()).git("rev-parse", "HEAD");

/** Another pull request that passes. */
async function passing(branch: string): Promise<typeof good> {
  const pull = await proposedAgain(stage, "good", branch);
  await runByHand(stage, { pullRequest: pull.number, report });
  await reported(stage, pull, "Pass");
  return pull;
}

describe("a command that starts nothing:", () => {
  let before: string;
  beforeEach(async () => {
    before = await environmentsHead();
  });

  it("one that is quoted, code or hidden gets no answer", async () => {
    const deploy = line(good.sha);
    const body = `> ${deploy}\n\n\`\`\`\n${deploy}\n\`\`\`\n\n    ${deploy}\n\n<!--\n${deploy}\n-->\n\nand ${deploy}`;
    const { id } = await stage.people.lee.comment(models, good.number, body);
    await ask(stage.people.lee, good.number, "/slipway help");
    expect(await answersTo(stage.people.lee, good.number, id)).toEqual([]);
    expect(await stage.people.lee.reactions(models, id)).toEqual([]);
    expect(await environmentsHead()).toBe(before);
  });

  it("one that a bot wrote gets no answer", async () => {
    const recorded = await stage.double.ask("POST", "runs", {
      repository: models,
      event: "pull_request",
      pullRequest: good.number,
      permissions: { contents: "read", issues: "write" },
    });
    const token = StartedRun.parse(recorded).env["GITHUB_TOKEN"] ?? "";
    const path = `/repos/${models}/issues/${good.number}/comments`;
    const { id } = z.looseObject({ id: z.number() }).parse(await github(stage, token, "POST", path, { body: line(good.sha) }));
    await ask(stage.people.lee, good.number, "/slipway help");
    expect(await answersTo(stage.people.lee, good.number, id)).toEqual([]);
    expect(await environmentsHead()).toBe(before);
  });

  it("one with an unknown verb, with the verb that was meant", async () => {
    const { answer, reactions } = await ask(stage.people.lee, good.number, `/slipway deplyo production @${good.sha}`);
    expect(answer).toContain(
      "⛔ There is no command deplyo. Did you mean deploy?\n\n**Who can:** you\n\nNext:\n\n```text\n/slipway help deploy\n```",
    );
    expect(reactions).toEqual(["-1"]);
  });

  it("one by somebody without the role", async () => {
    const { answer, reactions } = await ask(stage.people.maria, good.number, line(good.sha));
    expect(answer).toContain("⛔ maria may not deploy to production. That is for people with the permission maintain or higher.");
    expect(reactions).toEqual(["-1"]);
    expect(await environmentsHead()).toBe(before);
  });

  it("one that was edited after it was posted", async () => {
    await stage.double.webhooks({ url: null });
    const said = await stage.people.lee.comment(models, good.number, "/slipway status");
    await pause(1100); // GitHub's times are whole seconds
    const token = await tokenOf(stage, stage.people.lee);
    await github(stage, token, "PATCH", `/repos/${models}/issues/comments/${said.id}`, { body: line(good.sha) });
    await stage.double.webhooks({ url: `${stage.appUrl}/api/github/webhooks` });
    const created = (await deliveries(stage)).findLast(({ event, action }) => event === "issue_comment" && action === "created");
    await stage.double.ask("POST", `redeliver/${created?.id}`);
    const { answer } = await answerTo(stage.people.lee, good.number, said);
    expect(answer).toContain("⛔ The comment was edited after it was posted, and an edited command is not executed. Post it anew.");
    expect(answer).toContain(line(good.sha));
    expect(await environmentsHead()).toBe(before);
  });

  it("one whose head moved between the report and the command", async () => {
    const pull = await passing("moved");
    await stage.models.write("models/search-ranker/NOTES.md", "One more word.\n");
    const head = await stage.models.push("One more word");
    const { answer } = await ask(stage.people.lee, pull.number, line(pull.sha));
    expect(answer).toContain(
      `⛔ You mean ${pull.sha.slice(0, 12)}, but the head of this pull request is ${head.slice(0, 12)} now. It is not evaluated yet; wait for its report.`,
    );
    expect(await environmentsHead()).toBe(before);
  });

  it("one on a pull request that is closed", async () => {
    const pull = await passing("closed");
    await stage.people.maria.closePullRequest(models, pull.number);
    const { answer } = await ask(stage.people.lee, pull.number, line(pull.sha));
    expect(answer).toContain("⛔ This pull request was closed without being merged, so it releases nothing. Reopen it first.");
    expect(await environmentsHead()).toBe(before);
  });
});

describe("a policy that cannot be read", () => {
  const path = ".slipway/policy.yaml";

  /** A push to the models' default branch makes Slipway look at every pull request anew, as the next resync would. */
  async function lookedAnew(): Promise<void> {
    await stage.models.pull();
    await stage.models.git("commit", "--quiet", "--allow-empty", "--message", "Nothing");
    await stage.models.git("push", "--quiet", "origin", "HEAD");
  }

  it.each<[string, (text: string) => string | null, string]>([
    [
      "because of a key that does not exist",
      (text) => text.replace("\nfloors:", "\nfloor:"),
      '.slipway/policy.yaml:13:1 unknown key "floor"; did you mean "floors"?',
    ],
    [
      "because it is gone",
      () => null,
      ".slipway/policy.yaml:1:1 there is no such file on the default branch of the environments repository",
    ],
  ])("%s, fails the check and stops every deploy, with the reason and the place, until it is mended", async (_, broken, reason) => {
    const checkout = await stage.look();
    const mended = await checkout.read(path);
    const text = broken(mended);
    if (text === null) await checkout.git("rm", "--quiet", path);
    else await checkout.write(path, text);
    await checkout.push("Break the policy");
    const before = await environmentsHead();

    await lookedAnew();
    const { check, comment } = await reported(stage, good, `Refused: The policy cannot be read: ${reason}`);
    expect(check.conclusion).toBe("failure");
    expect(comment).toContain("> ⛔ **Not releasable:** The policy cannot be read");
    const deploy = await ask(stage.people.lee, good.number, line(good.sha));
    expect(deploy.answer.replaceAll("\\", "")).toContain(`⛔ The policy cannot be read, so nobody may deploy: ${reason}`);
    expect(deploy.answer).toContain("A platform engineer mends it.");
    expect(await environmentsHead()).toBe(before);

    await checkout.write(path, mended);
    await checkout.push("Mend the policy");
    await lookedAnew();
    expect((await reported(stage, good, "Pass")).check.conclusion).toBe("success");
  });
});

describe("a push to the environments repository", () => {
  it("that the host forbids is told in the answer, and writes nothing", async () => {
    const before = await environmentsHead();
    await stage.double.fault({ target: "git", repository: environments, on: "push", kind: "status", status: 403 });
    const { answer, reactions } = await ask(stage.people.lee, good.number, line(good.sha));
    expect(answer).toContain("⛔ The environments repository refuses the commit: the host forbids this push (403)");
    expect(reactions).toEqual(["-1"]);
    expect(await environmentsHead()).toBe(before);
  });

  it("that a protected branch declines is told in the host's own words, and writes nothing", async () => {
    const before = await environmentsHead();
    const config = ["config", "--file", `${stage.folder}/github/repositories/${environments}.git/config`];
    await stage.environments.git(...config, "--add", "slipway.protect", "refs/heads/main");
    const { answer } = await ask(stage.people.lee, good.number, line(good.sha));
    await stage.environments.git(...config, "--unset-all", "slipway.protect");
    expect(answer).toContain("⛔ The environments repository refuses the commit: ");
    expect(answer).toContain("Changes must be made through a pull request.");
    expect(await environmentsHead()).toBe(before);
  });

  it("that somebody else was faster with lands once, on theirs", async () => {
    await stage.double.fault({ target: "git", repository: environments, on: "push", kind: "race" });
    const { id, answer } = await ask(stage.people.lee, good.number, line(good.sha));
    expect(answer).toContain("🚀 Starts the release of search-ranker 2026.11.18-1 to production.");
    const commits = await commitsWith(stage, "Slipway-Command", id);
    expect(commits).toHaveLength(1);
    expect(await stage.environments.git("log", "-1", "--format=%s", `${commits[0]}^`)).toBe("Somebody was faster");
    expect(await stage.environments.git("show", `${commits[0]}:RACE.md`)).toBe("somebody was faster");
    expect(await commitsWith(stage, "Slipway-Step", "start")).toEqual(commits);
  });

  it("is not tried while another release is open", async () => {
    const pull = await passing("second");
    const { answer } = await ask(stage.people.lee, pull.number, line(pull.sha));
    expect(answer).toMatch(
      /⛔ production is taken: release r-[0-9a-f]{16} of search-ranker 2026\.11\.18-1 from acme\/models#\u200b?1 is \w+ at \d+ %\. One release at a time; wait until it ends, or end it with --supersede\./,
    );
    expect(await commitsWith(stage, "Slipway-Step", "start")).toHaveLength(1);
  });
});
