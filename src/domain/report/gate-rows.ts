import type { JudgedGate, Report } from "#domain/evaluation/report.ts";
import { sliceText } from "#domain/gate/slice.ts";
import { changeText, type GateChange, gateChange } from "./gate-change.ts";
import { intervalGlyph, scaleOf } from "./interval-glyph.ts";
import { measuredText } from "./measured-text.ts";
import { measurementOf } from "./measurement-of.ts";
import { verdictWords } from "./verdict-words.ts";

export interface GateRow {
  readonly metric: string;
  readonly slice: string;
  readonly baseline: string;
  readonly candidate: string;
  /** The difference with its interval, in the rule's terms. */
  readonly difference: string;
  readonly rule: string;
  /** The interval drawn; null when there is none. */
  readonly interval: string | null;
  readonly mark: string;
  readonly word: string;
  /** What the table cannot say: why there is no number, or that the gate only informs. */
  readonly note: string | null;
}

/** The gates as rows, those that decide first. Relative changes share one scale, so that rows can be compared by eye. */
export function gateRows(report: Report): readonly GateRow[] {
  const changes = report.gates.map((gate) => gateChange(gate, measurementOf(report, gate)));
  const percents = changes.filter((change): change is GateChange => change?.kind === "percent");
  const rows = report.gates.map((gate, index) => ({ gate, row: rowOf(report, gate, changes[index] ?? null, percents) }));
  return rows.toSorted((a, b) => urgency(a.gate) - urgency(b.gate)).map(({ row }) => row);
}

function rowOf(report: Report, gate: JudgedGate, change: GateChange | null, percents: readonly GateChange[]): GateRow {
  const measurement = measurementOf(report, gate);
  const texts = measurement === undefined ? { baseline: "none", candidate: "none", difference: "none" } : measuredText(measurement);
  const { mark, word } = verdictWords[gate.verdict];
  return {
    metric: gate.metric,
    slice: sliceText(gate.slice),
    baseline: texts.baseline,
    candidate: change?.kind === "value" ? changeText(change) : texts.candidate,
    difference: change === null || change.kind === "value" ? texts.difference : changeText(change),
    rule: gate.rule,
    interval: change === null ? null : intervalGlyph(change, scaleOf(change.kind === "percent" ? percents : [change])),
    mark,
    word: word.toLowerCase(),
    note: noteOf(gate),
  };
}

function noteOf(gate: JudgedGate): string | null {
  if (gate.blocks === "never") return "informs only";
  return gate.blocks === "on-fail" && gate.verdict === "inconclusive" ? "blocks only when it fails" : null;
}

const order = ["fail", "error", "no-data", "inconclusive", "pass"] as const;

function urgency(gate: JudgedGate): number {
  return order.indexOf(gate.verdict) + (gate.blocks === "never" ? order.length : 0);
}
