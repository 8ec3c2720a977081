import { describe, expect, it } from "vitest";
import { type Approval, printApprovals } from "#domain/environment/approval.ts";
import { approvalsPath, policyPath } from "#domain/environment/paths.ts";
import { blobIdSchema, digestSchema, loginSchema } from "#domain/model/names.ts";
import { outcome, refusal } from "./deploy-outcome.ts";
import { at, candidate, deployRequest, head, policyText, ranker, snapshot, staging, version } from "./deploy-request-builder.ts";

const policy = blobIdSchema.parse("1".repeat(40));
const { manifests } = deployRequest();
const other = digestSchema.parse(`sha256:${"0".repeat(64)}`);

function approval(by: string, overrides: Partial<Approval> = {}): Approval {
  return {
    by: loginSchema.parse(by),
    at: at("09:30:00"),
    command: 70,
    sha: head,
    digest: candidate.digest,
    manifests: manifests ?? other,
    policy,
    ...overrides,
  };
}

/** dana deploys ada's pull request to staging, which asks for two approvals. */
function withApprovals(approvals: readonly Approval[]) {
  const text = policyText.replace("{name: staging,", "{name: staging, approvals: {people: 2},");
  const file = printApprovals({ schema: "slipway/approvals/v1", environment: staging, model: ranker, approvals: [...approvals] });
  const read = snapshot({ policy: text, texts: { [approvalsPath(staging, ranker)]: file } });
  return deployRequest({ snapshot: { ...read, entries: new Map([...read.entries, [policyPath, policy]]) } });
}

describe("an environment that asks for two approvals", () => {
  it.each([
    ["takes a version with both", [approval("lee"), approval("dana")], "start"],
    ["does not count one person twice", [approval("lee"), approval("LEE")], "not-approved"],
    ["does not count the author", [approval("lee"), approval("ada")], "not-approved"],
    [
      "does not count an approval of another artifact",
      [approval("lee"), approval("dana", { digest: version("3", "3").digest })],
      "not-approved",
    ],
    ["does not count an approval of other manifests", [approval("lee"), approval("dana", { manifests: other })], "not-approved"],
    [
      "does not count an approval under another policy",
      [approval("lee"), approval("dana", { policy: blobIdSchema.parse("2".repeat(40)) })],
      "not-approved",
    ],
    ["refuses one without any", [], "not-approved"],
  ])("%s", (_, approvals, expected) => {
    expect(outcome(withApprovals(approvals))).toBe(expected);
  });

  it("says how many it has, of whom, who can give more, and what they type", () => {
    const answer = refusal(withApprovals([approval("lee")]));
    expect(answer.message).toContain("asks for 2 approvals");
    expect(answer.message).toContain("it has 1, of lee");
    expect(answer.message).toContain("other than its author ada");
    expect(answer.nextLine).toBe(`/slipway approve staging @${head.slice(0, 12)}`);
  });
});
