import { ProbotOctokit } from "probot";
import type { Log } from "#ports/log.ts";

export interface OctokitOptions {
  readonly baseUrl: string;
  /** Milliseconds that one answer may take; 15,000 when not given. */
  readonly timeout?: number;
  readonly log?: Log;
}

/**
 * Probot's Octokit without its plugins for retries and throttling: they repeat a POST after a 502, which would double a comment, and put all
 * installations into one queue. Probot's own defaults come after plain ones, so only the function form switches them off.
 */
export function octokitFor({ baseUrl, timeout = 15_000, log }: OctokitOptions) {
  const quiet = () => undefined;
  return ProbotOctokit.defaults((given: Record<string, unknown>) => ({
    ...given,
    baseUrl,
    userAgent: "slipway",
    log: { debug: quiet, info: quiet, warn: (message: string) => log?.warn("github", { message }), error: quiet },
    retry: { enabled: false },
    throttle: { enabled: false },
    request: {
      retries: 0,
      fetch: (address: string, init: RequestInit) => fetch(address, { ...init, signal: init.signal ?? AbortSignal.timeout(timeout) }),
    },
  }));
}
