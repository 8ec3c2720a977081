import { describe, expect, it } from "vitest";
import { decideDeploy } from "#domain/command/decide-deploy.ts";
import type { DeployRequest } from "#domain/command/deploy-request.ts";
import { parseComment } from "#domain/command/parse-comment.ts";
import { policyPath } from "#domain/environment/paths.ts";
import { environmentNameSchema, modelNameSchema } from "#domain/model/names.ts";
import { releaseId } from "#domain/rollout/release.ts";
import { outcome, refusal } from "./deploy-outcome.ts";
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
  snapshot,
  staging,
  state,
} from "./deploy-request-builder.ts";

const { comment, pullRequest, command } = deployRequest();
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
      supersedes: null,
      policy: request.snapshot.head,
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
