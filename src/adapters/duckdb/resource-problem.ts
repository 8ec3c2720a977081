import type { PreflightFinding } from "#domain/evaluation/report.ts";
import type { DuckDbSettings } from "./sandbox.ts";

/** What DuckDB writes to its temporary directory finds no room there: its own limit is what was free; a quota shows in the write itself. */
const diskFull = /failed to offload data block|max_temp_directory_size|No space left on device|Disk quota exceeded|File too large/;
const memory = /^Out of Memory Error: /;

/**
 * The machine was too small, whatever statement noticed it: said as such, and not as something that is wrong with a file. An error that
 * was already explained otherwise is looked through to its cause.
 */
export function resourceProblem(error: unknown, settings: Pick<DuckDbSettings, "memoryLimit">): PreflightFinding | null {
  if (!(error instanceof Error)) return null;
  const { memoryLimit } = settings;
  if (diskFull.test(error.message)) {
    const message = `DuckDB found no room in its temporary directory for what does not fit into its memory of ${memoryLimit}. Free space there, or set TMPDIR to a directory on a larger disk; with more memory (--memory-limit) it needs less of it.`;
    return { code: "disk-full", verdict: "error", message };
  }
  if (memory.test(error.message)) {
    const message = `DuckDB needs more memory than its limit of ${memoryLimit} to score these files. Raise it with --memory-limit (by default half of the machine's memory), use a larger machine, or evaluate on a sample.`;
    return { code: "memory-limit", verdict: "error", message };
  }
  return resourceProblem(error.cause, settings);
}
