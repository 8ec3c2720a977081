/**
 * `npm run bench [-- --rows 10000000] [--runs 3] [--peers polars,pandas]`: measures `slipway evaluate` as a whole process against the bare
 * SQL and against libraries of the field, on the same Parquet files, in alternating runs. Answers are compared before anything is timed.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Answer, answerOf, type Contestant, checkEqual, slipway } from "./contestants.ts";
import { makeData } from "./make-data.ts";
import { measureProcess, type Taken } from "./measure-process.ts";

const root = resolve(import.meta.dirname, "..");
const cache = join(root, ".cache", "bench");
const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "10000000" },
    runs: { type: "string", default: "3" },
    peers: { type: "string", default: "polars,pandas,sklearn" },
  },
});
const rows = Number(values.rows);
const runs = Number(values.runs);
const python = installedPeers();
const peers = python === null ? [] : values.peers.split(",").filter((name) => name !== "");

print(
  await race("ranking: nDCG@10, recall@10, MRR, two arms, paired intervals", [
    ...(await ranking({ text: false, slices: 0 })),
    ...peersOf("ranking", `ranking-${rows}`),
  ]),
);
print(await race("ranking with ten slices", await rankingAlone("ten slices", { text: false, slices: 10 })));
print(await race("ranking with ids that are texts", await rankingAlone("text ids", { text: true, slices: 0 })));
print(
  await race("rows: AUC, two arms, DeLong", [
    slipway(root, (await makeData(cache, { kind: "rows", rows, text: false, slices: 0 })).folder, "slipway evaluate"),
    ...peersOf("rows", `rows-${rows}`),
  ]),
);
print(machine());

function print(part: string): void {
  process.stdout.write(`${part}\n\n`);
}

async function ranking(shape: { readonly text: boolean; readonly slices: number }): Promise<readonly Contestant[]> {
  const { folder } = await makeData(cache, { kind: "ranking", rows, ...shape });
  return [
    slipway(root, folder, "slipway evaluate"),
    { name: "bare SQL", command: process.execPath, args: [join(root, "bench", "prototype.ts"), folder], answer: answerOf },
  ];
}

async function rankingAlone(name: string, shape: { readonly text: boolean; readonly slices: number }): Promise<readonly Contestant[]> {
  const [own] = await ranking(shape);
  return own === undefined ? [] : [{ ...own, name: `slipway evaluate, ${name}` }];
}

function peersOf(kind: "ranking" | "rows", folder: string): readonly Contestant[] {
  return peers.flatMap((peer): readonly Contestant[] => {
    const script = join(root, "bench", "peers", `${kind}_${peer.replace("-", "_")}.py`);
    if (python === null || !existsSync(script)) return [];
    return [{ name: peer, command: python, args: [script, join(cache, folder)], answer: answerOf }];
  });
}

/** A virtual environment with the libraries to compare with; null, with a word, where there is no Python or no index to install from. */
function installedPeers(): string | null {
  const folder = join(cache, "venv");
  const installed = join(folder, "bin", "python");
  if (existsSync(join(folder, "ready"))) return installed;
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ["python3", ["-m", "venv", folder]],
    [installed, ["-m", "pip", "install", "--quiet", "-r", join(root, "bench", "peers", "requirements.txt")]],
    ["touch", [join(folder, "ready")]],
  ];
  for (const [command, args] of steps) {
    if (spawnSync(command, args, { stdio: "inherit" }).status === 0) continue;
    process.stderr.write(`Without peers: ${command} ${args.join(" ")} failed.\n`);
    return null;
  }
  return installed;
}

/** Runs them by turns, so that a busy minute meets all of them; the first run of each is for its answer, and to warm the files. */
async function race(title: string, contestants: readonly Contestant[]): Promise<string> {
  const answers: (readonly [string, Answer])[] = [];
  for (const { name, command, args, answer } of contestants) answers.push([name, answer((await measureProcess(command, args)).output)]);
  checkEqual(answers);
  const taken = new Map<string, Taken[]>(contestants.map(({ name }) => [name, []]));
  for (let run = 0; run < runs; run += 1)
    for (const { name, command, args } of contestants) taken.get(name)?.push(await measureProcess(command, args));
  const first = summary(taken.get(contestants[0]?.name ?? "") ?? []);
  const lines = [...taken].map(([name, own]) => {
    const { wall, median, cpu, peak } = summary(own);
    const ratios = `${(first.wall / wall).toFixed(2)} | ${(first.cpu / cpu).toFixed(2)} | ${(first.peak / peak).toFixed(2)}`;
    return `| ${name} | ${wall.toFixed(2)} | ${median.toFixed(2)} | ${cpu.toFixed(2)} | ${peak.toFixed(0)} | ${ratios} |`;
  });
  const head =
    "| who | wall s, least | median | CPU s | peak MB | our wall / theirs | CPU | peak |\n| --- | --- | --- | --- | --- | --- | --- | --- |";
  return `**${title}**, ${rows.toLocaleString("en")} rows an arm\n\n${head}\n${lines.join("\n")}`;
}

function summary(all: readonly Taken[]): Omit<Taken, "output"> & { readonly median: number } {
  const least = (of: (taken: Taken) => number): number => Math.min(...all.map(of));
  const walls = all.map(({ wall }) => wall).toSorted((a, b) => a - b);
  return {
    wall: least(({ wall }) => wall),
    median: walls[Math.floor(walls.length / 2)] ?? 0,
    cpu: least(({ cpu }) => cpu),
    peak: least(({ peak }) => peak),
  };
}

function machine(): string {
  const load = loadavg()
    .map((value) => value.toFixed(1))
    .join(", ");
  return `${availableParallelism()} cores of ${cpus()[0]?.model ?? "an unknown processor"}, load ${load} at the end, ${runs} runs each, Node ${process.version}`;
}
