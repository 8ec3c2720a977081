import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { judgeBurnRate, judgeRecent, judgeWindow } from "#domain/slo/judge-objective.ts";
import { type Objective, objectiveSchema } from "#domain/slo/objective.ts";
import { at, latency } from "#test/support/builders.ts";

const objective: Objective = objectiveSchema.parse(latency);
const rule = { long: 4000, short: 1000, factor: 5 };
const count = (good: number, total: number) => ({ from: at(0), to: at(2000), good, total });

describe("a window against an objective of 90 %", () => {
  // Wilson bounds as statsmodels proportion_confint(method="wilson") gives them.
  test.each([
    { good: 0, total: 0, verdict: "no-data", lower: null },
    { good: 30, total: 30, verdict: "inconclusive", lower: 0.8865 },
    { good: 34, total: 34, verdict: "inconclusive", lower: 0.8985 },
    { good: 35, total: 35, verdict: "pass", lower: 0.9011 },
    { good: 60, total: 60, verdict: "pass", lower: 0.9398 },
    { good: 27, total: 30, verdict: "inconclusive", lower: 0.7438 },
    { good: 20, total: 30, verdict: "fail", lower: 0.4878 },
    { good: 0, total: 3, verdict: "fail", lower: 0 },
  ])("$good of $total good requests: $verdict", ({ good, total, verdict, lower }) => {
    const judged = judgeWindow(objective, count(good, total));
    expect(judged.verdict).toBe(verdict);
    if (lower === null) expect(judged.lower).toBeNull();
    else expect(judged.lower).toBeCloseTo(lower, 3);
  });

  test("more good requests never make the verdict worse", () => {
    const order = ["fail", "inconclusive", "pass"];
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.nat({ max: 499 }), (total, seed) => {
        const good = seed % total;
        const rank = (share: number) => order.indexOf(judgeWindow(objective, count(share, total)).verdict);
        expect(rank(good + 1)).toBeGreaterThanOrEqual(rank(good));
      }),
    );
  });
});

describe("a budget of 10 % burnt five times too fast, half of the requests bad", () => {
  test.each([
    { long: [0, 100], short: [0, 25], verdict: "fail", about: "both windows burn" },
    { long: [0, 100], short: [25, 25], verdict: "pass", about: "it is over: the short window is good" },
    { long: [100, 100], short: [0, 25], verdict: "pass", about: "it has only begun: the long window is good" },
    { long: [45, 100], short: [0, 25], verdict: "pass", about: "the long window does not prove it" },
    { long: [0, 3], short: [0, 3], verdict: "pass", about: "three requests prove nothing" },
    { long: [0, 100], short: [0, 0], verdict: "pass", about: "nothing came lately" },
    { long: [0, 0], short: [0, 0], verdict: "no-data", about: "nothing came at all" },
  ] as const)("$about: $verdict", ({ long, short, verdict }) => {
    expect(judgeBurnRate(objective, rule, count(long[0], long[1]), count(short[0], short[1])).verdict).toBe(verdict);
  });
});

describe("the last stretch, which is looked at again and again", () => {
  test.each([
    { good: 0, total: 0, verdict: "no-data" },
    { good: 23, total: 30, verdict: "pass" },
    { good: 20, total: 30, verdict: "fail" },
    { good: 60, total: 60, verdict: "pass" },
  ])("$good of $total good requests: $verdict", ({ good, total, verdict }) => {
    expect(judgeRecent(objective, count(good, total)).verdict).toBe(verdict);
  });

  test("proves more than a window before it raises an alarm", () => {
    const both = [judgeWindow(objective, count(23, 30)), judgeRecent(objective, count(23, 30))];
    expect(both.map(({ verdict }) => verdict)).toEqual(["fail", "pass"]);
  });
});
