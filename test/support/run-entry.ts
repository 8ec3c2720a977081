import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const projectFolder = join(import.meta.dirname, "..", "..");

/** Runs one of the real entries as a process of its own, with an environment of its own. */
export async function runEntry(
  entry: "cli" | "action",
  args: readonly string[],
  { folder = projectFolder, environment = {} }: { readonly folder?: string; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [join(projectFolder, "src", "entry", `${entry}.ts`), ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"] ?? "", HOME: folder, ...environment },
  });
  const [stdout, stderr]: [string[], string[]] = [[], []];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => stdout.push(chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => stderr.push(chunk));
  await once(child, "close");
  return { code: child.exitCode, stdout: stdout.join(""), stderr: stderr.join("") };
}
