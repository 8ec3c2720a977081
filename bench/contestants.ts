import { join } from "node:path";
import { z } from "zod";

/** A program that answers the question of a race. */
export type Contestant = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly answer: (output: string) => Answer;
};

/** Values by what they are: "candidate ndcg@10", "standard error mrr". */
export type Answer = Readonly<Record<string, number>>;

/** What others print: one JSON object in the last line. */
export function answerOf(output: string): Answer {
  return z.record(z.string(), z.number()).parse(JSON.parse(output.trim().split("\n").at(-1) ?? ""));
}

const reportSchema = z.object({
  measurements: z.array(
    z.object({
      metric: z.string(),
      slice: z.unknown(),
      candidate: z.object({ value: z.number() }),
      baseline: z.object({ value: z.number() }),
      difference: z.object({ standardError: z.number() }),
    }),
  ),
});

/** The whole command, as a person calls it. */
export function slipway(root: string, folder: string, name: string): Contestant {
  return {
    name,
    command: process.execPath,
    args: [join(root, "src", "entry", "cli.ts"), "evaluate", folder, "--baseline", "baseline", "--json"],
    answer: (output) => {
      const all = reportSchema.parse(JSON.parse(output)).measurements.filter(({ slice }) => slice === null);
      return Object.fromEntries(
        all.flatMap(({ metric, candidate, baseline, difference }) => [
          [`candidate ${metric}`, candidate.value],
          [`baseline ${metric}`, baseline.value],
          [`standard error ${metric}`, difference.standardError],
        ]),
      );
    },
  };
}

/** Ties are broken by other rules elsewhere, which moves a mean over many queries by less than this. */
const tolerance = 1e-6;

/** Refuses to time answers that differ; a contestant may leave out what it cannot compute. */
export function checkEqual(answers: readonly (readonly [name: string, answer: Answer])[]): void {
  const [own, ...others] = answers;
  if (own === undefined) return;
  for (const [name, answer] of others)
    for (const [what, value] of Object.entries(answer)) {
      const ours = own[1][what];
      if (ours !== undefined && Math.abs(ours - value) <= tolerance) continue;
      throw new Error(`${what}: ${own[0]} says ${ours}, ${name} says ${value}. Nothing is timed before they agree.`);
    }
}
