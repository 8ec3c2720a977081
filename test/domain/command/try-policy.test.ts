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
roles: {deployer: {teams: [ranking], owners: true}, approver: {users: [lee]}, holder: {users: [hal]}}
trustedWorkflows: [{workflow: acme/slipway/.github/workflows/evaluate.yml, sha: ["eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"]}]
overrides: {role: approver}
commands: {pause: {production: nobody}}
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
  const deployer = ["evaluate", "resume", "retry", "abort", "rollback", "lock", "unlock"];
  const holder = ["hold", "unhold", "freeze", "unfreeze"];
  it.each([...deployer.map((name) => [name, "dana"] as const), ...holder.map((name) => [name, "hal"] as const)])(
    "%s is allowed to who has its role, by the function that decides it, and refused to others",
    (command, login) => {
      const teams = login === "dana" ? ["ranking"] : [];
      const does = { command };
      expect(codeOf(tryPolicy(tried, action({ who: { login, teams }, does })))).toBe("allowed");
      const refused = codeOf(tryPolicy(tried, action({ who: { login: "mallory", teams: [] }, does })));
      expect(refused).toBe(command === "evaluate" ? "no-role" : "not-permitted");
    },
  );

  it.each([
    ["in the freeze", { at: "2026-11-27T12:00:00Z" }, "frozen"],
    ["before it was verified for long enough", { given: { verified: { staging: "23h" } } }, "verified-too-recently"],
    ["with one approval", { given: { approvedBy: ["lee"] } }, "not-approved"],
    ["to an environment that comes after none", { does: { command: "promote", environment: "staging" } }, "nothing-before"],
    ["with everything that is asked for", {}, "allowed"],
  ])("promote %s is decided as in a pull request", (_, overrides, expected) => {
    expect(codeOf(tryPolicy(tried, action({ does: { command: "promote" }, ...overrides })))).toBe(expected);
  });

  it.each([
    ["approve by the author", { who: { login: "lee" }, does: { command: "approve" }, given: { author: "lee" } }, "own-version"],
    [
      "approve where none is asked for",
      { who: { login: "lee" }, does: { command: "approve", environment: "staging" } },
      "approvals-not-asked",
    ],
    ["approve again", { who: { login: "lee" }, does: { command: "approve" } }, "already-approved"],
    ["approve by another role", { does: { command: "approve" } }, "not-permitted"],
    ["override by the policy's role", { who: { login: "lee" }, does: { command: "override" } }, "allowed"],
    ["override of one's own", { who: { login: "lee" }, does: { command: "override" }, given: { author: "lee" } }, "own-version"],
    ["pause, which the policy gives to nobody", { does: { command: "pause" } }, "not-permitted"],
    ["status, which is everybody's", { who: { login: "mallory", teams: [] }, does: { command: "status" } }, "allowed"],
  ])("%s is decided as in a pull request", (_, overrides, expected) => {
    expect(codeOf(tryPolicy(tried, action(overrides)))).toBe(expected);
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
