import type { PreflightFinding } from "#domain/evaluation/report.ts";

/** Stops scoring with what is wrong with the tables, or with the way to them; the engine turns it into its answer. */
export class BigQueryProblem extends Error {
  override readonly name = "BigQueryProblem";
  readonly finding: PreflightFinding;

  constructor(code: string, message: string, options?: ErrorOptions & { readonly verdict?: "no-data" }) {
    super(message, options);
    this.finding = { code, verdict: options?.verdict ?? "error", message };
  }
}
