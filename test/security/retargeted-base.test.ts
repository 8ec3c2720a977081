import { expect, test } from "vitest";
import { answerComment } from "#flows/answer-comment.ts";
import { judgePullRequestHead } from "#flows/judge-pull-request.ts";
import type { ModelRepository } from "#ports/model-repository.ts";
import { ask, openRelease, passing } from "#test/support/commenting.ts";
import { check } from "#test/support/judging.ts";

test("a pull request that was given a base the policy does not name loses its pass and releases nothing", async () => {
  const { w, pull, line } = await passing();
  w.repository.commit("elsewhere", { "README.md": "weak rules" });
  w.repository.change(pull.number, { base: "elsewhere" });
  await judgePullRequestHead(w.world, w.models, pull.number);
  expect(check(w, pull)?.state).toEqual({ kind: "completed", conclusion: "failure" });
  expect(await ask(w, pull, line)).toContain("The policy releases search-ranker only from main");
  expect(await openRelease(w)).toBeNull();
});

test("retargeting while the command is decided is seen right before the write", async () => {
  const { w, pull, line } = await passing();
  w.repository.commit("elsewhere", { "README.md": "weak rules" });
  let read = 0;
  const pullRequest: ModelRepository["pullRequest"] = async (number) => {
    read += 1;
    if (read === 3) w.repository.change(number, { base: "elsewhere" });
    return w.repository.pullRequest(number);
  };
  const comment = w.say(pull, line);
  await answerComment(w.world, { ...w.models, repository: { ...w.repository, pullRequest } }, comment.id);
  expect(w.conversation.answersTo(comment.id)[0]).toContain("The pull request was given another base while the command was decided");
  expect(await openRelease(w)).toBeNull();
});

test("rules do not come from the base that a pull request chose: they are the default branch's", async () => {
  const { w, pull } = await passing();
  w.repository.commit("weak", { "models/search-ranker/model.yaml": "gates: []" });
  w.repository.change(pull.number, { base: "weak" });
  const judged = await judgePullRequestHead(w.world, w.models, pull.number);
  expect(judged?.refusals.map(({ code }) => code)).toEqual(["base-not-named-by-policy"]);
  expect(judged?.models[0]?.evidence?.report.gates.map(({ rule }) => rule)).toContain("no worse than 2%");
});
