import { describe, expect, test } from "vitest";
import { short } from "#domain/model/names.ts";
import { answerComment } from "#flows/answer-comment.ts";
import { canary, pull } from "#test/support/commanding.ts";
import { ask, passing } from "#test/support/commenting.ts";
import { advance, scarce, until } from "#test/support/releasing.ts";
import { type Pull, routePath, type TestWorld } from "#test/support/world.ts";
import { better, liveVersion, policyText, production, ranker } from "#test/support/world-texts.ts";

const production1 = { name: "production", from: "pull-request", rollback: "merge", namespace: "models" };
const roles = { deployer: { users: ["lee"] }, approver: { users: ["amy", "ben", "ada"] }, holder: { users: ["hal"] } };
const asksForTwo = policyText({ environments: [{ ...production1, approvals: { people: 2 } }], roles });

/** The cells of the row: live, on its way, blocked by, who can unblock, next line. */
async function cells(w: TestWorld, of: Pull = pull): Promise<readonly string[]> {
  const answer = (await ask(w, of, "/slipway status", "eve")).replaceAll(/[\\\u200b]/g, "");
  const row = answer.split("\n").find((line) => line.includes(`| ${ranker} | ${production} |`)) ?? "";
  return row
    .split(" | ")
    .slice(2)
    .map((cell) => cell.replace(/ \|$/, ""));
}

describe("status", () => {
  test("names a next line that can be copied and is a command", async () => {
    const { w, pull: its } = await passing({ policy: asksForTwo });
    const answer = await ask(w, its, "/slipway status", "eve");
    const [, line = ""] = /`(\/slipway approve [^`]+)`/.exec(answer) ?? [];
    expect(await ask(w, its, line, "amy")).toContain("(1 of 2 approvals)");
  });

  test("of a head that passes says that nothing blocks it", async () => {
    const { w } = await passing();
    expect(await cells(w)).toEqual([liveVersion.version, "nothing", "nothing", "", ""]);
  });

  test("says which gates stand in the way of what fails, and who can do something", async () => {
    const { w } = await passing({}, { gain: -0.5 });
    const [, , blocked, who, next] = await cells(w);
    expect(blocked).toContain("its verdict is fail");
    expect([who, next]).toEqual(["the author of the pull request, with a better candidate", "`/slipway explain`"]);
  });

  test("says how many approvals a version waits for, of whom, and the line for them", async () => {
    const { w, pull: its } = await passing({ policy: asksForTwo });
    await ask(w, its, `/slipway approve production @${short(its.head)}`, "amy");
    const [, , blocked, who, next] = await cells(w);
    expect(blocked).toContain("production asks for 2 approvals of search-ranker 2026.11.20-3");
    expect(blocked).toContain("it has 1, of amy");
    expect(who).toBe("amy, ben and ada, other than ada");
    expect(next).toBe(`\`/slipway approve production @${short(its.head)}\``);
  });

  test("says that a draft is one", async () => {
    const { w, pull: its } = await passing();
    w.repository.change(its.number, { draft: true });
    const [, , blocked, who, next] = await cells(w);
    expect(blocked).toContain("This pull request is a draft");
    expect([who, next]).toEqual(["ada, or who may push", `\`gh pr ready ${its.number}\``]);
  });

  test("says what a release on its way waits for, and that a window was extended", async () => {
    const w = await canary({}, scarce);
    expect((await cells(w))[1]).toMatch(/: step 1 at 5 %, live since .* \(pull request #1\); the window of .* at 5 % is open$/);
    while (!(await advance(w)).message.includes("is extended")) w.clock.advance(500);
    expect((await cells(w))[1]).toMatch(/; the window at 5 % is extended for the first time: inconclusive$/);
  });

  test("says what is paused by an edit, locked, frozen and held, all of them, each with who", async () => {
    const w = await canary();
    w.environments.edit({ [routePath]: "by: hand\n" });
    await ask(w, pull, "/slipway lock production a move");
    w.freeze();
    w.hold(better);
    const [, , blocked, who, next] = await cells(w);
    expect(blocked).toMatch(
      /^1\. edited by Alex Person in [0-9a-f]{12}; 2\. locked by lee since .*: a move; 3\. freeze peak until .*; 4\. 2026\.11\.20-3 is held: a recall$/,
    );
    expect(who).toBe("1. lee; 2. lee; 3. hal; 4. hal");
    expect(next).toMatch(/^`\/slipway resume production @[0-9a-f]{12} --model search-ranker`$/);
  });

  test("still answers where the cluster cannot be asked", async () => {
    const w = await canary();
    const comment = w.say(pull, "/slipway status", "eve");
    const cluster = { ...w.world.cluster, observe: () => Promise.reject(new Error("no cluster")) };
    await answerComment({ ...w.world, cluster }, w.models, comment.id);
    expect(w.conversation.answersTo(comment.id)[0]).toContain("2026.11.20-3: step 1 at 5 %");
    expect(w.warnings).toContainEqual(expect.stringContaining("what a release waits for is not known"));
  });

  test("names a version that a pull request proposes only where it is not yet", async () => {
    const w = await until(await canary(), "verified");
    expect(await cells(w)).toEqual([better.version, "nothing", "nothing", "", ""]);
  });
});
