import type { Measurement, Report } from "#domain/evaluation/report.ts";
import { short } from "#domain/model/names.ts";
import type { Instant } from "#domain/model/time.ts";
import { decidingGate } from "./headline.ts";
import type { Background } from "./judgement.ts";
import { measuredText } from "./measured-text.ts";
import { otherInputs } from "./other-inputs.ts";
import { type Shown, shown } from "./shown-rows.ts";
import { verdictWords } from "./verdict-words.ts";

/** What the earlier heads of a pull request measured, beside what this one does. */
export interface HistoryView {
  /** The last one against this one, in the metric that decides. */
  readonly since: { readonly head: string; readonly text: string };
  readonly metric: string;
  readonly rows: Shown<HistoryRow>;
  /** `3 earlier evaluations` */
  readonly title: string;
}

export interface HistoryRow {
  readonly head: string;
  readonly when: string;
  readonly version: string;
  readonly mark: string;
  readonly word: string;
  /** What the metric that decides today was then. */
  readonly found: string;
}

/** null at the first head that is evaluated. */
export function historyView(report: Report, { earlier }: Background, atMost: number): HistoryView | null {
  const [last] = earlier;
  const metric = (decidingGate(report.gates, report.verdict) ?? report.measurements[0])?.metric;
  if (last === undefined || metric === undefined) return null;
  const then = `${foundOf(last.report, metric)} (${wordOf(last.report)})`;
  const now = `${foundOf(report, metric)} (${wordOf(report)})`;
  return {
    since: { head: short(last.head), text: `${metric} was ${then}, is ${now}${apartText(last.report, report)}.` },
    metric,
    rows: shown(
      earlier.map(({ head, evaluatedAt, report: found }) => ({
        head: short(head),
        when: dayOf(evaluatedAt),
        version: found.candidate.version,
        mark: verdictWords[found.verdict].mark,
        word: wordOf(found),
        found: foundOf(found, metric),
      })),
      atMost,
      "evaluations",
    ),
    title: earlier.length === 1 ? "One earlier evaluation" : `${earlier.length} earlier evaluations`,
  };
}

/** `2026-11-20` */
export function dayOf(instant: Instant): string {
  return instant.slice(0, 10);
}

function wordOf({ verdict }: Report): string {
  return verdictWords[verdict].word.toLowerCase();
}

/** The difference on all units, or the candidate's own value where nothing was compared. */
function foundOf({ measurements }: Report, metric: string): string {
  const found = measurements.find((measurement) => measurement.metric === metric && measurement.slice === null);
  return found === undefined ? "not measured" : comparedText(found);
}

function comparedText(measurement: Measurement): string {
  const { candidate, difference } = measuredText(measurement);
  return measurement.difference === null && measurement.logRatio === undefined ? candidate : difference;
}

function apartText(then: Report, now: Report): string {
  const others = otherInputs(then, now);
  return others.length === 0 ? "" : `; then with ${others.join(" and ")}`;
}
