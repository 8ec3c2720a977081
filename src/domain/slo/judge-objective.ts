import type { Instant } from "#domain/model/time.ts";
import type { BurnRateRule, Objective } from "#domain/slo/objective.ts";
import type { JudgedWindow } from "#domain/slo/window-verdict.ts";
import { wilsonInterval } from "#domain/statistics/wilson.ts";

/** Requests of the live canary in one stretch of time. */
export interface RequestCount {
  readonly from: Instant;
  readonly to: Instant;
  readonly good: number;
  readonly total: number;
}

const confidence = 0.95;

/** The last stretch is looked at again and again, so each look must prove more: at 95 % one in forty would cry wolf. */
const confidenceOfManyLooks = 0.999;

/**
 * One judged stretch of time: the 95 % Wilson interval of the candidate's good share against the objective's target. Wholly at or above
 * it passes, wholly below fails, else inconclusive; no request is no-data.
 */
export function judgeWindow(objective: Objective, count: RequestCount): JudgedWindow {
  return judged(objective, "window", count, confidence, (lower, upper) => {
    if (lower >= objective.target) return "pass";
    return upper < objective.target ? "fail" : "inconclusive";
  });
}

/** The last stretch of time, whatever the step waits for: it only ever raises an alarm, when the good share is proven to be below the target. */
export function judgeRecent(objective: Objective, count: RequestCount): JudgedWindow {
  return judged(objective, "recent", count, confidenceOfManyLooks, (_, upper) => (upper < objective.target ? "fail" : "pass"));
}

/**
 * The burn rate over both its windows (SRE workbook, chapter 5): the error budget `1 - target` is spent `factor` times too fast. The long
 * window must prove it (its whole interval lies beyond), the short one shows that it goes on, so few requests never raise an alarm.
 */
export function judgeBurnRate(objective: Objective, rule: BurnRateRule, long: RequestCount, short: RequestCount): JudgedWindow {
  const worstGoodShare = 1 - rule.factor * (1 - objective.target);
  return judged(objective, "burn-rate", long, confidence, (_, upper) => {
    const goesOn = short.total > 0 && short.good / short.total < worstGoodShare;
    return goesOn && upper < worstGoodShare ? "fail" : "pass";
  });
}

/** What stands for a stretch that could not be measured: never taken for good, and never for harm. */
export function unmeasured(
  objective: Objective,
  kind: JudgedWindow["kind"],
  { from, to }: Pick<RequestCount, "from" | "to">,
): JudgedWindow {
  return {
    objective: objective.name,
    kind,
    from,
    to,
    good: 0,
    total: 0,
    target: objective.target,
    lower: null,
    upper: null,
    verdict: "error",
  };
}

function judged(
  objective: Objective,
  kind: JudgedWindow["kind"],
  count: RequestCount,
  level: number,
  verdictOf: (lower: number, upper: number) => JudgedWindow["verdict"],
): JudgedWindow {
  const facts = { objective: objective.name, kind, ...count, target: objective.target };
  const interval = wilsonInterval(count.good, count.total, level);
  if (interval === null) return { ...facts, lower: null, upper: null, verdict: "no-data" };
  return { ...facts, ...interval, verdict: verdictOf(interval.lower, interval.upper) };
}
