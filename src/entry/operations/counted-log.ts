import type { Log } from "#ports/log.ts";
import type { AppMetrics } from "./app-metrics.ts";

/** A log whose lines about answered commands and judged heads are counted as well: `/metrics` and the log tell the same story. */
export function countedLog(log: Log, metrics: Pick<AppMetrics, "command" | "judged">): Log {
  return {
    info(event, facts) {
      if (event === "answered a command") metrics.command(facts["command"], facts["outcome"]);
      if (event === "judged a head") metrics.judged(facts["verdict"]);
      log.info(event, facts);
    },
    warn: (event, facts) => log.warn(event, facts),
  };
}
