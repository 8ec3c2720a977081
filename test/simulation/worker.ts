import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { type Patch, patchModules } from "./patched-modules.ts";

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
}

/** What a worker tells when it has ended. */
export interface Told {
  readonly histories: number;
  readonly steps: number;
  readonly reached: readonly string[];
  readonly broken: readonly { readonly seed: number; readonly number: number; readonly name: string; readonly what: string }[];
}

const patchSchema = z.object({ file: z.string(), from: z.string(), to: z.string() });
const shareSchema = z.object({
  from: z.number(),
  count: z.number(),
  workers: z.number(),
  worker: z.number(),
  patches: z.array(patchSchema),
  untilBroken: z.boolean(),
});

/** No more violations than people can read. */
const mostBroken = 5;

const { from, count, workers, worker, patches, untilBroken } = shareSchema.parse(workerData);
patchModules(patches);
const { play } = await import("./play.ts");
const { drawHistory } = await import("./draw-history.ts");

const reached = new Set<string>();
const broken: Told["broken"][number][] = [];
let [histories, steps] = [0, 0];
for (let seed = from + worker; seed < from + count && broken.length < (untilBroken ? 1 : mostBroken); seed += workers) {
  const played = await play(drawHistory(seed));
  histories += 1;
  steps += played.steps;
  for (const one of played.reached) reached.add(one);
  if (played.violation !== undefined) broken.push({ seed, ...played.violation });
}
parentPort?.postMessage({ histories, steps, reached: [...reached], broken } satisfies Told);
