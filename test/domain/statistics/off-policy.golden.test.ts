import { expect, test } from "vitest";
import { z } from "zod";
import {
  clippedInversePropensity,
  directMethod,
  inversePropensity,
  offPolicyObjections,
  replay,
  selfNormalised,
  weightDiagnostics,
} from "#domain/statistics/off-policy.ts";
import type { GoldenCase } from "#test/support/golden.ts";
import { heldCases } from "#test/support/golden-holders.ts";
import { expectEqual, expectEveryRow, inputsOf, numberAt, numbersAt } from "#test/support/golden-row.ts";

const cases = heldCases("off-policy.json", "off-policy.golden.test.ts");

const matrix = z.array(z.array(z.number()));

function logged(known: GoldenCase): {
  rewards: readonly number[];
  weights: readonly number[];
  policy: number[][];
  actions: readonly number[];
} {
  const inputs = inputsOf(known);
  const [policy, actions] = [matrix.parse(inputs["policy"]), numbersAt(inputs, "action")];
  const probabilities = numbersAt(inputs, "logged_probability");
  const weights = actions.map((action, index) => (policy[index]?.[action] ?? Number.NaN) / (probabilities[index] ?? Number.NaN));
  return { rewards: numbersAt(inputs, "reward"), weights, policy, actions };
}

test("every off-policy row that is not doubly robust equals Open Bandit Pipeline's", () => {
  expectEveryRow(cases, {
    ips: (row, known) => {
      const { weights, rewards } = logged(known);
      const found = inversePropensity(weights, rewards);
      expectEqual(found.value, numberAt(row, "value"), `${known.id} IPS`);
      expectEqual(found.standardError, numberAt(row, "standard_error"), "standard error of IPS");
    },
    snips: (row, known) => {
      const { weights, rewards } = logged(known);
      const found = selfNormalised(weights, rewards);
      expectEqual(found?.value, numberAt(row, "value"), `${known.id} SNIPS`);
      expectEqual(found?.standardError, numberAt(row, "standard_error"), "standard error of SNIPS");
    },
    "direct method": (row, known) => {
      const model = matrix.parse(inputsOf(known)["reward_model"]);
      const expectedRewards = logged(known).policy.map((line, index) =>
        line.reduce((sum, probability, action) => sum + probability * (model[index]?.[action] ?? Number.NaN), 0),
      );
      const found = directMethod(expectedRewards);
      expectEqual(found.value, numberAt(row, "value"), `${known.id} direct method`);
      expectEqual(found.standardError, numberAt(row, "standard_error"), "standard error of the direct method");
    },
    "ips, clipped": (row, known) => {
      const { weights, rewards } = logged(known);
      const found = clippedInversePropensity(weights, rewards, numberAt(row, "clip"));
      expectEqual(found.value, numberAt(row, "value"), `${known.id} clipped at ${numberAt(row, "clip")}`);
      expectEqual(found.clippedShare, numberAt(row, "clipped_share"), "share clipped");
    },
    diagnostics: (row, known) => {
      const found = weightDiagnostics(logged(known).weights);
      expectEqual(found.effectiveSampleSize, numberAt(row, "effective_sample_size"), `${known.id} effective sample size`);
      expectEqual(found.effectiveShare, numberAt(row, "ess_share"), "share effective");
      expectEqual(found.meanWeight, numberAt(row, "mean_weight"), "mean weight");
      expectEqual(found.standardErrorOfMeanWeight, numberAt(row, "standard_error_mean_weight"), "its error");
      expectEqual(found.largestWeightShare, numberAt(row, "largest_weight_share"), "largest share");
    },
    replay: (row, known) => {
      const { rewards, policy, actions } = logged(known);
      const matches = policy.map((line, index) => line.indexOf(Math.max(...line)) === actions[index]);
      const found = replay(rewards, matches);
      expectEqual(found.value, numberAt(row, "value"), `${known.id} replay`);
      expect(found.matched).toBe(numberAt(row, "matched"));
    },
  });
});

test("the reference's five decisions give its IPS, SNIPS, error and effective sample size", () => {
  const rewards = [1, 0, 1, 1, 0];
  const weights = [0.5 / 0.25, 0.2 / 0.4, 0.1 / 0.2, 0.8 / 0.4, 0.4 / 0.5];
  expect(inversePropensity(weights, rewards).value).toBeCloseTo(0.9, 12);
  expect(selfNormalised(weights, rewards)?.value).toBeCloseTo(0.775862, 6);
  expect(selfNormalised(weights, rewards)?.standardError).toBeCloseTo(0.168067, 6);
  expect(weightDiagnostics(weights).effectiveSampleSize).toBeCloseTo(3.68053, 5);
});

test("decisions of one cluster count as one: repeating every decision in its cluster keeps the error", () => {
  const [rewards, weights, clusters] = [
    [1, 0, 1, 0.5],
    [2, 0.5, 1, 0.7],
    ["a", "b", "c", "d"],
  ];
  const twice = selfNormalised([...weights, ...weights], [...rewards, ...rewards], [...clusters, ...clusters]);
  expect(twice?.value).toBeCloseTo(selfNormalised(weights, rewards)?.value ?? 0, 12);
  expect(twice?.standardError).toBeCloseTo(selfNormalised(weights, rewards)?.standardError ?? 0, 12);
});

test("an estimate must not gate on too few effective decisions, one weight of 5 %, or a mean weight far from 1", () => {
  const even = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? 0.9 : 1.1));
  expect(offPolicyObjections(weightDiagnostics(even))).toEqual([]);
  expect(offPolicyObjections(weightDiagnostics([...even.slice(1), 5]))).toEqual([]);
  expect(offPolicyObjections(weightDiagnostics([...even.slice(1), 5.3]))).toEqual(["one-weight-dominates"]);
  expect(offPolicyObjections(weightDiagnostics(even.map((weight) => weight * 1.05)))).toEqual(["propensities-wrong"]);
  const rare = Array.from({ length: 30_000 }, (_, index) => (index % 125 === 0 ? 125 : 0));
  expect(offPolicyObjections(weightDiagnostics(rare))).toEqual(["too-few-effective"]);
  expect(selfNormalised([0, 0], [1, 1])).toBeNull();
});
