import { expect, test } from "vitest";
import { verdictExitCodes, worstVerdict } from "#domain/evaluation/verdict.ts";

test.each([
  [["pass", "inconclusive", "no-data", "error", "fail"], "fail"],
  [["pass", "inconclusive", "no-data", "error"], "error"],
  [["pass", "inconclusive", "no-data"], "no-data"],
  [["inconclusive", "pass"], "inconclusive"],
  [["pass", "pass"], "pass"],
  [[], "no-data"],
] as const)("the worst of %j is %s", (given, worst) => {
  expect(worstVerdict(given)).toBe(worst);
});

test("exit codes are those that other programs rely on", () => {
  expect(verdictExitCodes).toEqual({ pass: 0, fail: 1, inconclusive: 2, "no-data": 3, error: 4 });
});
