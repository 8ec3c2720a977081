import { GitHubUnavailable } from "#adapters/github/github-unavailable.ts";
import { EnvironmentsKeepMoving } from "#flows/compare-and-swap.ts";

/** The process is gone; whatever of it still runs in memory can neither read nor write. */
export class Dead extends Error {
  override readonly name = "Dead";
}

export function unavailable(): GitHubUnavailable {
  return new GitHubUnavailable({ what: "answered 502", where: "the simulated world", next: "", status: 502 });
}

/** Whether an error is what the simulation did to the App; any other is the App's own fault. */
export function isCaused(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isCaused);
  return error instanceof Dead || error instanceof GitHubUnavailable || error instanceof EnvironmentsKeepMoving;
}
