import { describe, expect, test } from "vitest";
import type { ClusterTrial } from "#domain/manifest/cluster-trial.ts";
import { judgePullRequestHead } from "#flows/judge-pull-request.ts";
import { fakeCluster } from "#test/support/fakes/cluster.ts";
import { check, measured } from "#test/support/judging.ts";
import { testWorld } from "#test/support/world.ts";
import { liveVersion, type ModelChange, modelText, policyText } from "#test/support/world-texts.ts";

const asking = { environments: [{ name: "production", from: "pull-request", rollback: "merge", dryRun: true }] };

/** A pull request that passes every gate, and a cluster that says this of its manifests. */
async function judgedWhere(
  trial: ClusterTrial,
  policy: Readonly<Record<string, unknown>> = asking,
  rollout: Partial<Pick<NonNullable<ModelChange["rollout"]>, "output" | "serving">> = {},
) {
  const written = {
    serving: { image: `ghcr.io/acme/ranker@sha256:${"1".repeat(64)}` },
    steps: [{ weight: 5, window: "2s" }],
    bake: "4s",
  };
  const w = await testWorld({ policy: policyText(policy), trusted: modelText(liveVersion, { rollout: { ...written, ...rollout } }) });
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

  test("passes where the cluster would take what a component lists, which is all that it is shown", async () => {
    const { verdict, shown } = await judgedWhere({ kind: "taken" }, asking, { output: "kustomize" });
    expect(verdict).toBe("pass");
    expect(shown.map((text) => /^kind: (.*)$/m.exec(text)?.[1])).toEqual(["Deployment", "HTTPRoute"]);
  });

  test("is an error where it writes values for somebody's chart, of which nobody knows what becomes", async () => {
    const { verdict, code, shown } = await judgedWhere({ kind: "taken" }, asking, { output: "helm" });
    expect([verdict, code, shown]).toEqual(["error", "cluster-not-asked", []]);
  });

  test("fails with every reason why its target cannot carry the rollout out, and no cluster is asked", async () => {
    const { verdict, code, shown } = await judgedWhere({ kind: "taken" }, asking, { serving: { image: "ghcr.io/acme/ranker:latest" } });
    expect([verdict, code, shown]).toEqual(["fail", "cluster-refuses", []]);
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
