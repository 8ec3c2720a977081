import type { EvaluationEngine, InputFile } from "#ports/evaluation-engine.ts";

/** Works where the data lies: tables of BigQuery there, files here. */
export function engineBySource(files: EvaluationEngine, tables: EvaluationEngine): EvaluationEngine {
  const of = (...inputs: readonly (readonly InputFile[] | null | undefined)[]): EvaluationEngine =>
    inputs.some((input) => input?.some(({ path }) => path.startsWith("bigquery://"))) ? tables : files;
  return {
    score: (request) => of(request.candidate, request.baseline, request.labels, request.items).score(request),
    scoreRows: (request) => of(request.candidate, request.baseline, request.labels).scoreRows(request),
    scoreUnits: (request) => of(request.candidate, request.baseline, request.labels).scoreUnits(request),
    inspect: (request) => of(request.candidate, request.baseline, request.labels).inspect(request),
    readColumns: (request) => of(request.files).readColumns(request),
  };
}
