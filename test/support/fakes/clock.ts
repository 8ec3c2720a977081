import { addMilliseconds, type Instant } from "#domain/model/time.ts";
import type { Clock } from "#ports/clock.ts";

export interface FakeClock extends Clock {
  advance(milliseconds: number): void;
}

/** Stands still until it is told otherwise. */
export function fakeClock(start: Instant): FakeClock {
  let now = start;
  return {
    now: () => now,
    advance: (milliseconds) => {
      now = addMilliseconds(now, milliseconds);
    },
  };
}
