import type { GateRule } from "#domain/gate/gate.ts";
import type { GatePresetName } from "#domain/gate/gate-preset.ts";
import type { ProposedGate } from "#domain/gate/propose-gates.ts";
import type { Digest, ModelName } from "#domain/model/names.ts";

/** A model.yaml that Slipway proposes from a look at the files, before anyone has thought about it. */
export interface ProposedDefinition {
  readonly name: ModelName;
  readonly version: string;
  readonly artifact: { readonly uri: string; readonly format: string; readonly digest: Digest };
  /** Whether a person named the artifact; else the predictions stand for it. */
  readonly artifactNamed: boolean;
  readonly task: GatePresetName;
  readonly dataset: string;
  /** Locations relative to model.yaml. */
  readonly predictions: string;
  readonly labels: string | null;
  readonly columns: Readonly<Record<string, string | boolean>>;
  readonly metrics: readonly string[];
  readonly gates: readonly ProposedGate[];
  /** Columns of few values, which could be slices. */
  readonly sliceable: readonly string[];
}

/** The text of model.yaml, commented for who reads it first. Every text of the files is quoted as JSON, which is YAML. */
export function printProposedDefinition(proposed: ProposedDefinition): string {
  const { name, version, artifact, task, dataset, predictions, labels, columns, metrics, gates, sliceable } = proposed;
  return [
    "# Written by `slipway init` from a look at the data. Change what you like: docs/model.md of Slipway explains every field.",
    "apiVersion: slipway/v1",
    "kind: Model",
    `name: ${name}`,
    '# owners: ["@your-org/your-team"]',
    "",
    "# What a pull request changes to propose another version.",
    `version: ${quoted(version)}`,
    ...(proposed.artifactNamed
      ? []
      : [
          "# No artifact was named, so the predictions stand for it. Put the model's own file here: its SHA-256 is what identifies the version.",
        ]),
    `artifact: {uri: ${quoted(artifact.uri)}, format: ${quoted(artifact.format)}, digest: ${quoted(artifact.digest)}}`,
    "",
    "evaluation:",
    `  task: ${task}`,
    `  dataset: ${quoted(dataset)}   # datasets/${dataset}.yaml says what it is`,
    "  # {version} stands for each version's own label, so that candidate and baseline are found by one template.",
    `  predictions: ${quoted(predictions)}`,
    ...(labels === null
      ? task === "judged"
        ? []
        : ["  # labels: labels.parquet   # none was named: both arms' predictions hold them"]
      : [`  labels: ${quoted(labels)}`]),
    `  columns: {${Object.entries(columns)
      .map(([role, column]) => `${role}: ${quoted(column)}`)
      .join(", ")}}`,
    `  metrics: [${metrics.map(quoted).join(", ")}]`,
    ...(sliceable.length === 0 ? [] : [`  # slices: [${sliceable.map(quoted).join(", ")}]   # columns of few values, each a slice`]),
    "",
    "# The first gate must be proven; the others block only when harm is proven.",
    "gates:",
    ...gates.flatMap(({ rule, reason }) => [`  # ${comment(reason)}.`, `  - ${printRule(rule)}`]),
    "",
  ].join("\n");
}

/** A dataset file that says as much as is known: its content identifies the holdout. */
export function printProposedDataset(dataset: string): string {
  return [
    "# An Open Data Contract (https://bitol.io). Slipway reads none of it, but asks for a new evaluation when it changes: say here when the data does.",
    "apiVersion: v3.0.2",
    "kind: DataContract",
    `id: ${quoted(dataset)}`,
    "version: 1.0.0",
    "status: active",
    "",
  ].join("\n");
}

function printRule({ metric, noWorseThan, blocks }: GateRule): string {
  const margin = typeof noWorseThan === "string" ? noWorseThan : String(noWorseThan ?? 0);
  return `{metric: ${quoted(metric)}, noWorseThan: ${margin}${blocks === undefined ? "" : `, blocks: ${blocks}`}}`;
}

/** Plain words stay plain; everything else is quoted, line ends and invisible characters included. */
function quoted(value: string | boolean): string {
  if (typeof value === "boolean") return String(value);
  if (/^[A-Za-z][0-9A-Za-z_]*(?:@\d+)?$/.test(value) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(value)) return value;
  return JSON.stringify(value).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, escaped);
}

function escaped(character: string): string {
  return [...Array(character.length).keys()].map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`).join("");
}

function comment(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ");
}
