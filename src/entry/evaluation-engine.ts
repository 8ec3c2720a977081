import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import type { EvaluationEngine } from "#ports/evaluation-engine.ts";

/** Works with an engine that may use this machine, and leaves nothing of it behind. */
export async function withEvaluationEngine<T>(
  work: (engine: EvaluationEngine) => Promise<T>,
  { memoryLimit = halfOfTheMemory() }: { readonly memoryLimit?: string | undefined } = {},
): Promise<T> {
  const temporaryDirectory = await mkdtemp(join(tmpdir(), "slipway-"));
  try {
    return await work(duckdbEvaluationEngine({ threads: availableParallelism(), memoryLimit, temporaryDirectory }));
  } finally {
    await rm(temporaryDirectory, { recursive: true, force: true });
  }
}

function halfOfTheMemory(): string {
  return `${Math.max(256, Math.floor(totalmem() / 2 / 1_000_000))}MB`;
}
