import type { PreflightFinding } from "#domain/evaluation/report.ts";
import { type ArmRequests, noRequests } from "./requests.ts";

/** The columns of a predictions file: what names a request, and what was measured of it. */
export type PredictionColumns = {
  readonly key: readonly (readonly (string | null)[])[];
  readonly latency: readonly (number | null)[] | null;
  readonly cost: readonly (number | null)[] | null;
};

export type PredictionRequests =
  | { readonly kind: "requests"; readonly arm: ArmRequests }
  | { readonly kind: "problem"; readonly problem: PreflightFinding };

/** One row a request of an arm's predictions: a query's rows all say the same latency, once. Predictions are of one run, so they have no blocks. */
export function predictionRequests(what: string, rows: number, { key, latency, cost }: PredictionColumns): PredictionRequests {
  const first = new Map<string, number>();
  for (let row = 0; row < rows; row += 1) {
    const name = key.length === 0 ? String(row) : JSON.stringify(key.map((values) => values[row]));
    const known = first.get(name);
    if (known === undefined) first.set(name, row);
    for (const [column, values] of [
      ["latency", latency],
      ["cost", cost],
    ] as const) {
      if (values === null) continue;
      const value = values[row] ?? null;
      const refused = (code: string, message: string): PredictionRequests => ({
        kind: "problem",
        problem: { code, verdict: "error", message: `${what}: the ${column} of request ${name} ${message}` },
      });
      if (value === null) return refused(`${column}-missing`, "is empty. Every request counts: write a timed-out one with its timeout.");
      if (value < 0) return refused(`${column}-negative`, `is below 0: ${value}.`);
      if (known !== undefined && values[known] !== value)
        return refused(
          `${column}-varies-within-request`,
          `is ${values[known]} in one row and ${value} in another. It is one number of the request.`,
        );
    }
  }
  const requests = [...first.values()];
  const ofRequests = (values: readonly (number | null)[] | null): readonly number[] | null =>
    values && requests.map((row) => values[row] ?? 0);
  return { kind: "requests", arm: { ...noRequests, latency: ofRequests(latency), cost: ofRequests(cost) } };
}
