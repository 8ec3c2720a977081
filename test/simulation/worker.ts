import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { type Patch, patchModules } from "./patched-modules.ts";
import { Tally } from "./tally.ts";

/** What a worker is told: whose histories it plays, and how far it may go. */
export interface Share {
  readonly from: number;
  readonly count: number;
  /** It plays every so manieth, beginning with its own. */
  readonly workers: number;
  readonly worker: number;
  readonly patches: readonly Patch[];
  /** It ends at the first violation. */
  readonly untilBroken: boolean;
  /** It begins no history after so many seconds. */
  readonly seconds: number;
}

/** What a worker tells when it has ended. */
export interface Told {
  readonly histories: number;
  readonly steps: number;
  readonly counts: Tally["counts"];
  readonly broken: readonly Broken[];
}

export interface Broken {
  readonly seed: number;
  readonly number: number;
  readonly name: string;
  readonly what: string;
  /** Steps of the history, and what shrinking left of them; only of a mutant. */
  readonly shrunk?: { readonly from: number; readonly to: number };
}

const patchSchema = z.object({ file: z.string(), from: z.string(), to: z.string() });
const shareSchema = z.object({
  from: z.number(),
  count: z.number(),
  workers: z.number(),
  worker: z.number(),
  patches: z.array(patchSchema),
  untilBroken: z.boolean(),
  seconds: z.number(),
});

/** No more violations than people can read. */
const mostBroken = 5;
/** Enough to see that a mutant's history shrinks. */
const fewTries = 60;

const { from, count, workers, worker, patches, untilBroken, seconds } = shareSchema.parse(workerData);
patchModules(patches);
const { play } = await import("./play.ts");
const { drawHistory } = await import("./draw-history.ts");
const { shrink } = await import("./shrink.ts");

const tally = new Tally();
const broken: Broken[] = [];
let [histories, steps] = [0, 0];
const isOver = () => broken.length >= (untilBroken ? 1 : mostBroken) || performance.now() > seconds * 1000;
for (let seed = from + worker; seed < from + count && !isOver(); seed += workers) {
  const played = await play(drawHistory(seed));
  histories += 1;
  steps += played.steps;
  tally.addAll(played.counts);
  const { violation } = played;
  if (violation === undefined) continue;
  broken.push({ seed, ...violation, ...(untilBroken && { shrunk: await shrunk(seed, violation.name) }) });
}
parentPort?.postMessage({ histories, steps, counts: tally.counts, broken } satisfies Told);

/** The seed is played anew for every try: what does not fail again by itself does not shrink. */
async function shrunk(seed: number, name: string): Promise<NonNullable<Broken["shrunk"]>> {
  const history = drawHistory(seed);
  const short = await shrink(history, async (smaller) => (await play(smaller)).violation?.name === name, fewTries);
  return { from: history.steps.length, to: short.steps.length };
}
