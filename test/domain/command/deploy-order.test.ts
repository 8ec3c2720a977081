import { describe, expect, it } from "vitest";
import { outcome, refusal } from "./deploy-outcome.ts";
import {
  at,
  candidate,
  deployRequest,
  type Files,
  head,
  policyText,
  prefix,
  production,
  snapshot,
  staging,
  state,
  verified,
} from "./deploy-request-builder.ts";

const toProduction = { ...deployRequest().command, environment: production, sha: prefix(head) };
const canary = policyText.replace("{name: production,", "{name: canary}\n  - {name: production, after: [staging, canary],");
const ripe = policyText.replace("{name: production,", "{name: production, after: staging, verifiedFor: 1h,");

function toProductionUnder(policy: string, states: NonNullable<Files["states"]>) {
  return { command: toProduction, snapshot: snapshot({ policy, states }) };
}

describe("the order of environments", () => {
  const here = state({ environment: production });

  it("takes a version that has been verified for long enough", () => {
    const states = [state({ environment: staging, verified: [{ ...verified(candidate), at: at("09:00:05") }] }), here];
    expect(outcome(deployRequest(toProductionUnder(ripe, states)))).toBe("start");
  });

  it("refuses one that was verified a millisecond too late, and says when it may come", () => {
    const states = [state({ environment: staging, verified: [{ ...verified(candidate), at: at("09:00:05.001") }] }), here];
    const answer = refusal(deployRequest(toProductionUnder(ripe, states)));
    expect(answer.code).toBe("verified-too-recently");
    expect(answer.message).toContain("at least 1h");
    expect(answer.message).toContain("T10:00:05.001Z");
  });

  it("asks every environment that stands before it", () => {
    const answer = refusal(
      deployRequest(toProductionUnder(canary, [state({ environment: staging, verified: [verified(candidate)] }), here])),
    );
    expect(answer.code).toBe("not-verified-before");
    expect(answer.message).toContain("canary");
  });
});
