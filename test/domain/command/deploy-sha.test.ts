import { describe, expect, it } from "vitest";
import { commitShaSchema } from "#domain/model/names.ts";
import { outcome, refusal } from "./deploy-outcome.ts";
import { at, deployRequest, head, judged, judgement, prefix, production, sha } from "./deploy-request-builder.ts";

const { pullRequest, command } = deployRequest();
const short = head.slice(0, 12);
const merged = { ...pullRequest, state: "closed" as const, merged: true };
const toProduction = { ...command, environment: production, sha: prefix(head) };

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
