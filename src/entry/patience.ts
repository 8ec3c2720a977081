import { GitHubRateLimited } from "#adapters/github/github-unavailable.ts";

/** A second: GitHub rounds its `retry-after` down, and asked for none at all nothing is gained by hurrying. */
const least = 1000;

/** GitHub's rate is whole again after an hour; a timer that waits longer waits for nothing. */
const most = 3_600_000;

/**
 * Milliseconds after which GitHub, which asked for patience, listens again; undefined for any other failure. What it refused for its rate was not
 * carried out, and every task looks before it writes: doing it again doubles nothing.
 */
export function patienceAfter(error: unknown): number | undefined {
  const waits = limitsIn(error).map(({ retryAfter }) => retryAfter);
  return waits.length === 0 ? undefined : Math.min(most, Math.max(least, ...waits));
}

function limitsIn(error: unknown): readonly GitHubRateLimited[] {
  if (error instanceof GitHubRateLimited) return [error];
  return error instanceof AggregateError ? error.errors.flatMap(limitsIn) : [];
}
