/**
 * `npm run check`: everything that can be said about the tree without running it. Every check reads only, so all run at once (two at a
 * time: the machine that matters has two cores); each prints one line, and what a failed one said stands below.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

interface Outcome {
  readonly check: Check;
  readonly passed: boolean;
  readonly seconds: number;
  readonly output: string;
}

const bin = (name: string): string => join("node_modules", ".bin", name);
const script = (name: string, path: string, ...args: string[]): Check => ({ name, command: process.execPath, args: [path, ...args] });

const checks: readonly Check[] = [
  { name: "format", command: bin("biome"), args: ["ci", "--colors=off", "."] },
  { name: "lint", command: bin("oxlint"), args: ["--deny-warnings", "."] },
  { name: "types", command: bin("tsc"), args: ["--noEmit", "-p", "tsconfig.json"] },
  { name: "types of the domain alone", command: bin("tsc"), args: ["--noEmit", "-p", "src/domain"] },
  { name: "unused code", command: bin("knip"), args: ["--no-progress"] },
  script("generated schemas", "tools/schemas.ts", "--check"),
  script("docs current", "tools/docs.ts", "--check"),
];

const atOnce = 2;

async function run(check: Check): Promise<Outcome> {
  const started = performance.now();
  const { code, output } = await outputOf(check);
  const outcome = { check, passed: code === 0, seconds: (performance.now() - started) / 1000, output };
  console.log(`${outcome.passed ? "ok  " : "FAIL"} ${check.name} (${outcome.seconds.toFixed(1)} s)`);
  return outcome;
}

function outputOf({ command, args }: Check): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve) => {
    const chunks: string[] = [];
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1" } });
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
    child.on("error", (error) => resolve({ code: null, output: String(error) }));
    child.on("close", (code) => resolve({ code, output: chunks.join("") }));
  });
}

async function runAll(waiting: readonly Check[]): Promise<readonly Outcome[]> {
  const queue = [...waiting];
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) outcomes.push(await run(check));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return outcomes;
}

if (!existsSync("node_modules")) throw new Error("There is no node_modules here: run npm ci first, in the root of the repository.");
const failed = (await runAll(checks)).filter(({ passed }) => !passed);
for (const { check, output } of failed) console.log(`\n--- ${check.name}\n${output.trim()}`);
console.log(failed.length === 0 ? `\nAll ${checks.length} checks passed.` : `\n${failed.length} of ${checks.length} checks failed.`);
process.exitCode = failed.length === 0 ? 0 : 1;
