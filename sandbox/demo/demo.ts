/**
 * `npm run demo [-- --act N] [--keep]`: one model from pull request to rollback pull request, and its fix to production. Every part is a
 * real process; what they leave lies in `.demo/`.
 */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { Stage } from "#sandbox/stage/stage.ts";
import { worseModel } from "./act-1-worse-model.ts";
import { betterModel } from "./act-2-better-model.ts";
import { canary } from "./act-3-canary.ts";
import { breach } from "./act-4-breach.ts";
import { fix } from "./act-5-fix.ts";
import { staging } from "./act-6-staging.ts";
import { twoReplicas } from "./act-7-two-replicas.ts";
import { attack } from "./act-8-attack.ts";
import { Narrator } from "./narrator.ts";
import type { Story } from "./story.ts";

const { values } = parseArgs({ options: { act: { type: "string" }, keep: { type: "boolean", default: false } } });
const last = values.act === undefined ? 8 : Number(values.act);
if (!Number.isInteger(last) || last < 1 || last > 8) {
  process.stderr.write(
    "usage: npm run demo -- [--act 1…8] [--keep]\n--act N plays the acts up to N and tells only N; --keep leaves everything running until Ctrl-C\n",
  );
  process.exit(64);
}

const acts = [worseModel, betterModel, canary, breach, fix, staging, twoReplicas, attack] as const satisfies readonly ((
  story: Story,
) => Promise<void>)[];
const folder = join(import.meta.dirname, "../../.demo");
const narrator = new Narrator(process.stdout);
const began = Date.now();
let stage: Stage | undefined;
let interrupted = false;

process.once("SIGINT", () => void interrupt("SIGINT", 130));
process.once("SIGTERM", () => void interrupt("SIGTERM", 143));

try {
  narrator.loud = values.act === undefined;
  narrator.say("Slipway: from a pull request to production and back. Everything you see comes from real processes on this machine.");
  stage = await narrator.wait("a local GitHub, two repositories and four people", Stage.set({ folder }));
  const story: Story = { stage, narrator, serving: undefined, memory: new Map() };
  for (const [index, act] of acts.slice(0, last).entries()) {
    narrator.loud = values.act === undefined || index + 1 === last;
    await act(story);
  }
  narrator.loud = true;
  const requests = await stage.double.keptContract();
  narrator.say(`\nAll ${requests} requests to the local GitHub and their answers are what GitHub's published description says.`);
  narrator.say(`\n${whereEverythingLies()}`);
  narrator.say(`\nTold in ${Math.round((Date.now() - began) / 1000)} s.${values.keep ? " Everything keeps running until Ctrl-C." : ""}`);
  if (values.keep) await new Promise(() => undefined);
  await stage.stop();
} catch (error) {
  if (!interrupted) {
    await stage?.stop();
    process.stderr.write(
      `\nThe demo stopped: ${error instanceof Error ? error.message : String(error)}\nLogs of every process: ${relative(process.cwd(), join(folder, "logs"))}/\n`,
    );
    process.exit(1);
  }
}

async function interrupt(signal: string, code: number): Promise<void> {
  interrupted = true;
  process.stdout.write(`\n${signal}: stopping every process of the demo.\n`);
  await stage?.stop();
  process.exit(code);
}

function whereEverythingLies(): string {
  const left = {
    environments: "the environments repository: git log, manifests, state, holds, releases",
    models: "the model repository",
    comments: "every comment, check, pull request body and incident as it was rendered",
    "report.json": "the evidence of the version that is live now",
    "requests.jsonl": "what production logged",
    logs: "what each process printed",
  };
  const lines = Object.entries(left)
    .filter(([path]) => existsSync(join(folder, path)))
    .map(([path, what]) => `  ${relative(process.cwd(), join(folder, path)).padEnd(24)} ${what}`);
  return ["Ready to look at:", ...lines].join("\n");
}
