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
const settling = 500;

/**
 * Creates what GitHub cannot create conditionally. A 502 or a lost answer does not say that nothing happened: it looks again before it tries
 * once more, and gives up after that, since a resync will come back.
 */
export async function createOnce<Thing>({ look, create, exists = () => false }: Creation<Thing>): Promise<Thing> {
  const found = await look();
  if (found !== undefined) return found;
  try {
    return await create();
  } catch (error) {
    if (!mayHaveHappened(error) && !exists(error)) throw error;
    await pause(settling);
    const after = await look();
    if (after !== undefined) return after;
    if (exists(error)) throw error;
    return await create();
  }
}
