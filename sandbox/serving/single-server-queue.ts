type Job = { readonly milliseconds: number; readonly arrivedAt: number; readonly finish: () => void };

export type SingleServerQueue = {
  /** Undefined when the queue is full; else a function that gives the job up. */
  submit(milliseconds: number, finish: () => void): (() => void) | undefined;
};

/**
 * Serves one job at a time, in order of arrival, each for its own duration. Time passes on timers, so a busy server burns no processor.
 * Each job starts when the one before it *should* have ended, so that late timers do not lower the capacity.
 */
export function singleServerQueue(limit: number, now: () => number = () => performance.now()): SingleServerQueue {
  const waiting: Job[] = [];
  let serving = false;
  let freeAt = 0;

  const next = (): void => {
    const job = waiting.shift();
    serving = job !== undefined;
    if (job === undefined) return;
    freeAt = Math.max(freeAt, job.arrivedAt) + job.milliseconds;
    setTimeout(
      () => {
        job.finish();
        next();
      },
      Math.max(0, freeAt - now()),
    );
  };

  return {
    submit(milliseconds, finish) {
      if (waiting.length >= limit) return undefined;
      const job = { milliseconds, finish, arrivedAt: now() };
      waiting.push(job);
      if (!serving) next();
      return () => {
        const place = waiting.indexOf(job);
        if (place >= 0) waiting.splice(place, 1);
      };
    },
  };
}
