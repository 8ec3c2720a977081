import { describe, expect, it } from "vitest";
import { parseComment } from "#domain/command/parse-comment.ts";
import { policySchema } from "#domain/policy/policy.ts";
import { nextStep } from "#domain/report/next-step.ts";
import { better, first } from "./cases.ts";
import { judgedModel, judgement, policy, report } from "./judgement-builder.ts";

const passing = judgedModel(better);

describe("the next step", () => {
  it("is the exact line that starts the canary, and who may type it", () => {
    expect(nextStep(judgement([passing]), passing, policy)).toEqual({
      sentence: "Start the canary in production with this comment:",
      command: "/slipway deploy production @aaaaaaaaaaaa",
      who: "lee and members of the team ranking",
    });
  });

  it("of a first version is for an approver who is not its author", () => {
    const model = judgedModel(first, { baseline: null });
    expect(nextStep(judgement([model]), model, policy)?.who).toBe(
      "lee and members of the team ranking; a first version only if they are an approver (petra) and not its author",
    );
    const { deployer } = policy.roles;
    const nobody = { ...policy, roles: { ...(deployer !== undefined && { deployer }) } };
    expect(nextStep(judgement([model]), model, nobody)).toEqual({
      sentence: "This is a first version, and the policy names no approver, who has to deploy it. A platform engineer adds the role.",
      command: null,
      who: null,
    });
  });

  it.each(["baseline-moved", "definition-changed"] as const)(
    "of evidence that is outdated (%s) is to have the head evaluated again",
    (code) => {
      const model = judgedModel(better, { code, verdict: "no-data", evidence: null });
      const step = nextStep(judgement([model]), model, policy);
      expect(step).toMatchObject({ command: "/slipway evaluate @aaaaaaaaaaaa", who: "lee and members of the team ranking" });
      expect(parseComment(step?.command ?? "")).toMatchObject([{ kind: "command", command: { kind: "evaluate" } }]);
    },
  );

  it("is a line that the grammar reads back", () => {
    const command = nextStep(judgement([passing, judgedModel(first)]), passing, policy)?.command ?? "";
    expect(parseComment(command)).toMatchObject([
      { kind: "command", command: { kind: "deploy", environment: "production", sha: "aaaaaaaaaaaa", model: "search-ranker" } },
    ]);
  });

  it("waits for the merge where the environment takes what is merged, and begins with the first environment", () => {
    const environments = [{ name: "staging" }, { name: "production", after: "staging" }];
    const { environments: staged } = policySchema.parse({ apiVersion: "slipway/v1", kind: "Policy", models: {}, environments });
    expect(nextStep(judgement([passing]), passing, { ...policy, environments: staged })?.sentence).toBe(
      "Merge this pull request, then start the canary in staging with this comment:",
    );
  });

  it("says when nobody may release", () => {
    const nobody = policySchema.parse({
      apiVersion: "slipway/v1",
      kind: "Policy",
      models: {},
      environments: [{ name: "production" }],
      roles: { deployer: {} },
    });
    expect(nextStep(judgement([passing]), passing, nobody)).toMatchObject({ command: null, who: null });
  });

  it.each(["fail", "inconclusive", "no-data", "error"] as const)("has no line to type for %s", (verdict) => {
    const model = judgedModel(report({ verdict }));
    expect(nextStep(judgement([model]), model, policy)).toMatchObject({ command: null });
  });

  it("is nothing where a refusal, a message or an unreadable policy says it all", () => {
    expect(nextStep(judgement([passing], { refusals: [{ code: "policy-unreadable", message: "x" }] }), passing, policy)).toBeNull();
    expect(nextStep(judgement([passing]), passing, undefined)).toBeNull();
    const unjudged = judgedModel(better, { code: "digest-unchanged" });
    expect(nextStep(judgement([unjudged]), unjudged, policy)).toBeNull();
  });
});
