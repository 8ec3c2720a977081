import { type CatalogueEntry, metricCatalogue } from "#domain/evaluation/metric-catalogue.ts";
import { operationalCatalogue } from "#domain/evaluation/operational/operational-catalogue.ts";
import { presetNames, presets } from "#domain/evaluation/presets.ts";
import { rowCatalogue } from "#domain/evaluation/rows/row-catalogue.ts";
import type { RowTask } from "#domain/evaluation/rows/row-metrics.ts";
import { judgedCatalogue } from "#domain/evaluation/units/judged-catalogue.ts";
import { code, table } from "./markdown.ts";

export function metricTable(): string {
  return tableOf(metricCatalogue());
}

/** The metrics over rows, each with its formula: they have few options to explain. */
export function rowMetricTable(task: RowTask): string {
  return tableWithMeaning(rowCatalogue(task), "formula");
}

/** What a judge's scores are measured by. */
export function judgedMetricTable(): string {
  return tableWithMeaning(judgedCatalogue(), "value of a unit");
}

/** What is measured beside the answers' quality, in every task. */
export function operationalMetricTable(): string {
  return tableWithMeaning(operationalCatalogue(), "value");
}

function tableWithMeaning(entries: readonly CatalogueEntry[], meaning: string): string {
  const rows = entries.map(({ spellings, definition, reference, differences }) => {
    const otherwise = Object.entries(differences).map(([name, difference]) => ` With convention ${code(name)}: ${difference}.`);
    return [spellings.map(code).join(", "), `${definition}.${otherwise.join("")}`, reference];
  });
  return `${tableOf(entries)}\n\n${table(["metric", meaning, "reference"], rows)}`;
}

function tableOf(entries: readonly CatalogueEntry[]): string {
  const rows = entries.map(({ spellings, title, better, range, unit, decomposable, convention }) => [
    spellings.map(code).join(", "),
    title,
    better,
    `${range.min ?? "unbounded"} to ${range.max ?? "unbounded"}`,
    unit,
    decomposable.replaceAll("-", " "),
    Object.entries(convention)
      .map(([name, value]) => `${name} ${value}`)
      .join(", "),
  ]);
  return table(["metric", "name", "better", "range", "a value per", "over units", "convention, as every report prints it"], rows);
}

export function metricDetails(): string {
  return metricCatalogue().map(details).join("\n\n");
}

function details({ family, title, about, definition, reference, options, presets: libraries, differences }: CatalogueEntry): string {
  const called = presetNames.flatMap((name) => {
    const names = libraries[name];
    return names === undefined ? [] : [`${name} ${code(names)} (${differences[name] ?? ""})`];
  });
  return [
    `### ${code(family)}: ${title}`,
    about,
    `Value of a unit: ${definition}.`,
    `Reference: ${reference}.${called.length === 0 ? "" : ` Presets: ${called.join("; ")}.`}`,
    table(
      ["option", "values", "default"],
      options.map(({ option, values, usual }) => [code(option), values.map(valueText).join(", "), code(usual)]),
    ),
  ].join("\n\n");
}

function valueText(value: string): string {
  const kinds: Readonly<Record<string, string>> = {
    number: "a number",
    map: "a map from grade to gain",
    text: "a name",
    group: "a column and its value",
  };
  return kinds[value] ?? code(value);
}

export function presetTable(): string {
  const rows = presetNames.map((name) => {
    const { about, convention } = presets[name];
    const set = Object.entries(convention).map(([option, value]) => code(`${option}: ${String(value)}`));
    return [code(name), set.join(", "), about];
  });
  return table(["convention", "sets", "as the library does"], rows);
}
