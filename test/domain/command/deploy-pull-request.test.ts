import { describe, expect, it } from "vitest";
import { decideDeploy } from "#domain/command/decide-deploy.ts";
import { outcome, refusal } from "./deploy-outcome.ts";
import {
  at,
  deployRequest,
  head,
  judged,
  judgement,
  policyText,
  prefix,
  production,
  ranker,
  snapshot,
  staging,
} from "./deploy-request-builder.ts";

const { comment, pullRequest, command } = deployRequest();
const merged = { ...pullRequest, state: "closed" as const, merged: true };
const toProduction = { ...command, environment: production, sha: prefix(head) };

describe("a pull request", () => {
  const onlyMerged = snapshot({ policy: policyText.replace("{name: staging, from: pull-request}", "{name: staging}") });

  it.each([
    [
      "that was judged unfit as a whole",
      { judgement: judgement([judged()], { refusals: [{ code: "base-not-named-by-policy", message: "Another base." }] }) },
      "base-not-named-by-policy",
    ],
    ["from a fork", { pullRequest: { ...pullRequest, headRepositoryId: 2 } }, "fork-head"],
    ["from a fork that is gone", { pullRequest: { ...pullRequest, headRepositoryId: null } }, "fork-head"],
    ["closed without a merge", { pullRequest: { ...pullRequest, state: "closed" } }, "closed-unmerged"],
    ["that is a draft", { pullRequest: { ...pullRequest, draft: true } }, "draft"],
    ["merged as a draft", { pullRequest: { ...merged, draft: true } }, "start"],
    ["open where only merged ones are taken", { snapshot: onlyMerged }, "not-merged"],
    ["merged where only merged ones are taken", { snapshot: onlyMerged, pullRequest: merged }, "start"],
    ["merged where open ones are taken too", { pullRequest: merged }, "start"],
  ] as const)("%s: %s", (_, overrides, expected) => {
    expect(outcome(overrides)).toBe(expected);
  });

  it("that must be merged first is told where it can go before", () => {
    const policy = policyText.replace("{name: production, from: pull-request}", "{name: production}");
    expect(refusal({ command: toProduction, snapshot: snapshot({ policy }) }).message).toBe(
      "production takes only what is merged, and this pull request is open: merge it, then deploy. Before that it can go to staging.",
    );
  });
});

describe("a draft", () => {
  it("is told how it becomes something that can be released", () => {
    expect(refusal({ pullRequest: { ...pullRequest, draft: true } })).toMatchObject({
      message: expect.stringContaining("ada, or who may push, marks it ready for review"),
      nextLine: "gh pr ready 7",
    });
  });
});

describe("what a deploy is set off by", () => {
  const start = (overrides: Parameters<typeof outcome>[0]) => {
    const decision = decideDeploy(deployRequest(overrides));
    return decision.kind === "start" ? decision.release : decision.code;
  };
  const button = { kind: "button", check: 5, action: "deploy:0123456789" } as const;
  const merge = { kind: "merge", commit: head, environment: staging, model: ranker } as const;
  const eve = { ...comment, author: "eve" };
  const old = { now: at("12:00:00") };

  it("gives the release its id, the same each time and another for each", () => {
    const ids = [{}, { trigger: button }, { trigger: { ...button, check: 6 } }, { trigger: merge }].map(start);
    expect(new Set(ids).size).toBe(4);
    expect(ids.every((id) => id.startsWith("r-"))).toBe(true);
    expect(start({ trigger: button, ...old })).toBe(ids[1]);
  });

  it("is somebody with the role, unless it is a merge", () => {
    expect(start({ trigger: button, comment: eve })).toBe("not-a-deployer");
    expect(start({ trigger: merge, comment: eve })).toMatch(/^r-/);
  });

  it("is fresh, if it is a comment", () => {
    expect([start(old), start({ ...old, trigger: merge })]).toEqual(["comment-too-old", expect.stringMatching(/^r-/)]);
  });
});

describe("a person", () => {
  const by = (author: string) => ({ comment: { ...comment, author } });
  it.each([
    ["whom the policy names deploys", by("DANA"), "start"],
    ["of a team that the policy names deploys", { ...by("eve"), standing: { permission: "read", teams: ["ranking"] } }, "start"],
    ["of another team does not", { ...by("eve"), standing: { permission: "admin", teams: ["sales"] } }, "not-a-deployer"],
    ["without any standing does not", { ...by("eve"), standing: { permission: "none", teams: [] } }, "not-a-deployer"],
  ] as const)("%s", (_, overrides, expected) => {
    expect(outcome(overrides)).toBe(expected);
  });

  it("without the role is told who has it", () => {
    expect(refusal(by("eve")).message).toBe("eve may not deploy to staging. That is for dana and members of the team ranking.");
  });
});
