import type { Example, ListedItem, Report } from "#domain/evaluation/report.ts";
import { decimalsFor, formatChange, formatFixed } from "#domain/report/format-number.ts";
import { terminalText, textTable } from "./terminal-text.ts";
import type { Option } from "./verb.ts";

export const examplesOption: Option = { about: "show the 10 biggest wins and losses, with what both versions answered" };

const fewIds = 3;

/** The biggest wins and losses: by name, or one by one with what both arms answered. */
export function exampleLines({ examples }: Report, whole: boolean): readonly string[] {
  if (examples === undefined) return [];
  const { metric, unit, wins, losses } = examples;
  if (wins.length + losses.length === 0) return ["", terminalText(`No ${unit} differs on ${metric}.`)];
  if (!whole) {
    const named = (all: readonly Example[]): string =>
      all.length === 0 ? "none" : `${all.slice(0, fewIds).map(namedText).join(", ")}${all.length > fewIds ? ", …" : ""}`;
    const sentence = `Biggest wins by ${unit} on ${metric}: ${named(wins)}; losses: ${named(losses)}. --examples shows ${wins.length + losses.length}.`;
    return ["", terminalText(sentence)];
  }
  return [
    ...wins.flatMap((example, index) => wholeLines(`win ${index + 1}`, `${metric} by ${unit}`, example)),
    ...losses.flatMap((example, index) => wholeLines(`loss ${index + 1}`, `${metric} by ${unit}`, example)),
  ];
}

function namedText({ id, difference }: Example): string {
  return `${id} ${formatChange(difference, decimalsFor(difference, null))}`;
}

function wholeLines(place: string, what: string, example: Example): readonly string[] {
  const { baseline, candidate, lists, row } = example;
  const arms = `baseline ${short(baseline)}, candidate ${short(candidate)}`;
  const title = terminalText(`${place} (${what}): ${namedText(example)} (${arms})`);
  const predicted = row === undefined ? [] : [`  label ${row.label}; baseline ${pairs(row.baseline)}; candidate ${pairs(row.candidate)}`];
  return ["", title, ...predicted.map(terminalText), ...(lists === undefined ? [] : listLines(lists))];
}

function listLines({ baseline, candidate }: NonNullable<Example["lists"]>): readonly string[] {
  const places = Array.from({ length: Math.max(baseline.length, candidate.length) }, (_, index) => index);
  const cells = (item: ListedItem | undefined): readonly string[] =>
    item === undefined ? ["", "", ""] : [item.item, short(item.score), item.label === null ? "unjudged" : short(item.label)];
  const rows = places.map((place) => [`${place + 1}`, ...cells(baseline[place]), ...cells(candidate[place])]);
  return textTable([["rank", "baseline", "score", "label", "candidate", "score", "label"], ...rows]).map((line) => `  ${line}`);
}

function pairs(predicted: NonNullable<Example["row"]>["candidate"]): string {
  return Object.entries(predicted)
    .map(([name, value]) => `${name} ${typeof value === "number" ? short(value) : value}`)
    .join(", ");
}

function short(value: number): string {
  return Number.isInteger(value) ? String(value) : formatFixed(value, decimalsFor(value, null));
}
