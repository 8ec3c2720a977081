import type { JudgedGate, Measurement, Report } from "#domain/evaluation/report.ts";
import { floorPrefix } from "#domain/gate/gate.ts";
import { sliceText } from "#domain/gate/slice.ts";
import { changeText, type GateChange, gateChange } from "./gate-change.ts";
import { intervalGlyph, type Scale, scaleOf } from "./interval-glyph.ts";
import { measuredText, testNotes } from "./measured-text.ts";
import { measurementFinder } from "./measurement-finder.ts";
import { type PowerText, powerText } from "./power-text.ts";
import { verdictWords } from "./verdict-words.ts";

export interface GateRow extends PowerText {
  readonly id: string;
  readonly metric: string;
  readonly slice: string;
  readonly baseline: string;
  readonly candidate: string;
  /** The difference with its interval, in the rule's terms. */
  readonly difference: string;
  /** What the rule looks at: the candidate's own value, or its difference from the baseline. */
  readonly found: string;
  readonly rule: string;
  /** The interval drawn; null when there is none. */
  readonly interval: string | null;
  readonly verdict: JudgedGate["verdict"];
  readonly mark: string;
  readonly word: string;
  /** What the columns cannot say: whose gate it is, and that it does not always block. */
  readonly note: string | null;
}

/** The gates as rows, those that decide first. Relative changes share one scale, so that rows can be compared by eye. */
export function gateRows(report: Report): readonly GateRow[] {
  const measured = measurementFinder(report);
  const judged = report.gates.map((gate) => ({ gate, measurement: measured(gate), change: gateChange(gate, measured(gate)) }));
  const percents = judged.flatMap(({ change }) => (change?.kind === "percent" ? [change] : []));
  const scale = percents.length === 0 ? null : scaleOf(percents);
  return judged.toSorted((a, b) => urgency(a.gate) - urgency(b.gate)).map((each) => rowOf(each, scale));
}

interface Judged {
  readonly gate: JudgedGate;
  readonly measurement: Measurement | undefined;
  readonly change: GateChange | null;
}

function rowOf({ gate, measurement, change }: Judged, percentScale: Scale | null): GateRow {
  const texts = measurement === undefined ? { baseline: "none", candidate: "none", difference: "none" } : measuredText(measurement);
  const { mark, word } = verdictWords[gate.verdict];
  const candidate = change?.kind === "value" ? changeText(change) : texts.candidate;
  const difference = change === null || change.kind === "value" ? texts.difference : changeText(change);
  return {
    id: gate.id,
    metric: gate.metric,
    slice: sliceText(gate.slice),
    baseline: texts.baseline,
    candidate,
    difference,
    found: gate.statistic === "candidate" ? candidate : difference,
    rule: gate.rule,
    interval:
      change === null ? null : intervalGlyph(change, change.kind === "percent" && percentScale !== null ? percentScale : scaleOf([change])),
    verdict: gate.verdict,
    mark,
    word: word.toLowerCase(),
    note: noteOf(gate, measurement),
    ...powerText(gate, measurement),
  };
}

function noteOf(gate: JudgedGate, measurement: Measurement | undefined): string | null {
  const { setAside } = gate;
  const notes = [
    ...(setAside === undefined ? [] : [`set aside by ${setAside.by.join(" and ")}: ${setAside.reason}`]),
    ...(gate.id.startsWith(floorPrefix) ? ["the policy's floor"] : []),
    ...(gate.blocks === "never" ? ["informs only"] : []),
    ...(comparesArms(gate) ? testNotes(measurement?.difference ?? {}) : []),
    ...(gate.blocks === "on-fail" && gate.verdict === "inconclusive" ? ["blocks only when it fails"] : []),
  ];
  return notes.length === 0 ? null : notes.join(", ");
}

function comparesArms({ statistic }: JudgedGate): boolean {
  return statistic !== null && statistic !== "candidate";
}

const order = ["fail", "error", "no-data", "inconclusive", "pass"] as const;

function urgency(gate: JudgedGate): number {
  return order.indexOf(gate.verdict) + (gate.blocks === "never" ? order.length : 0);
}
