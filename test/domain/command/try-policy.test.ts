import { describe, expect, it } from "vitest";
import { type PolicyAnswer, runPolicyCase, tryPolicy } from "#domain/command/try-policy.ts";
import { policySchema } from "#domain/policy/policy.ts";
import { type PolicyCase, policyCaseSchema } from "#domain/policy/policy-test-file.ts";
import { parseWithSchema } from "#domain/text/parse-with-schema.ts";

const text = `
apiVersion: slipway/v1
kind: Policy
models:
  ranker: {repository: acme/models, id: 1, traffic: 50%}
  search: {repository: acme/models, id: 1, traffic: 40%}
environments:
  - {name: staging, from: pull-request}
  - {name: production, after: staging, verifiedFor: 24h, approvals: {people: 2}, releases: 2, exposure: 12%}
roles: {deployer: {teams: [ranking], owners: true}, approver: {users: [lee]}}
commands: {status: {production: approver}}
freezes: [{name: peak, from: 2026-11-27T00:00, to: 2026-11-28T00:00, timeZone: UTC, environments: [production]}]
`;
const parsed = parseWithSchema(policySchema, text, "policy.yaml");
if (parsed.kind === "invalid") throw new Error(JSON.stringify(parsed.problems));
const tried = { policy: parsed.value, text, others: new Map<string, string>() };

type Written = Readonly<Record<string, unknown>>;
const ready = { verified: { staging: "25h" }, approvedBy: ["lee", "kim"] };

function action(overrides: { who?: Written; does?: Written; given?: Written; at?: string } = {}): PolicyCase {
  return policyCaseSchema.parse({
    name: "a case",
    who: { login: "dana", teams: ["ranking"], ...overrides.who },
    does: { command: "deploy", environment: "production", model: "ranker", ...overrides.does },
    at: overrides.at ?? "2026-11-25T12:00:00Z",
    given: { ...ready, ...overrides.given },
    expect: "allowed",
  });
}

function codeOf(answer: PolicyAnswer): string {
  return answer.kind === "refused" ? answer.code : answer.kind;
}

describe("what a policy says to a deploy, by the rules that decide it for real", () => {
  it.each([
    ["with everything that is asked for", {}, "allowed"],
    ["of an owner", { who: { teams: [], owner: true } }, "allowed"],
    ["of somebody else", { who: { teams: [] } }, "not-a-deployer"],
    ["in the freeze", { at: "2026-11-27T12:00:00Z" }, "frozen"],
    ["in the freeze, where it does not apply", { at: "2026-11-27T12:00:00Z", does: { environment: "staging" } }, "allowed"],
    ["before it is merged", { given: { merged: false } }, "not-merged"],
    ["before it was verified", { given: { verified: {} } }, "not-verified-before"],
    ["before it was verified for long enough", { given: { verified: { staging: "23h" } } }, "verified-too-recently"],
    ["with one approval", { given: { approvedBy: ["lee"] } }, "not-approved"],
    ["with the author's own approval", { given: { approvedBy: ["lee", "kim"], author: "kim" } }, "not-approved"],
    ["beside a release of another model", { given: { open: { search: 10 } } }, "allowed"],
    ["beside one that has the whole blast radius", { given: { open: { search: 30 } } }, "over-budget"],
    ["of a first version, by one who approves nothing", { given: { firstVersion: true } }, "first-version-needs-approver"],
  ])("%s", (_, overrides, expected) => {
    expect(codeOf(tryPolicy(tried, action(overrides)))).toBe(expected);
  });
});

describe("what a policy says to another command", () => {
  it("is who may use it", () => {
    expect(tryPolicy(tried, action({ does: { command: "status" } }))).toEqual({
      kind: "refused",
      code: "not-permitted",
      message: "dana may not status in production. That is for lee.",
    });
    expect(tryPolicy(tried, action({ does: { command: "help" } })).kind).toBe("allowed");
  });

  it.each([
    ["a command that does not exist", { command: "deply" }, "there is no command deply; did you mean deploy?"],
    [
      "an environment that does not exist",
      { environment: "prodction" },
      "the policy has no environment prodction; did you mean production?",
    ],
  ])("is nothing for %s", (_, does, message) => {
    expect(tryPolicy(tried, action({ does }))).toEqual({ kind: "unanswerable", message });
  });
});

describe("a case of a policy's test", () => {
  it("passes only when what is found is what is expected, the reason included", () => {
    const frozen = action({ at: "2026-11-27T12:00:00Z" });
    expect(runPolicyCase(tried, { ...frozen, expect: { refused: "frozen" } }).passed).toBe(true);
    expect(runPolicyCase(tried, { ...frozen, expect: { refused: "not-approved" } }).passed).toBe(false);
    expect(runPolicyCase(tried, frozen).passed).toBe(false);
    expect(runPolicyCase(tried, action({ does: { command: "deply" } })).passed).toBe(false);
  });
});
