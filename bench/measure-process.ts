import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** What one process took, its start included. */
export type Taken = { readonly wall: number; readonly cpu: number; readonly peak: number; readonly output: string };

/** Linux counts processor time in hundredths of a second. */
const ticksPerSecond = 100;

/** Runs a program to its end; refuses one that fails. Seconds of wall clock and processor, and megabytes, by looking into /proc every 10 ms. */
export async function measureProcess(command: string, args: readonly string[]): Promise<Taken> {
  const started = performance.now();
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let complaint = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (complaint += data.toString()));
  let [cpu, peak] = [0, 0];
  const look = setInterval(() => {
    const found = usageOf(child.pid);
    if (found !== null) [cpu, peak] = [found.cpu, found.peak];
  }, 10);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  clearInterval(look);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${complaint || output}`);
  return { wall: (performance.now() - started) / 1000, cpu, peak, output };
}

/** Of a process that still runs: an ended one has no memory any more. */
function usageOf(pid: number | undefined): { readonly cpu: number; readonly peak: number } | null {
  try {
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
    if (peak === undefined) return null;
    return { cpu: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond, peak: Number(peak) / 1024 };
  } catch {
    return null;
  }
}
