import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";

export type ServingOptions = {
  readonly git: string;
  readonly tokenFile?: string;
  readonly environment: string;
  readonly namespace: string;
  readonly log: string;
  readonly artifacts: string;
  readonly pollMilliseconds?: number;
  readonly seed?: number;
};

export type ServingProcess = {
  readonly url: string;
  readonly pid: number;
  readonly kubernetesToken: string;
  stop(): Promise<void>;
};

const readySchema = z.object({ event: z.literal("ready"), url: z.string(), kubernetesTokenFile: z.string(), pid: z.int() });

/** Starts main.ts and resolves once it listens; the first manifests may still be on their way. */
export async function startServingProcess(options: ServingOptions, onLine: (line: string) => void = () => {}): Promise<ServingProcess> {
  const words = ["--git", options.git, "--environment", options.environment, "--namespace", options.namespace];
  words.push("--log", options.log, "--artifacts", options.artifacts);
  if (options.tokenFile !== undefined) words.push("--token-file", options.tokenFile);
  if (options.pollMilliseconds !== undefined) words.push("--poll", String(options.pollMilliseconds));
  if (options.seed !== undefined) words.push("--seed", String(options.seed));
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts"), ...words], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const lines = createInterface(child.stdout);
  lines.on("line", onLine);
  const first = await Promise.race([once(lines, "line").then(([line]) => String(line)), ended.then(() => undefined)]);
  if (first === undefined) throw new Error("the serving stack ended before it was ready; its standard error says why");
  const ready = readySchema.parse(JSON.parse(first));
  return {
    url: ready.url,
    pid: ready.pid,
    kubernetesToken: readFileSync(ready.kubernetesTokenFile, "utf8").trim(),
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
