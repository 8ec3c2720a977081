import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Checkout } from "#sandbox/stage/checkout.ts";
import { type CiResult, runCi } from "#sandbox/stage/ci.ts";
import { Person } from "#sandbox/stage/person.ts";
import { Stage } from "#sandbox/stage/stage.ts";
import { versions } from "#sandbox/stage/versions.ts";
import { github, models, proposedAgain, tokenOf } from "#test/support/app-stage.ts";

let folder: string;
let stage: Stage;
let good: { readonly number: number; readonly sha: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "alone-"));
  stage = await Stage.set({ folder: join(folder, "stage") });
  good = await stage.propose("good", "Rank by BM25", versions.slow);
});
afterAll(async () => {
  await stage?.double.keptContract();
  await stage?.stop();
  await rm(folder, { recursive: true, force: true });
});

const rights = { checks: "write", pull_requests: "write" } as const;
const alone = (pullRequest: number, permissions: Readonly<Record<string, "read" | "write">> = rights) =>
  runCi(stage, { pullRequest, trusted: false, alone: permissions });

async function comments(number: number): Promise<readonly string[]> {
  return (await stage.people.lee.comments(models, number)).map(({ user, body }) => `${user.login}: ${body}`);
}

const checksSchema = z.object({
  check_runs: z.array(
    z.looseObject({
      name: z.string(),
      conclusion: z.string().nullable(),
      output: z.looseObject({ title: z.string().nullable(), summary: z.string().nullable(), annotations_count: z.number() }),
    }),
  ),
});

/** Every check of a head, the newest first. */
async function checks(sha: string) {
  const token = await tokenOf(stage, stage.people.lee);
  return checksSchema.parse(await github(stage, token, "GET", `/repos/${models}/commits/${sha}/check-runs?filter=all`)).check_runs;
}

const notices = ({ evaluate }: CiResult) =>
  evaluate.stdout.split("\n").filter((line) => line.startsWith("::notice") && line.includes("not written"));

describe("the Action without the App", () => {
  it("writes one comment, and one check a run with annotations, all marked as self-reported", async () => {
    const first = await alone(good.number);
    expect(first.conclusion, first.evaluate.stdout + first.evaluate.stderr).toBe("success");
    const [check, ...more] = await checks(good.sha);
    expect(more).toEqual([]);
    expect(check).toMatchObject({ name: "slipway (self-reported)", conclusion: "success", output: { annotations_count: 1 } });
    expect(check?.output.title).toContain("ndcg@10 +6.3 %");
    expect(check?.output.summary).toContain("**Self-reported: shown, never gating.**");
    const said = await comments(good.number);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^github-actions\[bot\]: <!-- slipway:self-reported -->\n/);
    expect(said[0]).toContain(
      "> **Self-reported: shown, never gating.** The workflow that computed these numbers writes them here itself, and no Slipway App has judged them.",
    );
    expect(said[0]).toContain("+6.3 % [+3.2, +9.3]");

    await alone(good.number);
    expect(await comments(good.number)).toHaveLength(1);
    expect((await checks(good.sha)).map(({ output }) => output.annotations_count)).toEqual([1, 1]);
  });

  it("edits its own comment when the head moves, and leaves one alone that somebody pasted its marker into", async () => {
    const pull = await proposedAgain(stage, "good", "pasted");
    const pasted = await stage.people.maria.comment(models, pull.number, "<!-- slipway:self-reported -->\nAll is well, merge it.");
    await alone(pull.number);
    await stage.models.git("commit", "--quiet", "--allow-empty", "--message", "Once more");
    await stage.models.git("push", "--quiet", "origin", "HEAD");
    await alone(pull.number);
    const said = await comments(pull.number);
    expect(said.map((comment) => comment.split(":")[0])).toEqual(["maria", "github-actions[bot]"]);
    expect(said[0]).toBe(`maria: ${pasted.body}`);
  });

  it("fails its check where the gates fail", async () => {
    const worse = await stage.propose("worse", "Read only the beginnings", versions.worse);
    await alone(worse.number);
    const [check] = await checks(worse.sha);
    expect(check?.conclusion).toBe("failure");
    expect(check?.output.title).toMatch(/^Fail/);
  });

  it("says which permission is missing, writes what it may, and does not fail for it", async () => {
    const pull = await proposedAgain(stage, "good", "no-checks");
    const ended = await alone(pull.number, { pull_requests: "write" });
    expect(ended.conclusion).toBe("success");
    expect(notices(ended)).toEqual([expect.stringContaining("The check is not written: this workflow's token may not.")]);
    expect(notices(ended)[0]).toContain("any other needs checks: write");
    expect(await comments(pull.number)).toHaveLength(1);
    expect(await checks(pull.sha)).toEqual([]);
  });

  it("shows a fork's numbers on the run's page alone, since its token only reads", async () => {
    const { token } = await stage.double.user("mallory");
    const mallory = new Person(stage.double.url, "mallory", token);
    await stage.double.ask("PUT", `repositories/${models}/permissions`, { mallory: "read" });
    await stage.double.repository({ owner: "mallory", name: "models", forkOf: models, author: "mallory" });
    const checkout = await Checkout.of(mallory.clone("mallory/models"), join(folder, "fork"), "mallory");
    await checkout.git("switch", "--quiet", "--create", "mine", "origin/good");
    await checkout.git("commit", "--quiet", "--allow-empty", "--message", "Mine");
    await checkout.git("push", "--quiet", "origin", "mine");
    const { number } = await mallory.openPullRequest(models, { head: "mallory:mine", title: "From outside" });

    const ended = await alone(number);
    expect(ended.conclusion).toBe("success");
    expect(notices(ended)).toHaveLength(2);
    expect(ended.evaluate.summary).toContain("+6.3 % [+3.2, +9.3]");
    expect(ended.evaluate.summary).toContain("> The comment is not written: this workflow's token may not, as in every run for a fork.");
    expect(await comments(number)).toEqual([]);
  });
});
