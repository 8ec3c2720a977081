import type { Example, ListedItem, Report } from "#domain/evaluation/report.ts";
import { decimalsFor, formatChange, formatFixed } from "#domain/report/format-number.ts";
import { type Cell, type PageTable, text } from "./page-table.ts";

/** Where the arms differ most; null where the report names no unit. */
export interface ExampleCards {
  readonly metric: string;
  readonly unit: string;
  readonly wins: readonly ExampleCard[];
  readonly losses: readonly ExampleCard[];
}

export interface ExampleCard {
  readonly id: string;
  /** `+0.42: 0.31 → 0.73` */
  readonly change: string;
  /** What both arms answered; null where it is not kept. */
  readonly answers: PageTable | null;
}

export function exampleCards({ examples }: Report): ExampleCards | null {
  if (examples === undefined || examples.wins.length + examples.losses.length === 0) return null;
  const { metric, unit, wins, losses } = examples;
  return { metric, unit, wins: wins.map(cardOf), losses: losses.map(cardOf) };
}

function cardOf(example: Example): ExampleCard {
  const { id, difference, baseline, candidate } = example;
  const change = `${formatChange(difference, decimalsFor(difference, null))}: ${short(baseline)} → ${short(candidate)}`;
  return { id, change, answers: listTable(example) ?? rowTable(example) };
}

/** Both lists side by side, place by place. */
function listTable({ id, lists }: Example): PageTable | null {
  if (lists === undefined) return null;
  const places = Math.max(lists.baseline.length, lists.candidate.length);
  return {
    caption: `The first places of both lists for ${id}`,
    columns: ["place", "baseline", "score", "label", "candidate", "score", "label"].map((title) => ({ title, kind: "text" })),
    rows: Array.from({ length: places }, (_, index) => [
      text(`${index + 1}`),
      ...itemCells(lists.baseline[index]),
      ...itemCells(lists.candidate[index]),
    ]),
  };
}

function itemCells(item: ListedItem | undefined): readonly Cell[] {
  if (item === undefined) return [text(null), text(null), text(null)];
  return [text(item.item), text(short(item.score)), text(item.label === null ? "unjudged" : short(item.label))];
}

function rowTable({ id, row }: Example): PageTable | null {
  if (row === undefined) return null;
  const names = [...new Set([...Object.keys(row.baseline), ...Object.keys(row.candidate)])];
  const valuesOf = (predicted: typeof row.candidate): ReadonlyMap<string, string | number | undefined> =>
    new Map(Object.entries(predicted));
  const [baseline, candidate] = [valuesOf(row.baseline), valuesOf(row.candidate)];
  return {
    caption: `What both versions predicted for ${id}, whose label is ${row.label}`,
    columns: ["predicted", "baseline", "candidate"].map((title) => ({ title, kind: "text" })),
    rows: names.map((name) => [text(words[name] ?? name), text(shown(baseline.get(name))), text(shown(candidate.get(name)))]),
  };
}

const words: Readonly<Record<string, string>> = {
  labelProbability: "probability of the label",
  lower: "lower bound",
  upper: "upper bound",
};

function shown(value: string | number | undefined): string | null {
  if (value === undefined) return null;
  return typeof value === "number" ? short(value) : value;
}

function short(value: number): string {
  return Number.isInteger(value) ? String(value) : formatFixed(value, decimalsFor(value, null));
}
