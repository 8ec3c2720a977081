import { describe, expect, test } from "vitest";
import { interleaved } from "#domain/evaluation/operational/interleaving.ts";
import { type ArmRequests, fewestRequests, noRequests } from "#domain/evaluation/operational/requests.ts";

type Arm = { readonly blocks: readonly number[] | null; readonly started?: readonly string[]; readonly machines?: readonly string[] };

/** Two requests in each block; the value is the block. */
function arm({ blocks, started, machines = ["m1"] }: Arm): { readonly values: readonly number[]; readonly arm: ArmRequests } {
  const rows = (blocks ?? [0]).flatMap((block) => [block, block]);
  const requests = { blocks: blocks === null ? null : rows.map(String), started: started ?? null, machines };
  return { values: rows, arm: { ...noRequests, latency: rows, ...requests } };
}

const range = (count: number, step = 1, from = 0): readonly number[] => Array.from({ length: count }, (_, index) => from + index * step);

describe("the arms' blocks", () => {
  const refused: readonly (readonly [string, Arm, Arm, RegExp])[] = [
    ["the requests name none", { blocks: null }, { blocks: null }, /name no block/],
    [
      "they ran on two machines",
      { blocks: range(30) },
      { blocks: range(30), machines: ["m2"] },
      /the candidate ran on m1, the baseline on m2/,
    ],
    ["one after the other: all of one arm, then all of the other", { blocks: range(30) }, { blocks: range(30, 1, 30) }, /are of one arm/],
    ["two and two take turns", { blocks: [0, 1, 4, 5] }, { blocks: [2, 3, 6, 7] }, /blocks "0" and "1" are of one arm/],
    ["one block lacks an arm", { blocks: range(31) }, { blocks: range(30) }, /block "30" holds one arm/],
    ["29 pairs are too few", { blocks: range(29) }, { blocks: range(29) }, /there are 29 pairs of blocks, and at least 30/],
  ];
  test.each(refused)("are no comparison when %s", (_, candidate, baseline, why) => {
    const found = interleaved(arm(candidate), arm(baseline), 2);
    expect(found).toEqual({ kind: "not-interleaved", why: expect.stringMatching(why) });
  });

  const accepted: readonly (readonly [string, Arm, Arm])[] = [
    ["each holds both arms", { blocks: range(30) }, { blocks: range(30) }],
    ["they take turns", { blocks: range(30, 2) }, { blocks: range(30, 2, 1) }],
    [
      "they take turns and change who begins",
      { blocks: range(15, 4).flatMap((block) => [block, block + 3]) },
      { blocks: range(15, 4).flatMap((block) => [block + 1, block + 2]) },
    ],
  ];
  test.each(accepted)("are thirty pairs when %s", (_, candidate, baseline) => {
    const found = interleaved(arm(candidate), arm(baseline), 2);
    expect(found.kind === "interleaved" && found.pairs.map(({ candidate: c, baseline: b }) => [c.length, b.length])).toEqual(
      range(30).map(() => [2, 2]),
    );
  });

  test("are ordered as numbers: block 10 follows 9", () => {
    const found = interleaved(arm({ blocks: range(30, 2) }), arm({ blocks: range(30, 2, 1) }), 2);
    expect(found.kind === "interleaved" && found.pairs[5]).toMatchObject({ candidate: [10, 10], baseline: [11, 11] });
  });

  test("name the block and the arm that has too few requests", () => {
    const short = arm({ blocks: range(30) });
    const one = { values: short.values.slice(1), arm: { ...short.arm, blocks: short.arm.blocks?.slice(1) ?? null } };
    expect(interleaved(one, arm({ blocks: range(30) }), 2)).toMatchObject({
      why: 'block "0" has 1 requests of the candidate, and at least 2 are needed',
    });
  });

  test("must be stretches of time where the start of each request is known: labels alone do not make blocks", () => {
    const times = (from: number): readonly string[] =>
      range(60).map((index) => `2026-11-20T10:00:00.${String(from + index).padStart(3, "0")}Z`);
    const oneAfterTheOther = [arm({ blocks: range(30), started: times(0) }), arm({ blocks: range(30), started: times(60) })] as const;
    expect(interleaved(...oneAfterTheOther, 2)).toMatchObject({ why: 'block "0" was still running when the next one started' });
    const side = (at: number): readonly string[] =>
      range(30)
        .flatMap((block) => [block * 100 + at, block * 100 + at + 2])
        .map(String);
    expect(interleaved(arm({ blocks: range(30), started: side(0) }), arm({ blocks: range(30), started: side(1) }), 2).kind).toBe(
      "interleaved",
    );
  });
});

test("ten requests must lie beyond a quantile: a thousand for p99, and never fewer than thirty", () => {
  expect([0.5, 0.9, 0.95, 0.99, 0.999, 0.01].map(fewestRequests)).toEqual([30, 100, 200, 1000, 10_000, 1000]);
});
