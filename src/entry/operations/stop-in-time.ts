import type { Log } from "#ports/log.ts";

interface Stoppable {
  /** Takes nothing new; resolves when what runs has ended. */
  readonly close: () => Promise<void>;
  /** What still runs. */
  readonly running: () => readonly string[];
  readonly log: Log;
  readonly milliseconds: number;
}

/**
 * Waits for the work under way, but not for ever: what is cut off is found again by the next process, since Git is the only state. @returns the
 * exit code
 */
export async function stopInTime({ close, running, log, milliseconds }: Stoppable): Promise<number> {
  const { promise: late, resolve } = Promise.withResolvers<"late">();
  const patience = setTimeout(resolve, milliseconds, "late");
  const ended = await Promise.race([close().then(() => "done" as const), late]);
  clearTimeout(patience);
  if (ended === "late") log.warn("stopped with work under way; the next start carries it on", { running: running() });
  else log.info("stopped", {});
  return ended === "late" ? 1 : 0;
}
