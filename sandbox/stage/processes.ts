import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync } from "node:fs";
import { getPriority, setPriority } from "node:os";
import { dirname } from "node:path";
import { createInterface } from "node:readline";

export interface Start {
  readonly name: string;
  /** A script and its arguments, for this Node. */
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Everything that it prints is appended here. */
  readonly logFile: string;
  /** Leaves the processor to the others when it is scarce: in a shop it runs on another machine than the traffic. */
  readonly yields?: boolean;
}

/** A process of the stage, and the JSON lines that it prints. */
export interface Running {
  readonly name: string;
  readonly pid: number;
  /** The first printed line that fits, also one that was printed before the call. */
  line(fits: (line: Readonly<Record<string, unknown>>) => boolean): Promise<Readonly<Record<string, unknown>>>;
  /** Every JSON line so far, in order. */
  lines(): readonly Readonly<Record<string, unknown>>[];
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** By how much the niceness is raised. */
const yielding = 5;

/** Starts processes and remembers them, so that whatever ends the stage ends them all. */
export class Processes {
  readonly #running = new Set<ChildProcess>();

  start({ name, argv, env, logFile, yields = false }: Start): Running {
    mkdirSync(dirname(logFile), { recursive: true });
    const log = createWriteStream(logFile, { flags: "a" });
    const child = spawn(process.execPath, argv, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...env },
    });
    this.#running.add(child);
    if (yields && child.pid !== undefined) setPriority(child.pid, Math.min(19, getPriority() + yielding));
    child.once("exit", () => this.#running.delete(child));
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });

    const lines: Readonly<Record<string, unknown>>[] = [];
    const listeners = new Set<() => void>();
    createInterface({ input: child.stdout }).on("line", (text) => {
      const line = jsonObject(text);
      if (line === undefined) return;
      lines.push(line);
      for (const listener of listeners) listener();
    });

    return {
      name,
      pid: child.pid ?? 0,
      lines: () => lines,
      line: (fits) =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            const found = lines.find(fits);
            if (found === undefined) return;
            listeners.delete(look);
            resolve(found);
          };
          listeners.add(look);
          child.once("exit", (code, signal) =>
            reject(new Error(`${name} ended with ${code ?? signal} before it said what was awaited; see ${logFile}`)),
          );
          look();
        }),
      kill: async (signal) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, "exit");
        child.kill(signal);
        await ended;
      },
    };
  }

  /** Asks all to end, and ends those that do not. */
  async stop(): Promise<void> {
    await Promise.all([...this.#running].map(stopped));
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), 3000);
  await ended;
  clearTimeout(patience);
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}
