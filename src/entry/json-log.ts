import type { Log } from "#ports/log.ts";

/** One JSON object a line. */
export function jsonLog(stream: { write(text: string): unknown }): Log {
  const print = (level: "info" | "warn") => (event: string, facts: Readonly<Record<string, unknown>>) => {
    stream.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...facts })}\n`);
  };
  return { info: print("info"), warn: print("warn") };
}
