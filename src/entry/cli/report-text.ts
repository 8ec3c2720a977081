import type { Report } from "#domain/evaluation/report.ts";
import { measurementRows } from "#domain/report/detail-rows.ts";
import { gateRows } from "#domain/report/gate-rows.ts";
import { baselineText, reportSentence } from "#domain/report/headline.ts";
import { searchText } from "#domain/report/search-text.ts";
import { sliceSummary } from "#domain/report/slice-rows.ts";
import { verdictWords } from "#domain/report/verdict-words.ts";
import { exampleLines } from "./examples-text.ts";
import { terminalText, textTable } from "./terminal-text.ts";

/** A report for people at a terminal; `examples` shows each win and loss with what both arms answered. */
export function reportText(report: Report, { examples }: { readonly examples: boolean }): string {
  const { model, candidate, baseline, verdict } = report;
  const against = baseline === null ? "no baseline" : baselineText(baseline);
  return [
    terminalText(`${model} ${candidate.version} against ${against}`),
    terminalText(`${verdictWords[verdict].word}: ${reportSentence(report, verdict)}`),
    ...gateLines(report),
    ...powerLines(report),
    ...measurementLines(report),
    ...sliceLines(report),
    ...exampleLines(report, examples),
    ...findingLines(report),
    "",
  ].join("\n");
}

function gateLines(report: Report): readonly string[] {
  if (report.gates.length === 0) return [];
  const rows = gateRows(report).map(({ word, metric, slice, rule, found, interval, note }) => [
    word,
    metric,
    slice,
    rule,
    found,
    interval ?? "",
    note ?? "",
  ]);
  const unsettled = report.gates
    .filter(({ verdict, blocks }) => verdict !== "pass" && blocks !== "never")
    .map(({ message }) => terminalText(message));
  return ["", ...textTable([["gate", "metric", "slice", "rule", "found", "", ""], ...rows]), ...unsettled.map((message) => `- ${message}`)];
}

/** What each gate could have shown on these units. */
function powerLines(report: Report): readonly string[] {
  if (report.gates.length === 0) return [];
  const rows = gateRows(report).map(({ id, detectable, ifUnchanged, toSettle }) => [id, detectable, ifUnchanged, toSettle]);
  return ["", ...textTable([["gate", "detectable in 4 of 5", "equal quality passes", "units to settle"], ...rows])];
}

function measurementLines(report: Report): readonly string[] {
  if (report.measurements.length === 0) return [];
  const rows = measurementRows(report).map(({ metric, slice, units, baseline, candidate, difference }) => [
    metric,
    slice,
    units,
    baseline,
    candidate,
    difference,
  ]);
  return ["", ...textTable([["metric", "slice", "units", "baseline", "candidate", "difference"], ...rows])];
}

/** What slices say together, whatever each says alone. */
function sliceLines(report: Report): readonly string[] {
  const lines = [sliceSummary(report).sentence, searchText(report)].flatMap((line) => (line === null ? [] : [terminalText(line)]));
  return lines.length === 0 ? [] : ["", ...lines];
}

function findingLines({ preflight, leftOut }: Report): readonly string[] {
  const findings = preflight
    .filter(({ code, verdict }) => verdict !== "pass" || code === "ignored-changes" || code === "new-model")
    .map(({ verdict, message }) => terminalText(`${verdictWords[verdict].word.toLowerCase()}: ${message}`));
  const left = leftOut.length === 0 ? [] : [terminalText(`left out, because there is no baseline: ${leftOut.join(", ")}`)];
  return findings.length + left.length === 0 ? [] : ["", ...findings, ...left];
}
