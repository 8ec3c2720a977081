import { type Finding, ok, problem } from "./finding.ts";

/** Tokens of runs and of the App are judged to the half minute; GitHub refuses an App whose clock is a minute ahead. */
const tolerance = 30_000;

/** @param ours, theirs milliseconds since 1970, of this machine and of GitHub's answer */
export function clockFinding(ours: number, theirs: number): Finding {
  const seconds = Math.round(Math.abs(ours - theirs) / 1000);
  if (!Number.isFinite(seconds))
    return problem("clock", "GitHub did not say what time it is", "Check that SLIPWAY_GITHUB_URL is GitHub's API.");
  return seconds * 1000 <= tolerance
    ? ok("clock", `this machine's clock and GitHub's differ by ${seconds} s`)
    : problem("clock", `this machine's clock is ${seconds} s ${ours > theirs ? "ahead of" : "behind"} GitHub's`, "Keep the clock by NTP.");
}

export function eventsFinding(wanted: readonly string[], subscribed: readonly string[]): Finding {
  const missing = wanted.filter((event) => !subscribed.includes(event));
  return missing.length === 0
    ? ok("events", `the App is told of ${wanted.join(", ")}`)
    : problem(
        "events",
        `the App is not told of ${missing.join(", ")}, so it waits for the resync`,
        "Its owner subscribes to them in the App's settings.",
      );
}

export interface DeliveryFacts {
  /** The status that the App, or nobody, answered. */
  readonly status: number;
  readonly event: string;
}

/**
 * What failed before the newest was taken is over: the App was restarted, and its resync did the same work.
 * @param newest deliveries, newest first
 */
export function deliveriesFinding(newest: readonly DeliveryFacts[]): Finding {
  const failed = newest.filter(({ status }) => status < 200 || status > 299);
  const [last] = newest;
  if (last === undefined) return ok("webhooks", "GitHub has sent none yet");
  const count = `${failed.length} of the last ${newest.length} deliveries failed`;
  if (failed[0] !== last)
    return ok(
      "webhooks",
      failed.length === 0 ? `all of the last ${newest.length} deliveries were taken` : `${count}, and the latest was taken`,
    );
  return problem(
    "webhooks",
    `${count}, the latest (${last.event}) with ${last.status}`,
    "Nothing is lost, the resync does the same; check that the webhook's URL reaches the App and that both have the same secret.",
  );
}
