import { sliceText } from "#domain/gate/slice.ts";
import { type ComparedGate, type ComparedMeasurement, type Comparison, compareReports } from "#domain/report/compare-reports.ts";
import { decimalsFor, formatChange } from "#domain/report/format-number.ts";
import { measuredText } from "#domain/report/measured-text.ts";
import { verdictWords } from "#domain/report/verdict-words.ts";
import { readReport } from "./read-report.ts";
import { terminalText, textTable } from "./terminal-text.ts";
import { exitCodes, jsonOption, type Verb, WrongUsage } from "./verb.ts";

export const compare: Verb = {
  words: "<a.json> <b.json>",
  options: {
    all: { about: "list every metric and slice, and gates that did not change" },
    json: jsonOption,
  },
  notes: [
    "Both reports are shown as they are: nothing is measured or judged again, and a bad verdict is no failure of this verb.",
    "A change between two reports has no interval, because they do not say which units they share. To test one version against another, evaluate it with --baseline.",
  ],
  examples: ["slipway compare before.json after.json", "slipway compare before.json after.json --json"],
  async run(given, io) {
    const [before, after, ...more] = given.positionals;
    if (before === undefined || after === undefined || more.length > 0)
      throw new WrongUsage("slipway compare takes two reports, such as before.json after.json");
    const first = await readReport(before, io);
    const second = await readReport(after, io);
    if (first === undefined || second === undefined) return exitCodes.refused;
    const comparison = compareReports(first, second);
    io.out(given.flag("json") ? `${JSON.stringify(comparison, null, 2)}\n` : comparisonText(comparison, given.flag("all")));
    return exitCodes.done;
  },
};

function comparisonText(comparison: Comparison, all: boolean): string {
  const { models, versions, verdicts, apart } = comparison;
  const model = models.first === models.second ? models.first : `${models.first} and ${models.second}`;
  const word = (verdict: keyof typeof verdictWords): string => verdictWords[verdict].word;
  return [
    terminalText(`${model}: ${versions.first} (first) and ${versions.second} (second)`),
    verdicts.first === verdicts.second
      ? `${word(verdicts.first)} in both`
      : `${word(verdicts.first)} first, ${word(verdicts.second)} second`,
    ...(apart.length === 0 ? [] : [`Not the same question: the first was measured with ${apart.join(" and ")}.`]),
    ...gateLines(comparison, all),
    ...measurementLines(comparison, all),
    ...aloneLines(comparison),
    "",
  ].join("\n");
}

function gateLines({ gates }: Comparison, all: boolean): readonly string[] {
  if (gates.length === 0) return [];
  const listed = all ? gates : gates.filter(({ changed }) => changed);
  if (listed.length === 0) return ["", `All ${gates.length} gates have the same rule and verdict in both.`];
  return ["", ...textTable([["gate", "rule", "first", "second"], ...listed.map(gateCells)])];
}

function gateCells({ id, first, second }: ComparedGate): readonly string[] {
  const rules = new Set([first?.rule, second?.rule].filter((rule) => rule !== undefined));
  const word = (gate: ComparedGate["first"]): string => (gate === null ? "no such gate" : verdictWords[gate.verdict].word.toLowerCase());
  return [id, [...rules].join(", then "), word(first), word(second)];
}

function measurementLines({ measurements }: Comparison, all: boolean): readonly string[] {
  const listed = all ? measurements : measurements.filter(({ slice }) => slice === null);
  if (listed.length === 0) return ["", "No metric was measured in both."];
  const left = measurements.length - listed.length;
  return [
    "",
    ...textTable([["metric", "slice", "first", "second", "change", ""], ...listed.map(measurementCells)]),
    ...(left === 0 ? [] : [`${left} more on slices; --all lists them`]),
  ];
}

function measurementCells({ metric, slice, first, second, change, better }: ComparedMeasurement): readonly string[] {
  const decimals = change === null ? 0 : decimalsFor(change, second.candidate.standardError);
  return [
    metric,
    sliceText(slice),
    measuredText(first).candidate,
    measuredText(second).candidate,
    change === null ? "none" : formatChange(change, decimals),
    better === null ? "" : better ? "better" : "worse",
  ];
}

function aloneLines({ measuredBy, foundBy }: Comparison): readonly string[] {
  return (["first", "second"] as const).flatMap((which) => [
    ...(measuredBy[which].length === 0 ? [] : ["", terminalText(`Measured in the ${which} alone: ${measuredBy[which].join(", ")}`)]),
    ...(foundBy[which].length === 0 ? [] : ["", ...foundBy[which].map((found) => terminalText(`Found in the ${which} alone: ${found}`))]),
  ]);
}
