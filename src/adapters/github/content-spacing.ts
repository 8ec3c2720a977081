import type { Waiting } from "./read-again.ts";

/**
 * Lets calls that create content (comments, issues, pull requests) pass one at a time with a distance between them, in the order in which they
 * came: GitHub's secondary limit counts them, at most 80 a minute and 500 an hour.
 */
export interface ContentSpacing {
  turn(): Promise<void>;
}

/** @param milliseconds between the starts of two calls */
export function contentSpacing(milliseconds: number, { pause, now }: Waiting & { now(): number }): ContentSpacing {
  let free = 0;
  return {
    async turn() {
      const moment = now();
      const mine = Math.max(moment, free);
      free = mine + milliseconds;
      if (mine > moment) await pause(mine - moment);
    },
  };
}
