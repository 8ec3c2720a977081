import type { PreflightFinding } from "#domain/evaluation/report.ts";
import type { InputFile } from "#ports/evaluation-engine.ts";

/** Stops scoring with what is wrong with the data; the engine turns it into its answer. */
export class DataProblem extends Error {
  override readonly name = "DataProblem";
  readonly finding: PreflightFinding;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.finding = { code, verdict: "error", message };
  }
}

const longestDetail = 300;

/** DuckDB's first line about a file, with the names that people know instead of this machine's paths. */
export function detailOf(error: unknown, files: readonly InputFile[]): string {
  const text = error instanceof Error ? error.message : String(error);
  const [firstLine = ""] = text.split("\n");
  const named = files.reduce((line, { path, name }) => line.replaceAll(path, name), firstLine);
  return named.slice(0, longestDetail);
}
