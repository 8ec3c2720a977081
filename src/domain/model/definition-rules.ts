import { metricEntryName } from "#domain/evaluation/metric-entry.ts";
import { metricProblem, whyNotCompared } from "#domain/evaluation/rows/task-metrics.ts";
import { targetProblems } from "#domain/manifest/target-problems.ts";
import { gateSliceProblem, sliceKey } from "#domain/model/declared-slices.ts";
import type { ModelDefinition } from "#domain/model/model-definition.ts";
import { nearest } from "#domain/text/nearest.ts";
import { parseYaml } from "#domain/text/parse-yaml.ts";
import type { Problem } from "#domain/text/problem.ts";

/** One thing that is wrong with a model although each value has the right shape, and where. */
export interface BrokenDefinitionRule {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type DefinitionRule = (model: ModelDefinition) => readonly BrokenDefinitionRule[];

const definitionRules = [
  metricsAreKnown,
  metricsDiffer,
  retrievalHasLabels,
  sliceNamesDiffer,
  gatesNameMeasuredMetrics,
  gatesFitTheirMetrics,
  gatesNameTheDataset,
  gatesNameDeclaredSlices,
  gateIdsDiffer,
  objectiveNamesDiffer,
  weightsGrow,
  targetFits,
] as const satisfies readonly DefinitionRule[];

/** Everything that is wrong with a model at once, each where it stands in the file. */
export function checkDefinition(model: ModelDefinition, text: string, file: string): readonly Problem[] {
  return placed(
    definitionRules.flatMap((rule) => rule(model)),
    text,
    file,
  );
}

/** Only what makes a model unmeasurable: a metric that does not exist. */
export function checkMetrics(model: ModelDefinition, text: string, file: string): readonly Problem[] {
  return placed(metricsAreKnown(model), text, file);
}

function placed(broken: readonly BrokenDefinitionRule[], text: string, file: string): readonly Problem[] {
  const { locate } = parseYaml(text, file);
  return broken
    .map(({ path, message }) => ({ file, ...(locate(path) ?? locate(path.slice(0, 1)) ?? { line: 1, column: 1 }), path, message }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function metricsAreKnown({ evaluation }: ModelDefinition): readonly BrokenDefinitionRule[] {
  return evaluation.metrics.flatMap((entry, index) => {
    const message = metricProblem(entry, evaluation);
    return message === null ? [] : [{ path: ["evaluation", "metrics", index], message }];
  });
}

function retrievalHasLabels({ evaluation }: ModelDefinition): readonly BrokenDefinitionRule[] {
  if (evaluation.task !== "retrieval" || evaluation.labels !== undefined) return [];
  return [{ path: ["evaluation", "task"], message: "task retrieval needs evaluation.labels: the file of the exact neighbours" }];
}

function metricsDiffer({ evaluation }: ModelDefinition): readonly BrokenDefinitionRule[] {
  const names = evaluation.metrics.map(metricEntryName);
  return repeated(names).map((index) => ({
    path: ["evaluation", "metrics", index],
    message: `the metric ${JSON.stringify(names[index])} is named twice`,
  }));
}

function sliceNamesDiffer({ evaluation }: ModelDefinition): readonly BrokenDefinitionRule[] {
  return repeated(evaluation.slices.map(sliceKey)).map((index) => ({
    path: ["evaluation", "slices", index],
    message: "this slice is declared twice",
  }));
}

function gatesNameMeasuredMetrics({ evaluation, gates }: ModelDefinition): readonly BrokenDefinitionRule[] {
  const names = evaluation.metrics.map(metricEntryName);
  return gates.flatMap(({ metric }, index) => {
    if (names.includes(metric)) return [];
    const meant = nearest(metric, names);
    const advice = meant === undefined ? "" : `; did you mean ${JSON.stringify(meant)}?`;
    const message = `the gate's metric ${JSON.stringify(metric)} is not measured: add it to evaluation.metrics, which has ${list(names)}${advice}`;
    return [{ path: ["gates", index, "metric"], message }];
  });
}

/** A comparison needs an interval of the difference, and a direction that is better: some metrics have no such thing. */
function gatesFitTheirMetrics({ evaluation, gates }: ModelDefinition): readonly BrokenDefinitionRule[] {
  return gates.flatMap((rule, index) => {
    const compares = (["noWorseThan", "betterThan"] as const).find((name) => rule[name] !== undefined);
    const entry = evaluation.metrics.find((written) => metricEntryName(written) === rule.metric);
    const why = compares === undefined || entry === undefined ? null : whyNotCompared(entry, evaluation);
    if (why === null || compares === undefined) return [];
    return [{ path: ["gates", index, compares], message: `the metric ${JSON.stringify(rule.metric)} ${why}` }];
  });
}

function gatesNameTheDataset({ evaluation, gates }: ModelDefinition): readonly BrokenDefinitionRule[] {
  return gates.flatMap(({ dataset }, index) =>
    dataset === undefined || dataset === evaluation.dataset
      ? []
      : [
          {
            path: ["gates", index, "dataset"],
            message: `the gate's dataset ${JSON.stringify(dataset)} is not measured; evaluation.dataset is ${JSON.stringify(evaluation.dataset)}`,
          },
        ],
  );
}

function gatesNameDeclaredSlices({ evaluation, gates }: ModelDefinition): readonly BrokenDefinitionRule[] {
  return gates.flatMap(({ slice }, index) => {
    const message = slice === undefined ? null : gateSliceProblem(slice, evaluation.slices);
    return message === null ? [] : [{ path: ["gates", index, "slice"], message }];
  });
}

function gateIdsDiffer({ gates }: ModelDefinition): readonly BrokenDefinitionRule[] {
  return repeated(gates.map(({ id }) => id)).map((index) => ({
    path: ["gates", index, "id"],
    message: `two gates have the id ${JSON.stringify(gates[index]?.id)}`,
  }));
}

function objectiveNamesDiffer({ objectives }: ModelDefinition): readonly BrokenDefinitionRule[] {
  return repeated(objectives.map(({ name, environment }) => JSON.stringify([name, environment ?? null]))).map((index) => ({
    path: ["objectives", index, "name"],
    message: `two objectives have the name ${JSON.stringify(objectives[index]?.name)}`,
  }));
}

function weightsGrow({ rollout }: ModelDefinition): readonly BrokenDefinitionRule[] {
  const steps = rollout?.steps ?? [];
  return steps.flatMap(({ weight }, index) => {
    const before = steps[index - 1]?.weight;
    return before === undefined || weight > before
      ? []
      : [
          {
            path: ["rollout", "steps", index, "weight"],
            message: `weights grow from step to step, and ${weight} is not more than ${before}`,
          },
        ];
  });
}

function targetFits({ rollout }: ModelDefinition): readonly BrokenDefinitionRule[] {
  if (rollout === undefined) return [];
  return targetProblems(rollout).map(({ path, message }) => ({ path: ["rollout", ...path], message }));
}

/** Indexes of values that stood before. */
function repeated(values: readonly (string | undefined)[]): readonly number[] {
  return values.flatMap((value, index) => (value !== undefined && values.indexOf(value) < index ? [index] : []));
}

function list(values: readonly string[]): string {
  return values.map((value) => JSON.stringify(value)).join(", ");
}
