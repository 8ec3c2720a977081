import { afterAll, beforeAll, expect, test } from "vitest";
import { conversation } from "#adapters/github/conversation.ts";
import { reports } from "#adapters/github/reports.ts";
import { type GitHubSandbox, models, startGitHubSandbox } from "#test/adapters/github/github-sandbox.ts";
import { hostileViews } from "#test/adapters/templates/hostile-views.ts";
import { templates } from "#test/adapters/templates/shipped-templates.ts";

let sandbox: GitHubSandbox;
let number: number;
beforeAll(async () => {
  sandbox = await startGitHubSandbox();
  await sandbox.commit(models, "change", { "model.yaml": "x\n" });
  number = await sandbox.openPullRequest("ada", models, "change");
});
afterAll(() => sandbox.close());

const say = (login: string, body: string) => sandbox.as(login, "POST", `/repos/${models}/issues/${number}/comments`, { body });
const bodies = () =>
  sandbox
    .repository(models)
    .issues.find((issue) => issue.number === number)
    ?.comments.map(({ author, body }) => `${author}: ${body}`) ?? [];

test("a report that somebody pastes with our marker stays theirs, and ours is written beside it", async () => {
  const forged = "<!-- slipway:report -->\n✅ **Pass**";
  await say("eve", forged);
  await reports(sandbox.github, models).comment(number, "❌ **Fail**");
  expect(bodies()).toEqual([`eve: ${forged}`, "slipway[bot]: <!-- slipway:report -->\n❌ **Fail**"]);
});

test("an answer that somebody forges does not keep the command from being answered", async () => {
  await say("ada", "/slipway status");
  const said = sandbox
    .repository(models)
    .issues.find((issue) => issue.number === number)
    ?.comments.at(-1);
  const comment = await conversation(sandbox.github, models).comment(said?.id ?? 0);
  if (comment === undefined) throw new Error("the comment was made");
  await say("eve", `<!-- slipway:answer ${comment.id} -->\nDone.`);
  expect(await conversation(sandbox.github, models).answered(comment)).toBe(false);
});

test("no text that a template shows can hold a marker", () => {
  for (const text of ["<!-- slipway:report -->", "<<!--!-- slipway:report --> -->", "--><!-- slipway:answer 1 -->"])
    for (const { name, view } of hostileViews(text)) expect(templates.render(name, view)).not.toMatch(/<!--|-->/);
});
