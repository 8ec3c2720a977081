import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** One line of the log. `time` is when the response was finished. */
export type LoggedRequest = {
  readonly time: string;
  readonly environment: string;
  readonly model: string;
  readonly version: string;
  readonly digest: string;
  readonly query_id: string;
  readonly unit: string;
  readonly latency_ms: number;
  readonly status: number;
  readonly clicked: boolean;
  readonly clicked_rank: number | null;
};

export type RequestLog = { append(request: LoggedRequest): void; close(): void };

/** Appends one line with one write to a file opened for appending, at once: a reader never meets half a line for long, and nothing waits in memory. */
export function requestLog(path: string): RequestLog {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "a");
  return {
    append: (request) => writeSync(file, `${JSON.stringify(request)}\n`),
    close: () => closeSync(file),
  };
}
