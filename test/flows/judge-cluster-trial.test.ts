import { describe, expect, test } from "vitest";
import type { ClusterTrial } from "#domain/manifest/cluster-trial.ts";
import { judgePullRequestHead } from "#flows/judge-pull-request.ts";
import { fakeCluster } from "#test/support/fakes/cluster.ts";
import { check, measured } from "#test/support/judging.ts";
import { testWorld } from "#test/support/world.ts";
import { policyText } from "#test/support/world-texts.ts";

const asking = { environments: [{ name: "production", from: "pull-request", rollback: "merge", dryRun: true }] };

/** A pull request that passes every gate, and a cluster that says this of its manifests. */
async function judgedWhere(trial: ClusterTrial, policy: Readonly<Record<string, unknown>> = asking) {
  const w = await testWorld({ policy: policyText(policy) });
  const cluster = fakeCluster();
  cluster.answer(trial);
  const pull = w.propose();
  await measured(w, pull);
  const judgement = await judgePullRequestHead({ ...w.world, cluster }, w.models, pull.number);
  const [model] = judgement?.models ?? [];
  return { verdict: model?.verdict, code: model?.code, message: model?.message, shown: cluster.shown, title: check(w, pull)?.title };
}

describe("a version that passes all gates", () => {
  test("passes where the cluster would take its manifests, which it was shown whole", async () => {
    const { verdict, code, shown } = await judgedWhere({ kind: "taken" });
    expect([verdict, code]).toEqual(["pass", "judged"]);
    expect(shown.map((text) => /^kind: (.*)$/m.exec(text)?.[1])).toEqual(["Deployment", "HTTPRoute"]);
  });

  test("fails where the cluster would refuse them, in its own words", async () => {
    const refused = await judgedWhere({ kind: "refused", reasons: ["the API answered 403 for Deployment x: exceeded quota", "another"] });
    expect(refused).toMatchObject({ verdict: "fail", code: "cluster-refuses" });
    expect(refused.message).toBe(
      "All gates pass, but the cluster would refuse this: the API answered 403 for Deployment x: exceeded quota (and 1 more)",
    );
  });

  test("is an error where the cluster could not be asked", async () => {
    expect(await judgedWhere({ kind: "unknown", reason: "ECONNREFUSED" })).toMatchObject({ verdict: "error", code: "cluster-not-asked" });
  });

  test("passes unasked where policy does not want the cluster asked", async () => {
    const { verdict, shown } = await judgedWhere({ kind: "refused", reasons: ["no"] }, {});
    expect([verdict, shown]).toEqual(["pass", []]);
  });
});
