import type { EvaluationDefinition } from "#domain/model/model-definition.ts";
import { catalogueProblem } from "./catalogue-needs.ts";
import { readsNeighbours } from "./formula.ts";
import type { Metric } from "./metric.ts";
import { type MetricEntry, parseMetricEntry } from "./metric-entry.ts";
import { propensityOf } from "./propensity.ts";

type Declared = Pick<EvaluationDefinition, "task" | "columns" | "clicks" | "items">;

/** What is wrong with a metric of lists, or null when it can be measured from what the model declares. */
export function listMetricProblem(entry: MetricEntry, declared: Declared): string | null {
  const parsed = parseMetricEntry(entry, declared.columns);
  if (parsed.kind === "unknown") return parsed.message;
  const problem = clickProblem(parsed.metric, declared) ?? neighbourProblem(parsed.metric, declared);
  if (problem !== null) return `Metric ${JSON.stringify(parsed.metric.name)}: ${problem}.`;
  return catalogueProblem(parsed.metric, declared.items !== undefined, declared.columns.item);
}

function clickProblem({ convention }: Metric, { columns, clicks }: Declared): string | null {
  if (convention.clicks === "plain") return null;
  const propensity = propensityOf(columns, clicks);
  return propensity.kind === "undeclared" ? propensity.problem : null;
}

function neighbourProblem({ formula, convention }: Metric, { task, columns }: Declared): string | null {
  if (!readsNeighbours(formula)) return null;
  if (task !== "retrieval") return "it compares with exact neighbours, which are the labels of task retrieval";
  const lacksDistance = convention.neighbours === "within" && columns.distance === undefined;
  return lacksDistance ? "neighbours within needs columns.distance, the distance of each exact neighbour" : null;
}
