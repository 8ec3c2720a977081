import { z } from "zod";
import { metricEntrySchema } from "#domain/evaluation/metric-entry.ts";
import { gatesSchema } from "#domain/gate/gate-preset.ts";
import { digestSchema, identifierSchema, modelNameSchema, versionLabelSchema } from "#domain/model/names.ts";
import { sliceDefinitionSchema } from "#domain/model/slice-definition.ts";
import { tasks } from "#domain/model/task.ts";
import { tiers } from "#domain/model/tier.ts";
import { writtenMomentSchema } from "#domain/model/time.ts";
import { rolloutSchema } from "#domain/rollout/plan.ts";
import { objectiveSchema } from "#domain/slo/objective.ts";

const locationSchema = z
  .string()
  .min(1)
  .max(2048)
  .regex(/^[^\u0000-\u001f\u007f]+$/, "a location holds no control characters");

const artifactSchema = z.strictObject({ uri: locationSchema, format: identifierSchema, digest: digestSchema });

/** Where a version comes from; free of meaning for the gates, kept for lineage. */
const lineageSchema = z.strictObject({
  trainingRun: locationSchema.optional(),
  trainedUntil: writtenMomentSchema.optional(),
  code: locationSchema.optional(),
  data: z.array(locationSchema).optional(),
});

const columnNameSchema = z.string().min(1).max(128);

/** Which columns of the files hold what; each has a conventional name. */
export const columnsSchema = z.strictObject({
  query: columnNameSchema.default("query_id"),
  item: columnNameSchema.default("item_id"),
  score: columnNameSchema.default("score"),
  label: columnNameSchema.default("label"),
  unit: columnNameSchema.optional(),
  cluster: columnNameSchema.optional(),
  weight: columnNameSchema.optional(),
  /** Classification and regression: what names a row, so that both arms' rows are paired; the item, if absent. */
  row: z.union([columnNameSchema, z.array(columnNameSchema).min(1).max(5)]).optional(),
  /** Classification: the column of the predicted class; the label that counts as positive; all classes, in order. */
  class: columnNameSchema.optional(),
  positive: z.union([z.string().min(1).max(128), z.number(), z.boolean()]).optional(),
  classes: z.array(z.string().min(1).max(128)).min(2).max(1000).optional(),
  /** Classification among several: the column of each class's probability. */
  probabilities: z.record(z.string().min(1).max(128), columnNameSchema).optional(),
  /** Logged decisions: the column of the reward; `propensity` is the logged probability, `score` the version's. */
  reward: columnNameSchema.optional(),
  /** A benchmark's: the arm and the block of a request, how long it took in milliseconds, and what it cost. */
  arm: columnNameSchema.optional(),
  block: columnNameSchema.optional(),
  latency: columnNameSchema.optional(),
  cost: columnNameSchema.optional(),
  /** Regression: the columns of a predicted interval. */
  lower: columnNameSchema.optional(),
  upper: columnNameSchema.optional(),
  /** Ranking: what a relevant item is worth; how likely it was seen when it was clicked, or the place where it was shown. */
  value: columnNameSchema.optional(),
  propensity: columnNameSchema.optional(),
  position: columnNameSchema.optional(),
  /** Retrieval: the order of the exact neighbours, nearest first, or how far they are. */
  rank: columnNameSchema.optional(),
  distance: columnNameSchema.optional(),
  /** What the predictions were computed on, equal in both arms; when what is evaluated happened. */
  snapshot: columnNameSchema.optional(),
  time: columnNameSchema.optional(),
  /** Judged tasks: what tells repeats of one unit apart; which arm was shown first; which arm was preferred; who judged, and by which prompt. */
  repeat: columnNameSchema.optional(),
  first: columnNameSchema.optional(),
  preference: columnNameSchema.optional(),
  judge: columnNameSchema.optional(),
  prompt: columnNameSchema.optional(),
});
export type Columns = Readonly<z.infer<typeof columnsSchema>>;

/** How likely each place was seen when the clicks were collected: of the first, the second, …, or 1 / place^power. */
const clicksSchema = z.strictObject({
  positionCurve: z.union([z.array(z.number().gt(0).max(1)).min(1).max(1000), z.strictObject({ power: z.number().gt(0).max(5) })]),
});
export type ClickModel = Readonly<z.infer<typeof clicksSchema>>;

const windowSchema = z
  .strictObject({ from: writtenMomentSchema, to: writtenMomentSchema })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ["to"], message: "the window ends before it begins" });

export const evaluationSchema = z.strictObject({
  task: z.enum(tasks),
  dataset: identifierSchema,
  predictions: locationSchema,
  predict: z.string().max(4000).optional(),
  labels: locationSchema.optional(),
  /** The catalogue: one row an item, with what metrics and slices want to know of it. */
  items: locationSchema.optional(),
  /** Requests of both arms to the served model, one row each; {version} and {digest} are the candidate's. */
  benchmark: locationSchema.optional(),
  columns: columnsSchema.prefault({}),
  clicks: clicksSchema.optional(),
  metrics: z.array(metricEntrySchema).min(1).max(50),
  slices: z.array(sliceDefinitionSchema).max(50).default([]),
  /** When the labels were collected: training that reaches into it has seen the answers. */
  window: windowSchema.optional(),
  /** A file of the units that training saw, in a column named like the unit; `allow` is the share of evaluated units that may be among them. */
  trainingUnits: z.union([locationSchema, z.strictObject({ file: locationSchema, allow: z.number().min(0).max(1).default(0) })]).optional(),
  /** Judged tasks: a JSON file a version that says by what its scores were made; all of it must be equal in both arms. */
  judgedBy: locationSchema.optional(),
  /** Byte-identical predictions of two different artifacts are an error unless this says otherwise. */
  identical: z.enum(["refused", "allowed"]).default("refused"),
  /** Ranking: grades below 0 are an error unless they are said to be judgements, worth nothing. */
  negativeLabels: z.enum(["refused", "worthless"]).default("refused"),
});
export type EvaluationDefinition = Readonly<z.infer<typeof evaluationSchema>>;

/** `models/<name>/model.yaml`. From a pull request's head only the fields of {@link proposedFields} are taken (invariant 4). */
export const modelDefinitionSchema = z.strictObject({
  apiVersion: z.literal("slipway/v1"),
  kind: z.literal("Model"),
  name: modelNameSchema,
  owners: z.array(z.string().min(1).max(128)).default([]),
  tier: z.enum(tiers).default("standard"),
  version: versionLabelSchema,
  artifact: artifactSchema,
  lineage: lineageSchema.optional(),
  evaluation: evaluationSchema,
  gates: gatesSchema.prefault([]),
  objectives: z.array(objectiveSchema).max(20).default([]),
  rollout: rolloutSchema.optional(),
});
export type WrittenModelDefinition = z.input<typeof modelDefinitionSchema>;
export type ModelDefinition = Readonly<z.infer<typeof modelDefinitionSchema>>;

/** All that a pull request's head may decide about its model (invariant 4). */
export const proposedFields = ["version", "artifact", "lineage", "evaluation.predictions", "evaluation.predict"] as const;

/** The definition that counts for a pull request: the default branch's, with the five fields that its head proposes. */
export function judgedDefinition(trusted: ModelDefinition, head: ModelDefinition): ModelDefinition {
  const { predictions, predict } = head.evaluation;
  const { predict: _, ...evaluation } = trusted.evaluation;
  const { lineage: __, ...rest } = trusted;
  return {
    ...rest,
    version: head.version,
    artifact: head.artifact,
    ...(head.lineage && { lineage: head.lineage }),
    evaluation: { ...evaluation, predictions, ...(predict !== undefined && { predict }) },
  };
}

/** Top-level parts that the head changes but may not decide: shown in the report, never used (invariant 4). */
export function ignoredChanges(trusted: ModelDefinition, head: ModelDefinition): readonly string[] {
  const judged = judgedDefinition(trusted, head);
  const parts = ["name", "owners", "tier", "gates", "objectives", "rollout"] as const;
  const changed: string[] = parts.filter((part) => !same(judged[part], head[part]));
  const evaluationParts = Object.keys({ ...judged.evaluation, ...head.evaluation }) as (keyof EvaluationDefinition)[];
  for (const part of evaluationParts) if (!same(judged.evaluation[part], head.evaluation[part])) changed.push(`evaluation.${part}`);
  return changed;
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** Where a version's file lies: `{version}` and `{digest}` stand for that version's own. */
export function resolveLocation(template: string, version: string, digest: string): string {
  return template.replaceAll("{version}", version).replaceAll("{digest}", digest.replace(/^sha256:/, ""));
}
