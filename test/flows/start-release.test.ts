import { describe, expect, test } from "vitest";
import { digestOf } from "#domain/evidence/accept-run.ts";
import { parseRelease } from "#domain/rollout/release.ts";
import { ask, headOf, lineFor, openRelease, passing } from "#test/support/commenting.ts";
import { backendsInGit, ownedFiles } from "#test/support/git-follower.ts";
import { measured } from "#test/support/judging.ts";
import { routePath, type TestWorld, testWorld } from "#test/support/world.ts";
import { better, liveVersion, modelText, policyText } from "#test/support/world-texts.ts";

const latency = { name: "latency", target: 0.9, indicator: { latency: { atMost: "50ms" } } };

async function recordOf(w: TestWorld) {
  const path = [...(await w.environments.snapshot()).entries.keys()].find((name) => name.startsWith(".slipway/releases/")) ?? "";
  const record = parseRelease(w.environments.text(path) ?? "", path);
  if (record.kind === "invalid") throw new Error("the release record can be read");
  return record.value;
}

/** A deploy under a definition of the default branch. */
async function started(trusted: string) {
  const { w, pull, line } = await passing({ trusted });
  const before = await headOf(w);
  const answer = (await ask(w, pull, line)).replaceAll("\\", "");
  return { w, pull, answer, moved: (await headOf(w)) !== before };
}

describe("a release that starts", () => {
  test("brings the candidate's Deployment beside the live one, and the first weight, in manifests that are safe to apply cold", async () => {
    const { w } = await started(modelText());
    expect(backendsInGit(await ownedFiles(w))).toEqual([
      { digest: liveVersion.digest, weight: 95 },
      { digest: better.digest, weight: 5 },
    ]);
    expect(w.environments.text(routePath)).toContain('namespace: "models"');
  });

  test("records who asked for it, for what, on which evidence and policy, and the plan it will keep to", async () => {
    const { w, pull } = await started(modelText());
    const open = await openRelease(w);
    const [entry] = await w.evidence.read(1, pull.number);
    const record = await recordOf(w);
    expect(record).toMatchObject({
      id: open?.id,
      trigger: { command: 1, by: "lee", at: w.clock.now() },
      pullRequest: { repository: "acme/models", number: pull.number, head: pull.head },
      candidate: better,
      artifact: `artifacts/${better.version}.json`,
      baseline: liveVersion,
      outcome: null,
      steps: [{ weight: 5, liveAt: null, judgedAt: null, windows: [] }],
    });
    expect(record.evidence).toBe(digestOf(entry?.files.reports.get("search-ranker.json") ?? new Uint8Array()));
    expect(record.plan.rollout.steps.map(({ weight }) => weight)).toEqual([5, 25]);
  });

  test("does not start where its target cannot carry the rollout out, and says so", async () => {
    const tagged = { serving: { image: "ghcr.io/acme/ranker:latest" }, steps: [{ weight: 5, window: "2s" }], bake: "4s" };
    const { answer, moved } = await started(modelText(liveVersion, { rollout: tagged }));
    expect(answer).toContain("The rollout of search-ranker cannot be carried out");
    expect(moved).toBe(false);
  });

  test("takes rollout and objectives from the default branch, whatever the head says", async () => {
    const w = await testWorld();
    const rollout = {
      serving: { image: `ghcr.io/mallory/x@sha256:${"1".repeat(64)}` },
      steps: [{ weight: 99, window: "1ms" }],
      bake: "0ms",
    };
    const pull = w.propose(better, { rollout, objectives: [{ ...latency, target: 0.01 }] });
    await measured(w, pull);
    await ask(w, pull, lineFor(pull));
    const { plan } = await recordOf(w);
    expect(plan.rollout).toMatchObject({
      serving: { image: `ghcr.io/acme/ranker@sha256:${"2".repeat(64)}` },
      steps: [{ weight: 5 }, { weight: 25 }],
    });
    expect(plan.objectives.map(({ target }) => target)).toEqual([0.9]);
    expect((await ownedFiles(w)).get("environments/production/search-ranker/deployment-cccccccc.yaml")).not.toContain("mallory");
  });

  test("keeps only the objectives that hold in its environment", async () => {
    const objectives = [
      latency,
      { ...latency, name: "elsewhere", environment: "staging" },
      { ...latency, name: "here", environment: "production" },
    ];
    const { w } = await started(modelText(undefined, { objectives }));
    expect((await recordOf(w)).plan.objectives.map(({ name }) => name)).toEqual(["latency", "here"]);
  });

  test("has the namespace of its environment's name where the policy names none", async () => {
    const { w, pull, line } = await passing({ policy: policyText({ environments: [{ name: "production", from: "pull-request" }] }) });
    await ask(w, pull, line);
    expect(w.environments.text(routePath)).toContain('namespace: "production"');
  });
});

describe("a release that cannot start", () => {
  test.each([
    [
      "has no objective by which its canary could be judged",
      modelText(undefined, { objectives: [{ ...latency, environment: "staging" }] }),
      "model.yaml of search-ranker has no objective for production",
    ],
    [
      "has no steps to take",
      modelText().replace(/"rollout": \{[\s\S]*\n {2}\}/, '"tier": "critical"'),
      "on the default branch has no rollout",
    ],
  ])("because it %s writes nothing and says so", async (_, trusted, reason) => {
    const { answer, moved } = await started(trusted);
    expect(answer).toContain(reason);
    expect(moved).toBe(false);
  });
});
