import { setTimeout as pause } from "node:timers/promises";

/** What was waited for did not come. */
class NeverCame extends Error {
  constructor(what: string, milliseconds: number) {
    super(`waited ${Math.round(milliseconds / 1000)} s for ${what}, which did not come`);
    this.name = "NeverCame";
  }
}

/** Asks again until there is an answer. */
export async function eventually<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined>,
  patience = 30_000,
  every = 100,
): Promise<Answer> {
  const end = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new NeverCame(what, patience);
    await pause(every);
  }
}
