/**
 * `npm run test:simulation`: histories of the whole App in a simulated world, each from a seed, each step judged.
 * SLIPWAY_HISTORIES=1000000 plays more of them, SLIPWAY_SECONDS=240 no longer than that, SLIPWAY_SEED_BASE=7000000 others (those after that seed), SLIPWAY_SEED=4711 plays and shrinks that
 * one, `-- --mutants` plays only the mutants, `-- --mutants=approval` those whose name has that word, `-- --no-mutants` none.
 */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { coverage } from "./coverage.ts";
import { mutants } from "./mutants.ts";
import { patchModules } from "./patched-modules.ts";
import { Tally } from "./tally.ts";
import type { Share, Told } from "./worker.ts";

/** With fewer, that a rare thing did not happen says nothing. */
const allHistories = 100_000;
/** A mutant is found long before. */
const historiesOfMutant = 4_000;

const workers = Math.max(1, Math.min(8, availableParallelism()));

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
async function replay(seed: number): Promise<boolean> {
  patchModules([]);
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

async function playHistories(base: number, count: number): Promise<readonly boolean[]> {
  const started = performance.now();
  const share = { from: base + 1, count, workers, patches: [], untilBroken: false, seconds };
  const told = await Promise.all(Array.from({ length: workers }, (_, worker) => playShare({ ...share, worker })));
  const took = (performance.now() - started) / 1000;
  const tally = new Tally();
  for (const { counts } of told) tally.addAll(counts);
  const { text, missed } = coverage(tally);
  console.log(text);
  const broken = told.flatMap((one) => one.broken).toSorted((a, b) => a.seed - b.seed);
  for (const { seed, number, name, what } of broken) {
    console.log(`\nSeed ${seed} breaks invariant ${number}, ${name}: ${what}`);
    console.log(`  replay: SLIPWAY_SEED=${seed} npm run test:simulation`);
  }
  const [first] = broken;
  if (first !== undefined) await replay(first.seed);
  if (missed.length > 0) console.log(`\nIt never came to: ${missed.join("; ")}`);
  const [histories, steps] = [sum(told.map((one) => one.histories)), sum(told.map((one) => one.steps))];
  console.log(`\n${histories} histories, ${steps} steps, ${broken.length} violations (${took.toFixed(0)} s, ${workers} workers)`);
  if (histories < count && broken.length === 0) console.log(`The time was over after ${histories} of ${count} histories.`);
  return [histories > 0 && broken.length === 0, ...(histories < allHistories ? [] : [missed.length === 0])];
}

/** Each by one worker, as many at once as there are: loading the App costs as much as finding most of them. */
async function playMutants(word: string): Promise<readonly boolean[]> {
  const outcomes: boolean[] = [];
  const left = mutants.filter((mutant) => mutant.name.includes(word));
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
        const { name, patches } = mutant;
        const told = await playShare({
          from: 1,
          count: historiesOfMutant,
          workers: 1,
          worker: 0,
          patches,
          untilBroken: true,
          seconds: Number.MAX_SAFE_INTEGER,
        });
        const [found] = told.broken;
        const { from, to } = found?.shrunk ?? { from: 0, to: 0 };
        outcomes.push(to > 0 && to < from);
        console.log(
          found === undefined
            ? `NOT FOUND in ${told.histories} histories: ${name}`
            : `found: ${name} (seed ${found.seed}, shrunk from ${from} steps to ${to}: ${found.name})`,
        );
      }
    }),
  );
  return outcomes;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

const seed = process.env["SLIPWAY_SEED"];
const base = Number(process.env["SLIPWAY_SEED_BASE"] ?? 0);
const count = Number(process.env["SLIPWAY_HISTORIES"] ?? allHistories);
const seconds = Number(process.env["SLIPWAY_SECONDS"] ?? Number.MAX_SAFE_INTEGER);
const [, word] = /^--mutants(?:=(.*))?$/.exec(process.argv.find((argument) => argument.startsWith("--mutants")) ?? "") ?? [];
const onlyMutants = process.argv.some((argument) => argument.startsWith("--mutants"));
const noMutants = process.argv.includes("--no-mutants");
const outcomes =
  seed === undefined
    ? [...(onlyMutants ? [] : await playHistories(base, count)), ...(noMutants ? [] : await playMutants(word ?? ""))]
    : [await replay(Number(seed))];
const passed = outcomes.filter((outcome) => outcome).length;
console.log(`${passed} passed, ${outcomes.length - passed} failed`);
process.exitCode = outcomes.length > 0 && passed === outcomes.length ? 0 : 1;
