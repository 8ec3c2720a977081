import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const cli = join(import.meta.dirname, "../../src/entry/cli.ts");

/** Runs the command line as a person would; answers what it printed. */
export async function slipway(argv: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return run(process.execPath, [cli, ...argv], {
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent" },
    maxBuffer: 64 * 1024 * 1024,
  });
}
