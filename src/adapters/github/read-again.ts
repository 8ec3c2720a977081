import { GitHubRateLimited, mayHaveHappened } from "./github-unavailable.ts";

/** How often a read is tried in all when GitHub fails or does not answer. */
const attempts = 3;
const firstPause = 250;

/** How often, and how long at most, a read waits for a rate limit; a longer wait is the resync's. */
const patienceTimes = 2;
const patience = 60_000;

export interface Waiting {
  pause(milliseconds: number): Promise<void>;
}

/** Does a read again after a failure that may pass. Reads only: a write that failed is looked for before it is repeated. */
export async function readAgain<Value>(read: () => Promise<Value>, { pause }: Waiting): Promise<Value> {
  let [failures, waits] = [0, 0];
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (error instanceof GitHubRateLimited) {
        waits += 1;
        if (waits > patienceTimes || error.retryAfter > patience) throw error;
        await pause(error.retryAfter);
        continue;
      }
      failures += 1;
      if (!mayHaveHappened(error) || failures >= attempts) throw error;
      await pause(firstPause * 2 ** (failures - 1));
    }
  }
}
