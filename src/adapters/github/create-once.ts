import { setTimeout as pause } from "node:timers/promises";
import { mayHaveHappened } from "./github-unavailable.ts";

interface Creation<Thing> {
  /** What is there already. */
  look(): Promise<Thing | undefined>;
  create(): Promise<Thing>;
  /** Whether a refusal says that the thing exists by now. */
  exists?(error: unknown): boolean;
}

/** GitHub's lists follow its writes at a little distance. */
const settling = 250;

/**
 * Creates what GitHub cannot create conditionally. A 502 or a lost answer does not say that nothing happened: it looks again before it tries
 * once more, and gives up after that, since a resync will come back.
 */
export async function createOnce<Thing>({ look, create, exists = () => false }: Creation<Thing>): Promise<Thing> {
  let failure: unknown;
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const found = await look();
    if (found !== undefined) return found;
    try {
      return await create();
    } catch (error) {
      if (!mayHaveHappened(error) && !exists(error)) throw error;
      failure = error;
      await pause(settling);
    }
  }
  const found = await look();
  if (found === undefined) throw failure;
  return found;
}
