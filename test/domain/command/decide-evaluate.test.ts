import { describe, expect, it } from "vitest";
import { decideEvaluate, type EvaluateRequest } from "#domain/command/decide-evaluate.ts";
import type { ListedRun } from "#domain/evidence/listed-run.ts";
import { noOwners } from "#domain/policy/roles.ts";
import { at, deployRequest, head, policyText, prefix, sha, snapshot } from "./deploy-request-builder.ts";

const workflow = "acme/slipway/.github/workflows/evaluate.yml";
const policy = `${policyText}trustedWorkflows: [{workflow: ${workflow}, sha: ["${sha("e")}"]}]\n`;
const { pullRequest, repository } = deployRequest();
const comment = { by: "comment", createdAt: at("10:00:00"), updatedAt: at("10:00:00") } as const;
const button = { by: "button", newest: { run: 5, attempt: 1 } } as const;
const fork = { ...pullRequest, headRepositoryId: 2 };
const dana = { login: "dana", standing: { permission: "write", teams: [] }, owners: noOwners } as const;

const run: ListedRun = {
  id: 5,
  attempt: 1,
  event: "pull_request",
  createdAt: at("08:00:00"),
  startedAt: at("08:00:00"),
  state: "completed",
  calls: [workflow],
};
const again = { ...run, attempt: 2, startedAt: at("10:00:00") };

function request(overrides: Partial<EvaluateRequest> = {}): EvaluateRequest {
  return {
    command: { kind: "evaluate", sha: null },
    asked: comment,
    now: at("10:00:05"),
    person: dana,
    repository,
    pullRequest,
    changesModel: true,
    runs: [run],
    snapshot: snapshot({ policy }),
    ...overrides,
  };
}

function outcome(overrides: Partial<EvaluateRequest>): string {
  const decision = decideEvaluate(request(overrides));
  return decision.kind === "refuse" ? decision.code : `${decision.kind} ${decision.run} ${decision.attempt}`;
}

const named = (digits: string) => ({ command: { kind: "evaluate", sha: prefix(digits) } }) as const;

describe("an evaluation that is asked for again", () => {
  it.each<[string, Partial<EvaluateRequest>, string]>([
    ["repeats the head's run", {}, "run-again 5 2"],
    ["repeats the head's run when it names the head", named(head.slice(0, 7)), "run-again 5 2"],
    ["repeats the newest of several runs", { runs: [run, { ...run, id: 6, attempt: 3 }] }, "run-again 6 4"],
    [
      "of a merged pull request repeats the run of what was merged",
      { pullRequest: { ...pullRequest, state: "closed", merged: true } },
      "run-again 5 2",
    ],
    ["does not take the author's own workflow for the trusted one", { runs: [run, { ...run, id: 6, calls: [] }] }, "run-again 5 2"],
    ["was carried out when an attempt began in the comment's second", { runs: [again] }, "running 5 2"],
    ["was carried out when that attempt is under way", { runs: [{ ...again, state: "under-way" }] }, "running 5 2"],
    ["was not carried out by an attempt before the comment", { runs: [{ ...again, startedAt: at("09:59:59") }] }, "run-again 5 3"],
    [
      "is not carried out by the head's first attempt",
      { runs: [{ ...run, startedAt: at("10:00:02"), state: "under-way" }] },
      "run-under-way",
    ],
    ["was carried out, however late it is looked at", { runs: [again], now: at("11:00:00") }, "running 5 2"],
    ["is not executed when the comment was edited", { asked: { ...comment, updatedAt: at("10:00:03") } }, "comment-edited"],
    ["by a button repeats the attempt that it was offered on", { asked: button, now: at("23:00:00") }, "run-again 5 2"],
    ["by a button was carried out when that run has a later attempt", { asked: button, runs: [again] }, "running 5 2"],
    ["by a button was carried out when a later run is there", { asked: button, runs: [run, { ...run, id: 6 }] }, "running 6 1"],
    ["by a button before any evidence repeats the first attempt", { asked: { ...button, newest: null } }, "run-again 5 2"],
    ["by a button before any evidence was carried out by a second", { asked: { ...button, newest: null }, runs: [again] }, "running 5 2"],
    ["by a button asks for the role too", { asked: button, person: { ...dana, login: "eve" } }, "no-role"],
    ["is executed half an hour late", { now: at("10:30:00") }, "run-again 5 2"],
    ["is not executed later than that", { now: at("10:30:01") }, "comment-too-old"],
    ["waits for a readable policy", { snapshot: snapshot({ policy: "" }) }, "policy-unreadable"],
    ["is refused where nothing was merged", { pullRequest: { ...pullRequest, state: "closed" } }, "closed-unmerged"],
    ["is refused to whom the policy does not name", { person: { ...dana, login: "eve" } }, "no-role"],
    ["is refused where no model changes", { changesModel: false }, "no-model-changed"],
    ["of a fork is refused", { pullRequest: fork }, "fork-head"],
    ["of a fork is refused for a part of the commit", { pullRequest: fork, ...named(head.slice(0, 39)) }, "fork-head"],
    ["of a fork is carried out for the whole commit", { pullRequest: fork, ...named(head) }, "run-again 5 2"],
    ["of a fork that moved on is refused", { pullRequest: fork, ...named(sha("b")) }, "head-moved"],
    ["of what is the head no more is refused", named("bbbbbbb"), "head-moved"],
    ["is refused without a run", { runs: [] }, "no-trusted-run"],
    ["is refused where only another event's run is", { runs: [{ ...run, event: "push" }] }, "no-trusted-run"],
    ["is refused where no run is trusted", { runs: [{ ...run, calls: [] }] }, "no-trusted-run"],
    ["is refused where the policy trusts no workflow", { snapshot: snapshot() }, "no-trusted-run"],
    ["is refused while the run is under way", { runs: [{ ...run, state: "under-way" }] }, "run-under-way"],
    ["is refused while the run awaits approval", { runs: [{ ...run, state: "awaits-approval" }] }, "run-awaits-approval"],
    ["is refused when the head came in the comment's second", { runs: [{ ...run, createdAt: at("10:00:00") }] }, "pushed-after-comment"],
    ["is carried out when the head came a second before", { runs: [{ ...run, createdAt: at("09:59:59") }] }, "run-again 5 2"],
    [
      "is refused when a commit that begins alike came later",
      { runs: [{ ...run, createdAt: at("10:00:02") }], ...named(head.slice(0, 12)) },
      "pushed-after-comment",
    ],
    [
      "is carried out for the whole commit, whenever it came",
      { runs: [{ ...run, createdAt: at("10:00:02") }], ...named(head) },
      "run-again 5 2",
    ],
  ])("%s", (_, overrides, expected) => {
    expect(outcome(overrides)).toBe(expected);
  });

  it.each<[string, Partial<EvaluateRequest>, RegExp, string | undefined]>([
    [
      "which workflow to add, and where",
      { runs: [] },
      /adds \.github\/workflows\/slipway\.yml to acme\/models, on pull_request, with a job that uses acme\/slipway/,
      undefined,
    ],
    ["who may", { person: { ...dana, login: "eve" } }, /That is for dana and members of the team ranking/, undefined],
    ["the whole commit of a fork", { pullRequest: fork }, /Read the commit, then spell it out in full/, `/slipway evaluate @${head}`],
    ["the head to name instead", named("bbbbbbb"), /the head of this pull request is aaaaaaaaaaaa now/, "/slipway evaluate @aaaaaaaaaaaa"],
  ])("that is refused is told %s", (_, overrides, message, nextLine) => {
    const decision = decideEvaluate(request(overrides));
    expect(decision).toMatchObject({ kind: "refuse", message: expect.stringMatching(message) });
    expect(decision.kind === "refuse" ? decision.nextLine : decision).toBe(nextLine);
  });

  it("may be everyone's where the policy says so", () => {
    const open = `${policy}commands: {evaluate: {"*": [writer]}}\n`.replace("roles: {", "roles: {writer: {permissions: [write]}, ");
    expect(outcome({ person: { ...dana, login: "eve" }, snapshot: snapshot({ policy: open }) })).toBe("run-again 5 2");
  });
});
