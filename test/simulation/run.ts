/**
 * `npm run test:simulation`: histories of the whole App in a simulated world, each from a seed, each step judged.
 * SLIPWAY_HISTORIES=1000000 plays more of them, SLIPWAY_SEED=4711 plays and shrinks that one, `-- --mutants` plays only the mutants, `-- --no-mutants` none.
 */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { mutants } from "./mutants.ts";
import { type Patch, patchModules } from "./patched-modules.ts";
import type { Share, Told } from "./worker.ts";

const allHistories = 100_000;
/** A mutant is found long before. */
const historiesOfMutant = 4_000;
/** What the histories together must come to, else they show nothing. */
const wanted = ["5 %", "25 %", "100 %", "verified", "paused", "stopping", "rolled-back", "aborted", "held"];

const workers = Math.max(1, Math.min(8, availableParallelism()));

async function playAll(share: Omit<Share, "workers" | "worker">): Promise<Told> {
  const told = await Promise.all(Array.from({ length: workers }, (_, worker) => playShare({ ...share, workers, worker })));
  return {
    histories: told.reduce((sum, { histories }) => sum + histories, 0),
    steps: told.reduce((sum, { steps }) => sum + steps, 0),
    reached: [...new Set(told.flatMap(({ reached }) => reached))],
    broken: told.flatMap(({ broken }) => broken).toSorted((a, b) => a.seed - b.seed),
  };
}

function playShare(share: Share): Promise<Told> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(import.meta.dirname, "worker.ts"), { workerData: share });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => {
      if (code !== 0) reject(new Error(`a worker of the simulation ended with code ${code}`));
    });
  });
}

/** Plays one seed again, shrinks it and prints what is left of it. */
async function replay(seed: number, patches: readonly Patch[] = []): Promise<boolean> {
  patchModules(patches);
  const { play } = await import("./play.ts");
  const { drawHistory } = await import("./draw-history.ts");
  const { shrink } = await import("./shrink.ts");
  const history = drawHistory(seed);
  const { violation } = await play(history);
  if (violation === undefined) {
    console.log(`Seed ${seed}: ${history.steps.length} steps, no violation.`);
    return true;
  }
  const short = await shrink(history, async (smaller) => (await play(smaller)).violation?.name === violation.name);
  const { violation: last = violation } = await play(short);
  console.log(`Seed ${seed} breaks invariant ${last.number}, ${last.name}: ${last.what}`);
  console.log(`Shrunk from ${history.steps.length} steps to ${short.steps.length}: ${JSON.stringify(short.setting)}`);
  for (const [index, step] of short.steps.entries()) console.log(`  ${index}. ${JSON.stringify(step)}`);
  return false;
}

async function playHistories(count: number): Promise<readonly boolean[]> {
  const started = performance.now();
  const { histories, steps, reached, broken } = await playAll({ from: 1, count, patches: [], untilBroken: false });
  const seconds = (performance.now() - started) / 1000;
  for (const { seed, number, name, what } of broken) {
    console.log(`\nSeed ${seed} breaks invariant ${number}, ${name}: ${what}`);
    console.log(`  replay: SLIPWAY_SEED=${seed} npm run test:simulation`);
  }
  const [first] = broken;
  if (first !== undefined) await replay(first.seed);
  const missed = wanted.filter((one) => !reached.includes(one));
  if (missed.length > 0) console.log(`\nNo history came to: ${missed.join(", ")}`);
  console.log(`${histories} histories, ${steps} steps, ${broken.length} violations (${seconds.toFixed(0)} s, ${workers} workers)`);
  return [broken.length === 0, missed.length === 0];
}

async function playMutants(): Promise<readonly boolean[]> {
  const outcomes: boolean[] = [];
  for (const { name, patches } of mutants) {
    const { histories, broken } = await playAll({ from: 1, count: historiesOfMutant, patches, untilBroken: true });
    const [first] = broken;
    outcomes.push(first !== undefined);
    console.log(
      first === undefined ? `NOT FOUND in ${histories} histories: ${name}` : `found: ${name} (seed ${first.seed}: ${first.name})`,
    );
  }
  return outcomes;
}

const seed = process.env["SLIPWAY_SEED"];
const count = Number(process.env["SLIPWAY_HISTORIES"] ?? allHistories);
const onlyMutants = process.argv.includes("--mutants");
const noMutants = process.argv.includes("--no-mutants");
const outcomes =
  seed === undefined
    ? [...(onlyMutants ? [] : await playHistories(count)), ...(noMutants ? [] : await playMutants())]
    : [await replay(Number(seed))];
const passed = outcomes.filter((outcome) => outcome).length;
console.log(`${passed} passed, ${outcomes.length - passed} failed`);
process.exitCode = passed === outcomes.length ? 0 : 1;
