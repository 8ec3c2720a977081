import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { holdSchema } from "#domain/environment/hold.ts";
import { metricProblem } from "#domain/evaluation/rows/task-metrics.ts";
import { gateRuleSchema } from "#domain/gate/gate.ts";
import { targetProblems } from "#domain/manifest/target-problems.ts";
import { checkDefinition } from "#domain/model/definition-rules.ts";
import { evaluationSchema, modelDefinitionSchema } from "#domain/model/model-definition.ts";
import { repositoryFileSchema } from "#domain/model/repository-file.ts";
import { parseFreezeFile } from "#domain/policy/freeze-file.ts";
import { policySchema } from "#domain/policy/policy.ts";
import { checkPolicy } from "#domain/policy/policy-rules.ts";
import { policyTestSchema } from "#domain/policy/policy-test-file.ts";
import { rolloutSchema, type WrittenRollout } from "#domain/rollout/plan.ts";
import { servingSchema } from "#domain/rollout/serving.ts";
import { objectiveSchema } from "#domain/slo/objective.ts";
import { parseWithSchema, type SchemaResult } from "#domain/text/parse-with-schema.ts";
import type { Problem } from "#domain/text/problem.ts";
import { examples, pages } from "./pages.ts";

/** What Slipway itself would say is wrong with an example, by its kind. */
const problemsOf: ReadonlyMap<string, (text: string, file: string) => readonly Problem[]> = new Map([
  ["model", (text, file) => problemsWith(modelDefinitionSchema, text, file, checkDefinition)],
  ["rollout", (text, file) => problemsWith(rolloutSchema, text, file, rolloutProblems)],
  ["policy", (text, file) => problemsWith(policySchema, text, file, checkPolicy)],
  ["evaluation", evaluationProblems],
  ["repository", (text, file) => problemsWith(repositoryFileSchema, text, file)],
  ["freeze", (text, file) => problemsIn(parseFreezeFile(text, file))],
  ["policy-test", (text, file) => problemsWith(policyTestSchema, text, file)],
  ["hold", (text, file) => problemsWith(holdSchema, text, file)],
]);

/** A part of `evaluation`, with what every evaluation needs where it does not say it. */
function evaluationProblems(text: string, file: string): readonly Problem[] {
  const needed = { task: "ranking", dataset: "made", predictions: "p.parquet", metrics: "[mrr]" };
  const missing = Object.entries(needed).filter(([key]) => !new RegExp(`^${key}:`, "m").test(text));
  return problemsWith(evaluationSchema, `${text}${missing.map(([key, value]) => `${key}: ${value}\n`).join("")}`, file, (evaluation) =>
    evaluation.metrics.flatMap((entry) => {
      const message = metricProblem(entry, evaluation);
      return message === null ? [] : [{ file, line: 1, column: 1, path: ["metrics"], message }];
    }),
  );
}

function problemsWith<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  file: string,
  rules: (value: z.output<Schema>, text: string, file: string) => readonly Problem[] = () => [],
): readonly Problem[] {
  const read = parseWithSchema(schema, text, file);
  return read.kind === "ok" ? rules(read.value, text, file) : read.problems;
}

function problemsIn<Value>(read: SchemaResult<Value>): readonly Problem[] {
  return read.kind === "ok" ? [] : read.problems;
}

/** Which keys of a schema an example spells out, at every level that it opens. */
function keysIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/([A-Za-z]+):(?=[\s{["'0-9]|$)/gm)].map(([, key = ""]) => key));
}

function rolloutProblems(rollout: WrittenRollout, _text: string, file: string): readonly Problem[] {
  return targetProblems(rollout).map(({ path, message }) => ({ file, line: 1, column: 1, path, message }));
}

describe("the examples of the docs", () => {
  it.each(examples)("in $page of a $kind is what Slipway accepts", ({ page, kind, text }) => {
    expect(problemsOf.get(kind)?.(text, page)).toEqual([]);
  });

  it("are there for every kind of file that people write", () => {
    expect(new Set(examples.map(({ kind }) => kind))).toEqual(new Set(problemsOf.keys()));
  });

  it("would be refused if they had a key too many", () => {
    const model = examples.find(({ kind }) => kind === "model");
    expect(problemsOf.get("model")?.(`${model?.text}colour: blue\n`, "model.yaml")).toMatchObject([{ path: ["colour"] }]);
  });

  it.each([
    [
      "model",
      "docs/model.md",
      [
        modelDefinitionSchema.shape,
        modelDefinitionSchema.shape.evaluation.shape,
        gateRuleSchema.shape,
        objectiveSchema.shape,
        rolloutSchema.shape,
        servingSchema.shape,
      ],
    ],
    ["policy", "docs/policy.md", [policySchema.shape, policySchema.shape.environments.element.shape]],
  ] as const)("and the page of a %s name every field that there is", (kind, path, shapes) => {
    const shown = keysIn(examples.find((example) => example.kind === kind)?.text ?? "");
    const told = pages.find((page) => page.path === path)?.text ?? "";
    const fields = shapes.flatMap((shape) => Object.keys(shape));
    expect(fields.filter((field) => !shown.has(field) && ![`\`${field}\``, `\`${field}: `].some((spelt) => told.includes(spelt)))).toEqual(
      [],
    );
  });
});
