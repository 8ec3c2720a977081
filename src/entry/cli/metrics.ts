import { type CatalogueEntry, metricCatalogue } from "#domain/evaluation/metric-catalogue.ts";
import { nearestNames } from "#domain/evaluation/nearest-name.ts";
import { operationalCatalogue } from "#domain/evaluation/operational/operational-catalogue.ts";
import { presetNames, presets } from "#domain/evaluation/presets.ts";
import { rowCatalogue } from "#domain/evaluation/rows/row-catalogue.ts";
import { judgedCatalogue } from "#domain/evaluation/units/judged-catalogue.ts";
import { tasks } from "#domain/model/task.ts";
import { textTable } from "./terminal-text.ts";
import { exitCodes, jsonOption, type Verb, WrongUsage } from "./verb.ts";

export const metrics: Verb = {
  words: "[metric]",
  options: {
    json: jsonOption,
    task: { value: "<task>", about: "ranking, as without it, retrieval, classification, regression, bandit or judged" },
  },
  notes: [
    "A convention other than the default is chosen in model.yaml, under a name of its own: {metric: ndcg@10, name: ndcg_trec@10, convention: trec_eval}.",
    `Conventions of libraries: ${presetNames.join(", ")}.`,
  ],
  examples: ["slipway metrics", "slipway metrics ndcg", "slipway metrics --task classification", "slipway metrics --json"],
  run(given, io) {
    const [wanted] = given.positionals;
    const known = catalogueOf(given.text("task") ?? "ranking");
    const shown = wanted === undefined ? known : [entryNamed(wanted, known)];
    const text = wanted === undefined ? tableOf(known) : shown.flatMap(detailsOf);
    io.out(given.flag("json") ? printJson(shown) : `${text.join("\n")}\n`);
    return Promise.resolve(exitCodes.done);
  },
};

function catalogueOf(task: string): readonly CatalogueEntry[] {
  if (task === "ranking" || task === "retrieval") return [...metricCatalogue(), ...operationalCatalogue()];
  if (task === "classification" || task === "regression" || task === "bandit") return [...rowCatalogue(task), ...operationalCatalogue()];
  if (task === "judged") return [...judgedCatalogue(), ...operationalCatalogue()];
  throw new WrongUsage(`there is no task ${JSON.stringify(task)}; tasks are ${tasks.join(", ")}`);
}

function entryNamed(wanted: string, known: readonly CatalogueEntry[]): CatalogueEntry {
  const [family = wanted] = wanted.split("@");
  const isLatency = /^latency_p[\d.]+_ms$/.test(family);
  const found = known.find((entry) => entry.family === (isLatency ? "latency_p99_ms" : family));
  if (found !== undefined) return found;
  const names = known.map((entry) => entry.family);
  const [meant] = nearestNames(family, names, 1);
  throw new WrongUsage(
    `there is no metric ${JSON.stringify(wanted)}${meant === undefined ? "; `slipway metrics` lists them" : `; did you mean ${meant}?`}`,
  );
}

function tableOf(known: readonly CatalogueEntry[]): readonly string[] {
  const rows = known.map((entry) => [entry.spellings.join(", "), entry.better, rangeOf(entry), conventionOf(entry), entry.title]);
  return textTable([["metric", "better", "range", "convention", "name"], ...rows]);
}

function detailsOf(entry: CatalogueEntry): readonly string[] {
  const { spellings, title, about, definition, reference, better, unit, decomposable, options } = entry;
  const libraries = presetNames.flatMap((name) => {
    const called = entry.presets[name];
    return called === undefined ? [] : [[name, called, entry.differences[name] ?? ""]];
  });
  return [
    `${spellings.join(", ")}: ${title}`,
    "",
    about,
    "",
    `value of a ${unit}: ${definition}`,
    `over units: ${decomposable.replaceAll("-", " ")}; range ${rangeOf(entry)}; ${better} is better`,
    `reference: ${reference}`,
    "",
    ...(options.length === 0
      ? []
      : textTable([["option", "default", "values"], ...options.map(({ option, usual, values }) => [option, usual, values.join(", ")])])),
    ...(libraries.length === 0 ? [] : ["", ...textTable([["convention", "its name there", "what it does otherwise"], ...libraries])]),
  ];
}

function rangeOf({ range }: CatalogueEntry): string {
  return `${range.min ?? "unbounded"} to ${range.max ?? "unbounded"}`;
}

function conventionOf({ convention }: CatalogueEntry): string {
  return Object.entries(convention)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function printJson(entries: readonly CatalogueEntry[]): string {
  return `${JSON.stringify({ schema: "slipway/metrics/v1", metrics: entries, conventions: presets }, null, 2)}\n`;
}
