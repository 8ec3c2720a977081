import type { JudgedGate, Report } from "#domain/evaluation/report.ts";
import type { Verdict } from "#domain/evaluation/verdict.ts";
import { sliceText } from "#domain/gate/slice.ts";
import { changeText, gateChange, limitText } from "./gate-change.ts";
import type { ModelJudgement } from "./judgement.ts";
import { measurementFinder } from "./measurement-finder.ts";
import { verdictWords } from "./verdict-words.ts";

/** A model's verdict in one sentence that a tired person understands. */
export function headline(model: ModelJudgement): string {
  const { word } = verdictWords[model.verdict];
  return model.code === "judged" && model.evidence !== null
    ? `${word}: ${reportSentence(model.evidence.report, model.verdict)}`
    : `${word}: ${model.message}`;
}

/** What the deciding gate found, against what, and how many gates think so. */
export function reportSentence(report: Report, verdict: Verdict): string {
  const gate = decidingGate(report.gates, verdict);
  if (gate === undefined) return "there is no gate that could judge this";
  return `${finding(gate, report)}${howMany(report.gates, verdict)}`;
}

/** The gate that the verdict rests on: the first blocking one that says so. */
export function decidingGate(gates: readonly JudgedGate[], verdict: Verdict): JudgedGate | undefined {
  const blocking = gates.filter(({ blocks, setAside }) => blocks !== "never" && setAside === undefined);
  const saying = (gate: JudgedGate) => gate.verdict === verdict;
  return blocking.find((gate) => saying(gate) && gate.slice === null) ?? blocking.find(saying) ?? blocking[0] ?? gates[0];
}

function finding(gate: JudgedGate, report: Report): string {
  const subject = gate.slice === null ? gate.metric : `${gate.metric} on ${sliceText(gate.slice)}`;
  const change = gateChange(gate, measurementFinder(report)(gate));
  if (change === null) return gate.message.replace(/\.$/, "");
  if (change.kind === "value") return `${subject} is ${changeText(change)}, must be ${gate.rule}`;
  return `${subject} ${changeText(change)} against ${baselineText(report.baseline)}, ${limitText(change)}`;
}

/** `2026.11.02-1 (live in production)` */
export function baselineText(baseline: Report["baseline"]): string {
  if (baseline === null) return "nothing (no version was ever live)";
  if (baseline.environment !== null) return `${baseline.version} (live in ${baseline.environment})`;
  return `${baseline.version} (${baseline.source === "base-branch" ? "the default branch's" : `named by ${baseline.source}`})`;
}

function howMany(gates: readonly JudgedGate[], verdict: Verdict): string {
  const blocking = gates.filter(({ blocks, setAside }) => blocks !== "never" && setAside === undefined);
  if (blocking.length < 2) return "";
  if (verdict === "pass") return passing(blocking);
  const count = blocking.filter((gate) => gate.verdict === verdict).length;
  const verb = {
    fail: "fail",
    inconclusive: "are inconclusive",
    "no-data": "have no data",
    error: "could not be judged",
  } as const;
  return `; ${count} of ${blocking.length} gates ${count === 1 ? singular(verb[verdict]) : verb[verdict]}`;
}

/** A gate that blocks only when it fails may be inconclusive in a report that passes; that is said, not hidden. */
function passing(blocking: readonly JudgedGate[]): string {
  const open = blocking.filter((gate) => gate.verdict !== "pass").length;
  const passed = blocking.length - open;
  if (open === 0) return `; all ${passed} gates pass`;
  return `; ${passed} ${passed === 1 ? "gate passes" : "gates pass"}, ${open} ${open === 1 ? "is" : "are"} inconclusive without blocking`;
}

function singular(verb: string): string {
  return { fail: "fails", "are inconclusive": "is inconclusive", "have no data": "has no data" }[verb] ?? verb;
}
