import type { Report } from "#domain/evaluation/report.ts";
import type { Verdict } from "#domain/evaluation/verdict.ts";
import { short } from "#domain/model/names.ts";
import { detectableText } from "#domain/report/detectable-text.ts";
import { type EvidenceLine, evidenceLines } from "#domain/report/evidence-lines.ts";
import { type GateRow, gateRows } from "#domain/report/gate-rows.ts";
import { baselineText, reportSentence } from "#domain/report/headline.ts";
import { searchText } from "#domain/report/search-text.ts";
import { sliceSummary } from "#domain/report/slice-rows.ts";
import { verdictWords } from "#domain/report/verdict-words.ts";
import { type ExampleCards, exampleCards } from "./example-cards.ts";
import { type Forest, forestsOf } from "./forest.ts";
import { measurementTable, powerTable } from "./measurement-table.ts";
import { type Method, methodsOf } from "./methods.ts";
import type { PageTable } from "./page-table.ts";
import { type CurvePlot, curvePlotsOf, type Spread, spreadOf } from "./shapes.ts";

/** One report as a page of its own: all that the comment says, drawn and in full. */
export interface ReportPage {
  readonly model: string;
  readonly candidate: string;
  readonly against: string;
  readonly verdict: Verdict;
  readonly word: string;
  readonly sentence: string;
  readonly gates: readonly GateRow[];
  /** What the table cannot say of gates that did not pass. */
  readonly open: readonly { readonly id: string; readonly message: string }[];
  readonly leftOut: readonly string[];
  readonly findings: readonly { readonly word: string; readonly message: string }[];
  /** What this run could have seen at all. */
  readonly detectable: string | null;
  readonly slices: string | null;
  /** What the search for the worst slice found. */
  readonly search: string | null;
  readonly forests: readonly Forest[];
  /** How the single units differ; null where the report holds nothing of it. */
  readonly spread: Spread | null;
  readonly curves: readonly CurvePlot[];
  readonly examples: ExampleCards | null;
  readonly tables: readonly PageTable[];
  readonly methods: readonly Method[];
  readonly evidence: readonly EvidenceLine[];
  /** `head 0123456789ab, run 42`, or that it was nobody's run. */
  readonly source: string;
}

export function reportPage(report: Report): ReportPage {
  const { model, candidate, baseline, verdict, run } = report;
  return {
    model,
    candidate: candidate.version,
    against: baselineText(baseline),
    verdict,
    word: verdictWords[verdict].word,
    sentence: reportSentence(report, verdict),
    gates: gateRows(report),
    open: report.gates.filter((gate) => gate.verdict !== "pass" && gate.blocks !== "never").map(({ id, message }) => ({ id, message })),
    leftOut: report.leftOut,
    findings: report.preflight
      .filter((finding) => finding.verdict !== "pass")
      .map(({ verdict: found, message }) => ({ word: found === "inconclusive" ? "Worth a look" : verdictWords[found].word, message })),
    detectable: detectableText(report, verdict),
    slices: sliceSummary(report).sentence,
    search: searchText(report),
    forests: forestsOf(report),
    spread: spreadOf(report),
    curves: curvePlotsOf(report),
    examples: exampleCards(report),
    tables: [measurementTable(report), powerTable(report)].filter(({ rows }) => rows.length > 0),
    methods: methodsOf(report),
    evidence: evidenceLines(report),
    source:
      run === null
        ? "Computed on someone's own machine: self-reported."
        : `Computed by run ${run.id}, attempt ${run.attempt}, of head ${short(run.head)}. This file proves nothing by itself: the Slipway App verifies who computed it.`,
  };
}
