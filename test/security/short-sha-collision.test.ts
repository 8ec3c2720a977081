import { describe, expect, test } from "vitest";
import { commitShaSchema } from "#domain/model/names.ts";
import { outcome, refusal } from "#test/domain/command/deploy-outcome.ts";
import { at, deployRequest, head, prefix } from "#test/domain/command/deploy-request-builder.ts";

/** Seven digits are ground out in minutes: 2^28 commits. */
const twin = commitShaSchema.parse(`${head.slice(0, 12)}${"0".repeat(28)}`);
const { command } = deployRequest();
const naming = (digits: string) => ({ ...command, sha: prefix(digits) });

describe("two evaluated commits that begin alike", () => {
  const evaluations = [
    { sha: head, evaluatedAt: at("08:00:00") },
    { sha: twin, evaluatedAt: at("09:00:00") },
  ];
  test("are ambiguous to a prefix that both have, and the message asks for more of it", () => {
    for (const digits of [7, 12]) {
      const refused = refusal({ evaluations, command: naming(head.slice(0, digits)) });
      expect(refused.code).toBe("sha-ambiguous");
      expect(refused.message).toContain("2 evaluated commits of this pull request begin with");
    }
  });
  test("are told apart by one digit more", () => {
    expect(outcome({ evaluations, command: naming(head.slice(0, 13)) })).toBe("start");
    expect(outcome({ evaluations, command: naming(twin.slice(0, 13)) })).toBe("head-moved");
  });
});

test("a twin made after the comment cannot stand in for what its author saw", () => {
  const { pullRequest, judgement } = deployRequest();
  const evaluations = [
    { sha: head, evaluatedAt: at("08:00:00") },
    { sha: twin, evaluatedAt: at("10:00:03") },
  ];
  const moved = { pullRequest: { ...pullRequest, head: twin }, judgement: { ...judgement, head: twin } };
  expect(outcome({ evaluations, ...moved, command: naming(head.slice(0, 12)) })).toBe("head-moved");
});

test.each(["a".repeat(6), "a".repeat(41), "HEAD", "main", "../a", "a".repeat(39) + "g"])("%s is no commit", (written) => {
  expect(() => prefix(written)).toThrow("a commit is written");
});
