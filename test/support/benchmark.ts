import { randomFrom } from "#domain/statistics/random.ts";
import type { Row } from "./fakes/evaluation-engine.ts";

export type MadeBenchmark = {
  readonly blocks?: number;
  readonly requests?: number;
  /** How much slower the candidate is: 1.03 is 3 %. */
  readonly ratio?: number;
  /** Which arms run in a block, in turn. */
  readonly turns?: readonly (readonly ("candidate" | "baseline")[])[];
  readonly cells?: Row;
  readonly seed?: string;
};

const both = ["candidate", "baseline"] as const;

/** Requests of both arms, log-normal around 20 ms, each block with a pace of its own that both arms share. */
export function madeBenchmark({
  blocks = 30,
  requests = 100,
  ratio = 1,
  turns = [both],
  cells = {},
  seed = "bench",
}: MadeBenchmark = {}): readonly Row[] {
  const random = randomFrom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random.share())) * Math.cos(2 * Math.PI * random.share());
  return Array.from({ length: blocks }, (_, block) => {
    const pace = 20 * Math.exp(0.08 * normal());
    return (turns[block % turns.length] ?? both).flatMap((arm) =>
      Array.from({ length: requests }, () => ({
        arm,
        block,
        latency_ms: pace * Math.exp(0.3 * normal()) * (arm === "candidate" ? ratio : 1),
        machine: "c7g.xlarge",
        ...cells,
      })),
    );
  }).flat();
}
