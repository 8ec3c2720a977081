import type { JudgedGate, Measurement, Report } from "#domain/evaluation/report.ts";
import { formatNumber, formatPercent } from "#domain/gate/format-number.ts";
import type { Answer } from "#domain/report/answer-view.ts";
import type { ModelJudgement } from "#domain/report/judgement.ts";
import { measurementFinder } from "#domain/report/measurement-finder.ts";
import { powerText } from "#domain/report/power-text.ts";
import { nearest } from "#domain/text/nearest.ts";
import { refusedAnswer } from "./refusal-reasons.ts";

/** Every gate of a model in one table: what it asks, what came out, and why. */
export function explainGates(line: string, { model, verdict, message, evidence }: ModelJudgement): Answer {
  if (evidence === null) return { command: line, kind: "told", sentence: `${model}: ${verdict}. ${message}` };
  const rows = evidence.report.gates.map((gate) => [gate.id, gate.rule, aside(gate), gate.message]);
  const columns = ["gate", "rule", "verdict", "because"];
  return { command: line, kind: "told", sentence: `${model}: ${verdict}. ${message}`, table: { columns, rows } };
}

/** On what one gate's verdict rests, and what would settle it. */
export function explainGate(line: string, { model, evidence, message }: ModelJudgement, name: string): Answer {
  if (evidence === null)
    return { command: line, kind: "told", sentence: `${model} has no evidence that a gate could be judged on. ${message}` };
  const { report } = evidence;
  const gate = report.gates.find(({ id }) => id === name);
  if (gate === undefined) return unknownGate(line, report, name);
  const measured = measurementFinder(report)(gate);
  return {
    command: line,
    kind: "told",
    sentence: `${gate.id} (${gate.rule}) is ${aside(gate)}: ${gate.message}`,
    points: [...judgedOn(gate), ...settledBy(gate, measured), ...measuredBy(measured), ...inTheWay(gate)],
  };
}

function unknownGate(line: string, { gates, leftOut }: Report, name: string): Answer {
  if (leftOut.includes(name))
    return {
      command: line,
      kind: "told",
      sentence: `${name} is left out here: it compares with a baseline, and a first version has none.`,
    };
  const names = gates.map(({ id }) => id);
  const meant = nearest(name, names) ?? names.find((id) => id.startsWith(name));
  const message = `There is no gate ${name.slice(0, 60)} here; there are ${names.join(", ")}.`;
  return refusedAnswer({ line }, { code: "unknown-gate", message, ...(meant !== undefined && { nextLine: `/slipway explain ${meant}` }) });
}

function aside({ verdict, setAside, blocks }: JudgedGate): string {
  if (setAside !== undefined) return `${verdict}, set aside by ${setAside.by.join(" and ")}`;
  return blocks === "never" ? `${verdict} (informs)` : verdict;
}

function judgedOn({ statistic, value, lower, upper, confidence, threshold, degreesOfFreedom }: JudgedGate): readonly string[] {
  if (statistic === null || value === null) return ["Nothing was estimated for it."];
  const interval =
    lower === null || upper === null
      ? "without an interval"
      : `${formatPercent(confidence)} interval from ${shown(lower)} to ${shown(upper)}`;
  const freedom = degreesOfFreedom === null ? "" : `, ${shown(degreesOfFreedom)} degrees of freedom`;
  const limit =
    threshold === null ? "" : ` The limit is ${Array.isArray(threshold) ? threshold.map(shown).join(" to ") : shown(threshold)}.`;
  return [`Statistic: ${statistic}. Estimate ${shown(value)}, ${interval}${freedom}.${limit} The interval is judged, not the estimate.`];
}

function settledBy(gate: JudgedGate, measured: Measurement | undefined): readonly string[] {
  if (gate.value === null) return [];
  const { detectable, ifUnchanged, toSettle } = powerText(gate, measured);
  return [
    `Beyond the limit by this much, the truth is proven in 4 of 5 evaluations of so many units: ${detectable}.`,
    `A candidate equal to the baseline passes it: ${ifUnchanged} of runs.`,
    ...(gate.verdict === "inconclusive" ? [`Units that would settle it: ${toSettle}.`] : []),
  ];
}

function measuredBy(measured: Measurement | undefined): readonly string[] {
  if (measured === undefined) return [];
  const convention = Object.entries(measured.convention).map(([name, value]) => `${name} ${value}`);
  return [
    `Measured on ${measured.units} units in ${measured.clusters} clusters of ${measured.dataset}.`,
    ...(convention.length === 0 ? [] : [`Convention: ${convention.join(", ")}.`]),
  ];
}

function inTheWay({ blocks, setAside }: JudgedGate): readonly string[] {
  if (setAside !== undefined) return [`Reason given: ${setAside.reason}`];
  if (blocks === "never") return ["It informs and never blocks."];
  return [blocks === "on-fail" ? "It blocks when harm is proven, or nothing could be measured." : "It blocks unless it passes."];
}

/** Four digits are what a reader compares. */
function shown(value: number): string {
  return formatNumber(Number(value.toPrecision(4)));
}
