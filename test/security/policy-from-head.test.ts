import { expect, test } from "vitest";
import { policyPath } from "#domain/environment/paths.ts";
import { definitionPath } from "#domain/report/changed-models.ts";
import { ask, lineFor, openRelease } from "#test/support/commenting.ts";
import { judged, measured } from "#test/support/judging.ts";
import { testWorld } from "#test/support/world.ts";
import { better, modelText, policyText, ranker } from "#test/support/world-texts.ts";

/** Atlantis reads its configuration from the branch it is asked to apply. */
test("a policy in the pull request is a file like any other: it makes nobody a deployer", async () => {
  const w = await testWorld();
  const own = policyText({ roles: { deployer: { users: ["eve"] } } });
  const pull = w.openPullRequest({ [definitionPath(ranker)]: modelText(better), [policyPath]: own, "policy.yaml": own });
  await measured(w, pull);
  expect(await ask(w, pull, lineFor(pull), "eve")).toContain("eve may not deploy");
  expect(await openRelease(w)).toBeNull();
});

test("gates, metrics and labels that the head loosens are shown and do not count", async () => {
  const w = await testWorld();
  const pull = w.propose(better, { gates: [{ metric: "ndcg@10", noWorseThan: "90%" }], evaluation: { labels: "own-labels.jsonl" } });
  await measured(w, pull, { gain: -0.1 });
  const model = await judged(w, pull);
  expect(model.verdict).toBe("fail");
  expect(model.ignoredChanges).toEqual(expect.arrayContaining(["gates", "evaluation.labels"]));
});

test("slipway.yaml and CODEOWNERS of the head name no other environments and no other owners", async () => {
  const w = await testWorld();
  const pull = w.openPullRequest({
    [definitionPath(ranker)]: modelText(better, { owners: ["@eve"] }),
    "slipway.yaml": "apiVersion: slipway/v1\nkind: Repository\nenvironments: eve/environments\n",
    ".github/CODEOWNERS": "* @eve\n",
  });
  await measured(w, pull);
  expect(await ask(w, pull, lineFor(pull), "eve")).toContain("eve may not deploy");
});
