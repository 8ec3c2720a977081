import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { bigqueryEvaluationEngine } from "#adapters/bigquery/evaluation-engine.ts";
import { bigqueryTables } from "#adapters/bigquery/remote-tables.ts";
import { downloads } from "#adapters/downloads/downloads.ts";
import { duckdbDataFiles } from "#adapters/duckdb/describe-files.ts";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import type { DuckDbSettings } from "#adapters/duckdb/sandbox.ts";
import type { RemoteAccess } from "#flows/find-input.ts";
import type { DataFiles } from "#ports/data-files.ts";
import type { EvaluationEngine } from "#ports/evaluation-engine.ts";
import { bigquerySettings } from "./bigquery-settings.ts";
import { downloadSettings } from "./download-settings.ts";
import { engineBySource } from "./engine-by-source.ts";
import type { RemoteSettings } from "./remote-settings.ts";
import { sourcesByScheme } from "./sources-by-scheme.ts";

export interface EngineOptions {
  readonly memoryLimit?: string | undefined;
  /** Told of each SQL statement before it runs. */
  readonly onStatement?: ((sql: string) => void) | undefined;
}

/**
 * {@link withEvaluationEngine} with data that lies elsewhere: files are copied for as long as the work takes, tables of BigQuery are scored
 * where they lie.
 */
export async function withRemoteSources<T>(
  work: (engine: EvaluationEngine, remote: RemoteAccess, files: DataFiles) => Promise<T>,
  { memoryLimit = halfOfTheMemory(), onStatement, remote }: EngineOptions & { readonly remote: RemoteSettings },
): Promise<T> {
  return withDuckDb(memoryLimit, (settings) => {
    const bigquery = bigquerySettings(remote);
    const sources = sourcesByScheme({
      ...downloads(downloadSettings(remote, join(settings.temporaryDirectory, "copies"))),
      bigquery: bigqueryTables(bigquery),
    });
    const here = duckdbEvaluationEngine({ ...settings, ...(onStatement && { onStatement }) });
    const engine = engineBySource(here, bigqueryEvaluationEngine(bigquery));
    return work(engine, { sources, prefixes: remote.prefixes }, duckdbDataFiles(settings));
  });
}

/** Works with an engine that may use this machine, and a look at the files themselves; leaves nothing of them behind. */
export async function withEvaluationEngine<T>(
  work: (engine: EvaluationEngine, files: DataFiles) => Promise<T>,
  { memoryLimit = halfOfTheMemory(), onStatement }: EngineOptions = {},
): Promise<T> {
  return withDuckDb(memoryLimit, (settings) =>
    work(duckdbEvaluationEngine({ ...settings, ...(onStatement && { onStatement }) }), duckdbDataFiles(settings)),
  );
}

async function withDuckDb<T>(memoryLimit: string, work: (settings: DuckDbSettings) => Promise<T>): Promise<T> {
  const temporaryDirectory = await mkdtemp(join(tmpdir(), "slipway-"));
  try {
    return await work({ threads: availableParallelism(), memoryLimit, temporaryDirectory });
  } finally {
    await rm(temporaryDirectory, { recursive: true, force: true });
  }
}

function halfOfTheMemory(): string {
  return `${Math.max(256, Math.floor(totalmem() / 2 / 1_000_000))}MB`;
}
