import { type ArmRequests, ranksOf } from "./requests.ts";

/** The values of both arms in neighbouring stretches of time. */
export type BlockPair = { readonly candidate: readonly number[]; readonly baseline: readonly number[] };

export type Interleaving =
  | { readonly kind: "interleaved"; readonly pairs: readonly BlockPair[] }
  | { readonly kind: "not-interleaved"; readonly why: string };

/** With fewer pairs the t interval over them promises more than it keeps. */
const fewestPairs = 30;

type Values = { readonly values: readonly number[]; readonly arm: ArmRequests };

/**
 * Pairs the arms' requests block by block, or says why they cannot be compared: runs differ from each other by more than versions do, so
 * only what ran alternately is a comparison.
 *
 * Either every block holds both arms, or blocks hold one arm each and take turns (A B A B, A B B A): then two neighbours are a pair. With
 * start times, blocks must also be stretches of time that do not overlap. `fewest` requests of each arm in each block.
 */
export function interleaved(candidate: Values, baseline: Values, fewest: number): Interleaving {
  const no = (why: string): Interleaving => ({ kind: "not-interleaved", why });
  if (candidate.arm.blocks === null || baseline.arm.blocks === null) return no("the requests name no block");
  const machines = [candidate, baseline].map(({ arm }) => arm.machines.join(", "));
  if (machines[0] !== machines[1])
    return no(`the candidate ran on ${machines[0] || "an unnamed machine"}, the baseline on ${machines[1] || "an unnamed machine"}`);

  const blocks = blocksOf([
    { name: "candidate", ...candidate },
    { name: "baseline", ...baseline },
  ]);
  const overlapping = blocks.find((block, index) => block.last > (blocks[index + 1]?.first ?? Number.POSITIVE_INFINITY));
  if (overlapping !== undefined) return no(`block ${JSON.stringify(overlapping.id)} was still running when the next one started`);

  const paired = pairsOf(blocks);
  if (typeof paired === "string") return no(paired);
  if (paired.length < fewestPairs) return no(`there are ${paired.length} pairs of blocks, and at least ${fewestPairs} are needed`);
  for (const { ids, candidate: own, baseline: other } of paired) {
    const [arm, count] = own.length <= other.length ? (["candidate", own.length] as const) : (["baseline", other.length] as const);
    if (count < fewest) return no(`block ${ids} has ${count} requests of the ${arm}, and at least ${fewest} are needed`);
  }
  return { kind: "interleaved", pairs: paired };
}

type ArmName = "candidate" | "baseline";
type Block = {
  readonly id: string;
  readonly rank: number;
  readonly candidate: number[];
  readonly baseline: number[];
  /** Ranks of its first and last start; 0 and -1 where times are not said. */
  first: number;
  last: number;
};

function blocksOf(arms: readonly (Values & { readonly name: ArmName })[]): readonly Block[] {
  const ranks = ranksOf(arms.flatMap(({ arm }) => arm.blocks ?? []));
  const timed = arms.every(({ arm }) => arm.started !== null);
  const starts = timed ? ranksOf(arms.flatMap(({ arm }) => arm.started ?? [])) : null;
  const byRank = new Map<number, Block>();
  let at = 0;
  for (const { name, values, arm } of arms)
    for (const [row, value] of values.entries()) {
      const rank = ranks[at] ?? 0;
      const start = starts?.[at];
      at += 1;
      const block = byRank.get(rank) ?? {
        id: arm.blocks?.[row] ?? "",
        rank,
        candidate: [],
        baseline: [],
        first: start ?? 0,
        last: start ?? -1,
      };
      block[name].push(value);
      if (start !== undefined) {
        block.first = Math.min(block.first, start);
        block.last = Math.max(block.last, start);
      }
      byRank.set(rank, block);
    }
  return [...byRank.values()].toSorted((a, b) => a.rank - b.rank);
}

/** Blocks that hold both arms are pairs already; blocks of one arm each are paired with their neighbour, which must be of the other arm. */
function pairsOf(blocks: readonly Block[]): readonly (BlockPair & { readonly ids: string })[] | string {
  const shared = blocks.filter(({ candidate, baseline }) => candidate.length > 0 && baseline.length > 0);
  if (shared.length === blocks.length) return blocks.map((block) => ({ ids: JSON.stringify(block.id), ...block }));
  if (shared.length > 0) {
    const single = blocks.find((block) => !shared.includes(block));
    return `block ${JSON.stringify(single?.id)} holds one arm, and other blocks hold both`;
  }
  const pairs: (BlockPair & { readonly ids: string })[] = [];
  for (let index = 0; index + 1 < blocks.length; index += 2) {
    const two = blocks.slice(index, index + 2);
    const ids = two.map(({ id }) => JSON.stringify(id)).join(" and ");
    const candidate = two.flatMap((block) => block.candidate);
    const baseline = two.flatMap((block) => block.baseline);
    if (candidate.length === 0 || baseline.length === 0) return `blocks ${ids} are of one arm: they do not take turns`;
    pairs.push({ ids, candidate, baseline });
  }
  return pairs;
}
