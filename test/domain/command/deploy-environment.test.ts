import { describe, expect, it } from "vitest";
import { holdPath, statePath } from "#domain/environment/paths.ts";
import { modelNameSchema } from "#domain/model/names.ts";
import { outcome, refusal } from "./deploy-outcome.ts";
import {
  at,
  baseline,
  candidate,
  deployRequest,
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
  verified,
  version,
} from "./deploy-request-builder.ts";

const usual = deployRequest();
const { comment, pullRequest, command } = usual;
const short = head.slice(0, 12);
const toProduction = { ...command, environment: production, sha: prefix(head) };
const ordered = policyText.replace("{name: production,", "{name: production, after: staging,");

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
      message: `ranker 2.0 is held in staging since 2026-11-20T03:00:00Z: latency broke its objective, release r-00000000000000bb. It is lifted by members of the team on-call.`,
      nextLine: `/slipway unhold staging ${candidate.digest} <reason>`,
      who: "members of the team on-call",
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
