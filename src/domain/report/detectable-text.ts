import type { Report } from "#domain/evaluation/report.ts";
import type { Verdict } from "#domain/evaluation/verdict.ts";
import { formatCount } from "./format-number.ts";
import { decidingGate } from "./headline.ts";
import { measurementFinder } from "./measurement-finder.ts";
import { detectableSize } from "./power-text.ts";

/** What this run could have seen and what it could not, said honestly; null when the deciding gate has no such numbers. */
export function detectableText(report: Report, verdict: Verdict): string | null {
  const gate = decidingGate(report.gates, verdict);
  if (gate === undefined || gate.detectable === null) return null;
  const measurement = measurementFinder(report)(gate);
  const units = measurement === undefined ? "its units" : `${formatCount(measurement.units)} units`;
  const size = detectableSize(gate, gate.detectable, measurement);
  const seen = `What this run could see: on ${units}, a change of ${gate.metric} that truly lies ${size} beyond the limit is proven so in 4 of 5 runs.`;
  const equal =
    gate.passIfUnchanged === null
      ? ""
      : ` A candidate equal to the baseline passes this gate in ${Math.round(gate.passIfUnchanged * 100)} % of runs.`;
  const more =
    gate.verdict !== "inconclusive" || gate.unitsToSettle === null
      ? ""
      : ` About ${formatCount(Math.ceil(gate.unitsToSettle))} units would settle it.`;
  return `${seen}${equal}${more}`;
}
