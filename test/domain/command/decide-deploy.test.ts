import { describe, expect, it } from "vitest";
import { decideDeploy } from "#domain/command/decide-deploy.ts";
import type { DeployRequest } from "#domain/command/deploy-request.ts";
import { parseComment } from "#domain/command/parse-comment.ts";
import { holdPath, policyPath, statePath } from "#domain/environment/paths.ts";
import { commitShaSchema, environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import { releaseId } from "#domain/rollout/release.ts";
import {
  at,
  baseline,
  candidate,
  deployRequest,
  failing,
  freezeFile,
  head,
  hold,
  judged,
  judgement,
  openRelease,
  policyText,
  prefix,
  production,
  ranker,
  sha,
  snapshot,
  staging,
  state,
  verified,
  version,
} from "./deploy-request-builder.ts";

const usual = deployRequest();
const { comment, pullRequest, command } = usual;
const short = head.slice(0, 12);

function outcome(overrides: Partial<DeployRequest>): string {
  const decision = decideDeploy(deployRequest(overrides));
  return decision.kind === "start" ? "start" : decision.code;
}

function refusal(overrides: Partial<DeployRequest>) {
  const decision = decideDeploy(deployRequest(overrides));
  if (decision.kind !== "refuse") throw new Error(`not refused but ${decision.kind}`);
  return decision;
}

const merged = { ...pullRequest, state: "closed" as const, merged: true };
const toProduction = { ...command, environment: production, sha: prefix(head) };
const ordered = policyText.replace("{name: production,", "{name: production, after: staging,");

describe("a deploy", () => {
  it("starts when nothing speaks against it, on the head that was evaluated, under the policy that was read", () => {
    const request = deployRequest();
    expect(decideDeploy(request)).toEqual({
      kind: "start",
      release: releaseId("77", staging, ranker, candidate.digest),
      model: ranker,
      environment: staging,
      sha: head,
      candidate,
      live: baseline,
      evidence: judged().evidence,
      policy: request.snapshot.head,
      message: "Starts the release of ranker 2.0 to staging.",
    });
  });

  it("is the same decision when it is taken twice", () => {
    expect(decideDeploy(deployRequest())).toEqual(decideDeploy(deployRequest()));
  });

  it("starts beside nothing where the environment has no version of the model yet", () => {
    expect(decideDeploy(deployRequest({ snapshot: snapshot({ states: [state({ environment: production })] }) }))).toMatchObject({
      kind: "start",
      live: null,
    });
  });
});

describe("a comment", () => {
  it.each([
    ["of a bot is passed over", { comment: { ...comment, byBot: true } }, "by-bot"],
    ["that was executed is passed over", { executed: true }, "already-executed"],
    [
      "that was executed is passed over even if it was edited since",
      { executed: true, comment: { ...comment, updatedAt: at("10:01:00") } },
      "already-executed",
    ],
    ["that was edited is refused", { comment: { ...comment, updatedAt: at("10:00:01") } }, "comment-edited"],
    ["just under 30 minutes old is executed", { now: at("10:29:59.999") }, "start"],
    ["30 minutes old is executed", { now: at("10:30:00") }, "start"],
    ["just over 30 minutes old is answered only", { now: at("10:30:00.001") }, "comment-too-old"],
  ])("%s", (_, overrides, expected) => {
    expect(outcome(overrides)).toBe(expected);
  });

  it("that is not executed can be posted anew", () => {
    expect(refusal({ now: at("11:00:00"), command: toProduction }).nextLine).toBe(`/slipway deploy production @${head}`);
  });
});

describe("the policy", () => {
  const files = (texts: Record<string, string>) => ({ snapshot: snapshot({ texts }) });

  it.each([
    ["that breaks its schema", files({ [policyPath]: policyText.replace("kind: Policy", "kind: Polity") })],
    ["that breaks a rule across its fields", files({ [policyPath]: `${policyText}reference: nowhere\n` })],
    ["that is not there", { snapshot: { ...snapshot(), texts: new Map() } }],
  ])("%s lets nobody deploy", (_, overrides) => {
    expect(outcome(overrides)).toBe("policy-unreadable");
  });

  it("says which environments there are, and the nearest one is offered", () => {
    const environment = environmentNameSchema.parse("stagin");
    expect(refusal({ command: { ...command, environment } })).toEqual({
      kind: "refuse",
      code: "unknown-environment",
      message: "The policy has no environment stagin; it has staging, production.",
      nextLine: "/slipway deploy staging",
    });
    expect(refusal({ command: { ...command, environment: environmentNameSchema.parse("moon") } })).not.toHaveProperty("nextLine");
  });

  it.each([
    ["another model", policyText.replace("ranker:", "other:"), "model-not-in-policy"],
    ["another repository of that name", policyText.replace("id: 1,", "id: 2,"), "repository-not-named-by-policy"],
    ["another name for that repository", policyText.replace("acme/models", "acme/models2"), "repository-not-named-by-policy"],
    ["another base", policyText.replace("bases: [main]", "bases: [release, stable]"), "base-not-named-by-policy"],
  ])("that names %s refuses", (_, policy, code) => {
    expect(outcome({ snapshot: snapshot({ policy }) })).toBe(code);
  });

  it("is not fooled by a model with the name of something that every object has", () => {
    const model = modelNameSchema.parse("constructor");
    expect(outcome({ judgement: judgement([judged({ model })]) })).toBe("model-not-in-policy");
  });
});

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
    expect(refusal(by("eve")).message).toBe("eve may not deploy. That is for dana and members of the team ranking.");
  });
});

describe("the commit", () => {
  const other = commitShaSchema.parse(`aaaaaaaaa${"b".repeat(31)}`);
  const spelled = (digits: string) => ({ command: { ...command, sha: prefix(digits) } });
  const seen = (...evaluations: readonly (readonly [typeof head, string])[]) => ({
    evaluations: evaluations.map(([of, time]) => ({ sha: of, evaluatedAt: at(time) })),
  });

  it.each([
    ["must be spelled out in the reference environment", { command: { ...command, environment: production } }, "sha-required"],
    ["spelled out in the reference environment starts", { command: toProduction }, "start"],
    ["in 7 digits starts", spelled(head.slice(0, 7)), "start"],
    ["in full starts", spelled(head), "start"],
    ["left out is the newest evaluated one before the comment", seen([sha("b"), "08:00:00"], [head, "09:00:00"]), "start"],
    ["left out is the newest whatever the order of the records", seen([head, "09:00:00"], [sha("b"), "08:00:00"]), "start"],
    ["left out is the head again when it came back", seen([head, "07:00:00"], [sha("b"), "08:00:00"], [head, "09:00:00"]), "start"],
    ["left out is not what was evaluated after the comment", seen([sha("b"), "09:00:00"], [head, "10:00:01"]), "head-moved"],
    ["left out is not what was evaluated at the moment of the comment", seen([head, "10:00:00"]), "sha-not-evaluated"],
    ["left out was evaluated just before", seen([head, "09:59:59.999"]), "start"],
    ["left out means nothing before the first evaluation", seen(), "sha-not-evaluated"],
    ["must be evaluated", { ...spelled(head), ...seen([sha("b"), "09:00:00"]) }, "sha-not-evaluated"],
    ["in full may be evaluated after the comment", { ...spelled(head), ...seen([head, "10:00:01"]) }, "start"],
    ["in short may not be evaluated after the comment", { ...spelled(short), ...seen([head, "10:00:01"]) }, "sha-not-evaluated"],
    ["in short that fits two is ambiguous", { ...spelled("aaaaaaa"), ...seen([head, "09:00:00"], [other, "09:00:00"]) }, "sha-ambiguous"],
    ["in short that fits one of two starts", { ...spelled("aaaaaaaaaa"), ...seen([head, "09:00:00"], [other, "09:00:00"]) }, "start"],
    ["evaluated twice is still one", { ...spelled("aaaaaaa"), ...seen([head, "08:00:00"], [head, "09:00:00"]) }, "start"],
    [
      "is not one that was made to look alike after the comment",
      { ...spelled("aaaaaaa"), ...seen([other, "09:00:00"], [head, "10:00:01"]) },
      "head-moved",
    ],
    ["that is no longer the head is refused", { ...spelled("bbbbbbb"), ...seen([sha("b"), "09:00:00"], [head, "09:30:00"]) }, "head-moved"],
    ["that was not judged is refused", { judgement: judgement([judged()], { head: sha("b") }) }, "head-moved"],
    ["that was merged is the head", { ...spelled(head), pullRequest: merged }, "start"],
    [
      "that was replaced before the merge is not",
      { ...spelled("bbbbbbb"), pullRequest: merged, ...seen([sha("b"), "09:00:00"]) },
      "head-moved",
    ],
  ] as const)("%s", (_, overrides, expected) => {
    expect(outcome(overrides)).toBe(expected);
  });

  it("that moved is told with the line that means the new head, once it is evaluated", () => {
    const moved = { ...spelled("bbbbbbb"), ...seen([sha("b"), "09:00:00"], [head, "09:30:00"]) };
    expect(refusal(moved)).toMatchObject({
      message: "You mean bbbbbbbbbbbb, but the head of this pull request is aaaaaaaaaaaa now. Look at its report before you deploy it.",
      nextLine: `/slipway deploy staging @${short}`,
    });
    const unevaluated = refusal({ ...spelled("bbbbbbb"), ...seen([sha("b"), "09:00:00"]) });
    expect(unevaluated).not.toHaveProperty("nextLine");
    expect(unevaluated.message).toContain("not evaluated yet");
  });
});

describe("a model", () => {
  const second = modelNameSchema.parse("speller");
  const both = judgement([judged(), judged({ model: second })]);
  const nothing = { evidence: null, verdict: "no-data" } as const;

  it.each([
    ["none changed", { judgement: judgement([]) }, "no-model-changed"],
    ["several changed and none named", { judgement: both }, "model-required"],
    ["several changed and one named", { judgement: both, command: { ...command, model: ranker } }, "start"],
    ["one that is not changed named", { command: { ...command, model: second } }, "model-not-changed"],
    [
      "another one is removed",
      { judgement: judgement([judged({ model: second, code: "removed", candidate: null, evidence: null }), judged()]) },
      "start",
    ],
    ["it is removed", { judgement: judgement([judged({ code: "removed", candidate: null, evidence: null })]) }, "removed"],
    ["no evidence", { judgement: judgement([judged({ ...nothing, code: "no-evidence" })]) }, "no-evidence"],
    ["only self-reported evidence", { judgement: judgement([judged({ ...nothing, code: "only-self-reported" })]) }, "only-self-reported"],
    ["another baseline since", { judgement: judgement([judged({ ...nothing, code: "baseline-moved" })]) }, "baseline-moved"],
    [
      "an invalid definition",
      { judgement: judgement([judged({ ...nothing, verdict: "error", code: "definition-invalid" })]) },
      "definition-invalid",
    ],
    ["a pass without evidence", { judgement: judgement([judged({ evidence: null })]) }, "no-evidence"],
    ["a pass without a version", { judgement: judgement([judged({ candidate: null, code: "definition-changed" })]) }, "definition-changed"],
    ["verdict fail", { judgement: judgement([failing([])]) }, "verdict-not-pass"],
    ["verdict inconclusive", { judgement: judgement([judged({ verdict: "inconclusive" })]) }, "verdict-not-pass"],
    ["verdict no-data", { judgement: judgement([judged({ verdict: "no-data" })]) }, "verdict-not-pass"],
    ["verdict error", { judgement: judgement([judged({ verdict: "error" })]) }, "verdict-not-pass"],
  ] as const)("%s: %s", (_, overrides, expected) => {
    expect(outcome(overrides)).toBe(expected);
  });

  it("must be named where several changed", () => {
    expect(refusal({ judgement: both })).toMatchObject({
      message: "This pull request changes ranker, speller: say which one with --model.",
      nextLine: `/slipway deploy staging @${short} --model ranker`,
    });
  });

  it("that is mistyped is offered", () => {
    const mistyped = modelNameSchema.parse("rankre");
    expect(refusal({ command: { ...command, model: mistyped } }).nextLine).toBe(`/slipway deploy staging @${short} --model ranker`);
  });

  it("that its gates stop is told which of them block, and why", () => {
    const gates = [
      { id: "ndcg@10", verdict: "fail", blocks: "unless-pass", message: "Worse by 5%." },
      { id: "mrr", verdict: "inconclusive", blocks: "unless-pass", message: "Too few queries." },
      { id: "informs", verdict: "fail", blocks: "never", message: "Not told." },
      { id: "slices", verdict: "inconclusive", blocks: "on-fail", message: "Not told." },
      { id: "good", verdict: "pass", blocks: "unless-pass", message: "Not told." },
    ] as const;
    expect(refusal({ judgement: judgement([failing(gates)]) }).message).toBe(
      "ranker 2.0 may not be released: its verdict is fail. ndcg@10: Worse by 5%. mrr: Too few queries.",
    );
  });
});

describe("an environment", () => {
  const staged = (overrides: Parameters<typeof state>[0]) => ({ snapshot: snapshot({ states: [state(overrides)] }) });
  const live = { ...candidate, since: at("04:00:00") };
  const toNext = (staged: Parameters<typeof state>[0]) => ({
    command: toProduction,
    snapshot: snapshot({ policy: ordered, states: [state(staged), state({ environment: production })] }),
  });

  it.each([
    [
      "whose state cannot be read takes nothing",
      { snapshot: snapshot({ texts: { [statePath(staging, ranker)]: "live: [" } }) },
      "state-unreadable",
    ],
    ["in which the digest is live has nothing to do", staged({ live }), "already-live"],
    ["in which the digest is live and verified has nothing to do", staged({ live, verified: [verified(candidate)] }), "already-live"],
    ["that had the digest before takes it again", staged({ verified: [verified(baseline), verified(candidate)] }), "start"],
    ["in which the digest is held refuses it", { snapshot: snapshot({ holds: [hold()] }) }, "held"],
    ["in which another digest is held takes this one", { snapshot: snapshot({ holds: [hold(version("0.9", "9"))] }) }, "start"],
    ["beside one in which it is held takes it", { snapshot: snapshot({ holds: [hold({ environment: production })] }) }, "start"],
    [
      "whose hold cannot be read refuses it",
      { snapshot: snapshot({ texts: { [holdPath(staging, ranker, candidate.digest)]: "?" } }) },
      "held",
    ],
    ["before a freeze takes it", { snapshot: snapshot({ freezes: [freezeFile(at("10:00:05.001"), at("11:00:00"))] }) }, "start"],
    [
      "from the beginning of a freeze refuses it",
      { snapshot: snapshot({ freezes: [freezeFile(at("10:00:05"), at("11:00:00"))] }) },
      "frozen",
    ],
    [
      "until the end of a freeze refuses it",
      { snapshot: snapshot({ freezes: [freezeFile(at("09:00:00"), at("10:00:05.001"))] }) },
      "frozen",
    ],
    ["from the end of a freeze on takes it", { snapshot: snapshot({ freezes: [freezeFile(at("09:00:00"), at("10:00:05"))] }) }, "start"],
    ["whose freeze cannot be read refuses it", { snapshot: snapshot({ texts: { ".slipway/freezes/x.yaml": "?" } }) }, "frozen"],
    ["after one that verified the digest takes it", toNext({ live, verified: [verified(candidate)] }), "start"],
    ["after one that verified it once takes it", toNext({ verified: [verified(baseline), verified(candidate)] }), "start"],
    ["after one that only serves it refuses it", toNext({ live }), "not-verified-before"],
    ["after one that verified another refuses it", toNext({}), "not-verified-before"],
    [
      "after one that never had the model refuses it",
      { command: toProduction, snapshot: snapshot({ policy: ordered, states: [] }) },
      "not-verified-before",
    ],
    [
      "after one that cannot be read refuses it",
      { command: toProduction, snapshot: snapshot({ policy: ordered, texts: { [statePath(staging, ranker)]: "?" } }) },
      "state-unreadable",
    ],
    ["with an open release takes no second one", staged({ release: openRelease(version("1.9", "9")) }), "release-open"],
    ["with an open release of the digest takes no second one", staged({ release: openRelease(candidate) }), "release-open"],
  ])("%s", (_, overrides, expected) => {
    expect(outcome(overrides)).toBe(expected);
  });

  it("that holds the digest says since when, why, and how a person lifts it", () => {
    expect(refusal({ snapshot: snapshot({ holds: [hold()] }) })).toEqual({
      kind: "refuse",
      code: "held",
      message: `ranker 2.0 is held in staging since 2026-11-20T03:00:00Z: latency broke its objective, release r-00000000000000bb. A person of the role holder (members of the team on-call) lifts it by removing ${holdPath(staging, ranker, candidate.digest)} from the environments repository.`,
    });
  });

  it("that is frozen says which freeze, by whom and until when", () => {
    expect(refusal({ snapshot: snapshot({ freezes: [freezeFile(at("09:00:00"), at("11:00:00"))] }) }).message).toBe(
      "The freeze outage, set by lee lasts until 2026-11-20T11:00:00Z (the data centre moves): nothing grows in staging before that. Rollbacks are not frozen.",
    );
  });

  it("that comes later says where to go first", () => {
    expect(refusal(toNext({}))).toMatchObject({
      message:
        "production takes only what staging has verified, and ranker 2.0 (cccccccccccc) is not verified there. Deploy it to staging first.",
      nextLine: `/slipway deploy staging @${short}`,
    });
    expect(refusal(toNext({ release: openRelease(candidate) })).message).toContain("its release r-00000000000000aa is on its way");
  });

  it("that is taken names the holder", () => {
    expect(refusal(staged({ release: openRelease(version("1.9", "9")) })).message).toContain(
      "release r-00000000000000aa of ranker 1.9 from acme/models#3 is progressing at 25 %",
    );
  });
});

describe("a first version", () => {
  const first = { judgement: judgement([judged({ baseline: null })]) };
  const by = (author: string) => ({
    ...first,
    comment: { ...comment, author },
    standing: { permission: "admin" as const, teams: ["ranking"] },
  });

  it.each([
    ["deployed by an approver who is not its author starts", first, "start"],
    ["deployed by a deployer who is no approver does not", by("eve"), "first-version-needs-approver"],
    [
      "deployed by its author does not, though an approver",
      { ...first, pullRequest: { ...pullRequest, author: "Dana" } },
      "first-version-needs-approver",
    ],
    [
      "that is only new on the default branch needs an approver too",
      { ...by("eve"), judgement: usual.judgement, newModels: [ranker] },
      "first-version-needs-approver",
    ],
    [
      "of another model asks nothing of this one",
      { ...by("eve"), judgement: usual.judgement, newModels: [modelNameSchema.parse("other")] },
      "start",
    ],
  ])("%s", (_, overrides, expected) => {
    expect(outcome(overrides)).toBe(expected);
  });

  it("says who approves, and what they type", () => {
    const refused = refusal(by("eve"));
    expect(refused.message).toContain("an approver of the policy other than its author, ada, deploys it. Approvers are lee and dana.");
    expect(refused.nextLine).toBe(`/slipway deploy staging @${short}`);
  });

  it("says that nobody can, where the policy names no approver", () => {
    const policy = policyText.replace("approver: {users: [lee, dana]}, ", "");
    expect(refusal({ ...first, snapshot: snapshot({ policy }) }).message).toContain("The policy names none");
  });
});

describe("of several reasons, the most fundamental one is told", () => {
  const everythingWrong: Partial<DeployRequest> = {
    comment: { ...comment, author: "eve", updatedAt: at("10:00:01") },
    now: at("12:00:00"),
    command: { ...command, environment: environmentNameSchema.parse("moon"), sha: prefix("bbbbbbb") },
    pullRequest: { ...pullRequest, headRepositoryId: 2, state: "closed" },
    judgement: judgement([failing([])], { refusals: [{ code: "repository-not-named-by-policy", message: "Another one." }] }),
    newModels: [ranker],
    snapshot: snapshot({
      policy: "?",
      states: [state({ live: { ...candidate, since: at("01:00:00") }, release: openRelease(candidate) })],
      holds: [hold()],
      freezes: [freezeFile(at("00:00:00"), at("23:00:00"))],
    }),
  };
  const files = {
    holds: [hold()],
    freezes: [freezeFile(at("00:00:00"), at("23:00:00"))],
    states: [state({ release: openRelease(candidate) })],
  };

  /** Mends one reason after the other; each time the next one shows. */
  const mended: readonly (readonly [string, Partial<DeployRequest>])[] = [
    ["comment-edited", {}],
    ["comment-too-old", { comment: { ...comment, author: "eve" } }],
    ["policy-unreadable", { now: at("10:00:05") }],
    [
      "unknown-environment",
      {
        snapshot: snapshot({
          ...files,
          states: [state({ live: { ...candidate, since: at("01:00:00") }, release: openRelease(candidate) })],
        }),
      },
    ],
    ["repository-not-named-by-policy", { command: { ...command, sha: prefix("bbbbbbb") } }],
    ["fork-head", { judgement: judgement([failing([])]) }],
    ["closed-unmerged", { pullRequest: { ...pullRequest, state: "closed" } }],
    ["not-a-deployer", { pullRequest }],
    ["sha-not-evaluated", { comment, standing: { permission: "read", teams: ["ranking"] } }],
    ["verdict-not-pass", { command }],
    ["already-live", { judgement: judgement([judged({ baseline: null })]) }],
    ["held", { snapshot: snapshot(files) }],
    ["frozen", { snapshot: snapshot({ ...files, holds: [] }) }],
    ["release-open", { snapshot: snapshot({ ...files, holds: [], freezes: [] }) }],
    ["first-version-needs-approver", { snapshot: snapshot({ states: [] }), comment: { ...comment, author: "eve" } }],
    ["start", { comment }],
  ];

  it.each(mended.map(([code], index) => [code, index] as const))("%s", (code, index) => {
    const overrides: Partial<DeployRequest> = Object.assign({}, everythingWrong, ...mended.slice(0, index + 1).map(([, next]) => next));
    expect(outcome(overrides)).toBe(code);
  });
});

describe("every line that a refusal offers", () => {
  it("can be typed", () => {
    const requests: Partial<DeployRequest>[] = [
      { now: at("11:00:00") },
      { command: { ...command, environment: production } },
      { command: { ...command, environment: environmentNameSchema.parse("stagin") } },
      { judgement: judgement([judged(), judged({ model: modelNameSchema.parse("speller") })]) },
      { command: toProduction, snapshot: snapshot({ policy: ordered }) },
    ];
    for (const overrides of requests) {
      const { nextLine } = refusal(overrides);
      expect(nextLine).toBeDefined();
      expect(parseComment(nextLine ?? "")).toMatchObject([{ kind: "command", command: { kind: "deploy" } }]);
    }
  });
});
