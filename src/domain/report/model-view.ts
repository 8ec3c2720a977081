import type { Report } from "#domain/evaluation/report.ts";
import type { Verdict } from "#domain/evaluation/verdict.ts";
import { short } from "#domain/model/names.ts";
import type { Policy } from "#domain/policy/policy.ts";
import type { Problem } from "#domain/text/problem.ts";
import { agesText } from "./ages-text.ts";
import { besideText } from "./beside-text.ts";
import { type ConventionLine, conventionLines, type MeasurementRow, measurementRows } from "./detail-rows.ts";
import { detectableText } from "./detectable-text.ts";
import { type EvidenceLine, evidenceLines } from "./evidence-lines.ts";
import { examplesText } from "./examples-text.ts";
import { type GateRow, gateRows } from "./gate-rows.ts";
import { headline, reportSentence } from "./headline.ts";
import { type HistoryView, historyView } from "./history-view.ts";
import type { ModelJudgement, PullRequestJudgement } from "./judgement.ts";
import { looksText } from "./looks-text.ts";
import { type NextStep, nextStep } from "./next-step.ts";
import { searchText } from "./search-text.ts";
import { type Limits, type Shown, shown } from "./shown-rows.ts";
import { type SliceRow, sliceSummary } from "./slice-rows.ts";
import { verdictWords } from "./verdict-words.ts";

/** One model of a pull request, as its comment and check show it. */
export interface ModelView {
  readonly model: string;
  readonly mark: string;
  readonly headline: string;
  /** `2026.11.20-3`; null when the head's definition cannot be read. */
  readonly version: string | null;
  readonly digest: string | null;
  readonly problems: Shown<ProblemRow>;
  /** `gates, evaluation.slices`; null when the head changes nothing that does not count. */
  readonly ignored: string | null;
  readonly report: ReportView | null;
  readonly next: NextStep | null;
}

export interface ProblemRow {
  /** `models/search-ranker/model.yaml:7:3` */
  readonly place: string;
  readonly message: string;
}

/** The numbers of one report, trusted or not. */
export interface ReportView {
  /** Set when the numbers do not count: what they say, and why they are not trusted. */
  readonly selfReported: { readonly sentence: string; readonly reason: string } | null;
  readonly gates: Shown<GateRow>;
  /** What the table cannot say of gates without a verdict of their own numbers. */
  readonly unsettled: readonly { readonly id: string; readonly message: string }[];
  readonly leftOut: string | null;
  readonly slices: string | null;
  readonly sliceRows: Shown<SliceRow>;
  /** What the search for the worst slice found; null where nothing is sliced. */
  readonly search: string | null;
  /** Where examples are, never what they hold. */
  readonly examples: string | null;
  /** What has no gate: cost and latency, then other metrics. */
  readonly beside: string | null;
  readonly detectable: string | null;
  /** How often this holdout has been looked at, and what that does to the verdict. */
  readonly looks: string | null;
  /** What earlier heads of this pull request measured; null at the first. */
  readonly history: HistoryView | null;
  readonly preflight: readonly { readonly word: string; readonly message: string }[];
  readonly measurements: Shown<MeasurementRow>;
  /** `All 24 measurements` */
  readonly measured: string;
  readonly conventions: readonly ConventionLine[];
  readonly provenance: Provenance;
  readonly evidence: readonly EvidenceLine[];
}

export interface Provenance {
  /** null: self-reported. */
  readonly workflow: string | null;
  readonly run: string;
  /** Digest of the recorded report. */
  readonly digest: string | null;
  readonly dataset: { readonly name: string; readonly digest: string };
  readonly baseline: { readonly version: string; readonly digest: string | null } | null;
  /** `evaluated 2026-11-20, the baseline live since 2026-11-02 (18 days)` */
  readonly ages: string | null;
}

const fewMessages = 5;

export function modelView(judgement: PullRequestJudgement, model: ModelJudgement, policy: Policy | undefined, limits: Limits): ModelView {
  return {
    model: model.model,
    mark: verdictWords[model.verdict].mark,
    headline: headline(model),
    version: model.candidate?.version ?? null,
    digest: model.candidate === null ? null : short(model.candidate.digest),
    problems: shown(model.problems.map(problemRow), limits.problems, "problems"),
    ignored: model.ignoredChanges.length === 0 ? null : model.ignoredChanges.join(", "),
    report: reportOf(model, limits),
    next: nextStep(judgement, model, policy),
  };
}

/** Trusted evidence alone is shown as such; what is self-reported is shown only where nothing trusted is. */
function reportOf({ evidence, looks, selfReported, verdict, background }: ModelJudgement, limits: Limits): ReportView | null {
  if (evidence !== null) {
    const { report, workflow, run, attempt, digest } = evidence;
    const provenance = { workflow, run: runText(run, attempt), digest: short(digest), ...restsOn(report) };
    return {
      ...reportView(report, verdict, { ...provenance, ages: agesText(background) }, null, limits),
      looks: looks === null ? null : looksText(looks, verdict),
      history: background === undefined ? null : historyView(report, background, limits.history),
    };
  }
  if (selfReported === null) return null;
  const { report, run, attempt, reason } = selfReported;
  const sentence = `${verdictWords[report.verdict].word}: ${reportSentence(report, report.verdict)}`;
  const provenance = { workflow: null, run: runText(run, attempt), digest: null, ...restsOn(report), ages: null };
  return reportView(report, report.verdict, provenance, { sentence, reason }, limits);
}

function reportView(
  report: Report,
  verdict: Verdict,
  provenance: Provenance,
  selfReported: ReportView["selfReported"],
  limits: Limits,
): ReportView {
  const slices = sliceSummary(report);
  return {
    selfReported,
    gates: shown(gateRows(report), limits.gates, "gates"),
    unsettled: report.gates
      .filter((gate) => gate.verdict !== "pass" && gate.verdict !== "fail" && gate.blocks !== "never")
      .slice(0, Math.min(fewMessages, limits.gates))
      .map(({ id, message }) => ({ id, message })),
    leftOut: report.leftOut.length === 0 ? null : report.leftOut.join(", "),
    slices: slices.sentence,
    sliceRows: shown(slices.rows, limits.slices, "slices"),
    search: searchText(report),
    examples: examplesText(report),
    beside: besideText(report),
    detectable: detectableText(report, verdict),
    looks: null,
    history: null,
    preflight: report.preflight
      .filter((finding) => finding.verdict !== "pass")
      .slice(0, limits.problems)
      .map(({ verdict: found, message }) => ({ word: found === "inconclusive" ? "Worth a look" : verdictWords[found].word, message })),
    measurements: shown(measurementRows(report), limits.measurements, "measurements"),
    measured: report.measurements.length === 1 ? "The one measurement" : `All ${report.measurements.length} measurements`,
    conventions: limits.measurements === 0 ? [] : conventionLines(report),
    provenance,
    evidence: evidenceLines(report),
  };
}

function restsOn({ dataset, baseline }: Report): Pick<Provenance, "dataset" | "baseline"> {
  return {
    dataset: { name: dataset.name, digest: short(dataset.digest) },
    baseline: baseline === null ? null : { version: baseline.version, digest: baseline.digest === null ? null : short(baseline.digest) },
  };
}

function runText(run: number, attempt: number): string {
  return attempt === 1 ? `${run}` : `${run}, attempt ${attempt}`;
}

function problemRow({ file, line, column, message }: Problem): ProblemRow {
  return { place: `${file}:${line}:${column}`, message };
}
