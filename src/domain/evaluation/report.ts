import { z } from "zod";
import { commitShaSchema, digestSchema, environmentNameSchema, modelNameSchema, versionLabelSchema } from "#domain/model/names.ts";
import { curveSchema, distributionSchema } from "./drawings.ts";
import { verdicts } from "./verdict.ts";

export const reportSchemaName = "slipway/report/v1";

const text = z.string().max(4000);
const numberOrNull = z.number().nullable();
/** Why a field beside it is null: field → reason. */
const why = z.record(z.string(), z.string()).optional();
const slice = z.record(z.string(), z.string()).nullable();
const perArm = z.object({ baseline: z.number(), candidate: z.number() });

const runSchema = z.object({
  repository: z.number().int(),
  pullRequest: z.number().int().nullable(),
  head: commitShaSchema,
  base: commitShaSchema.nullable(),
  id: z.number().int(),
  attempt: z.number().int(),
  engine: text,
});
export type Run = Readonly<z.infer<typeof runSchema>>;

const estimateSchema = z.object({ value: numberOrNull, standardError: numberOrNull, lower: numberOrNull, upper: numberOrNull, why });
export type Estimate = Readonly<z.infer<typeof estimateSchema>>;

const differenceSchema = estimateSchema.extend({
  confidence: z.number(),
  degreesOfFreedom: numberOrNull,
  method: text,
  /** Of all units with fewer than 50 clusters: how often chance alone, turning signs, sums to this much (two-sided). */
  smallSample: z.object({ method: z.literal("sign-flip"), p: z.number(), exact: z.boolean() }).optional(),
  /** Where every unit is right or wrong: those on which one arm alone is right, and McNemar's two-sided p. */
  discordant: z
    .object({ method: z.literal("mcnemar-exact"), candidateOnly: z.number().int(), baselineOnly: z.number().int(), p: z.number() })
    .optional(),
  /** Of a slice: the value with what is probably noise taken off, by how far the slices of the column lie apart. Shown, never judged. */
  shrunken: z.number().optional(),
});
export type Difference = Readonly<z.infer<typeof differenceSchema>>;

const measurementSchema = z.object({
  metric: text,
  slice,
  dataset: text,
  better: z.enum(["higher", "lower", "target"]),
  convention: z.record(z.string(), z.union([z.string(), z.number()])),
  /** The columns that say what a unit and a cluster are. */
  unit: text,
  cluster: text,
  units: z.number().int(),
  clusters: z.number().int(),
  excluded: z.record(z.string(), z.number().int()),
  /** Units that were treated specially, such as probabilities clipped by log loss. */
  counts: z.record(z.string(), z.number().int()).optional(),
  missing: perArm,
  baseline: estimateSchema.nullable(),
  candidate: estimateSchema,
  difference: differenceSchema.nullable(),
  /** log(candidate / baseline), where arms are compared by their ratio: latencies and costs in blocks that took turns. */
  logRatio: differenceSchema.optional(),
  why,
});
export type Measurement = Readonly<z.infer<typeof measurementSchema>>;

const judgedGateSchema = z.object({
  id: text,
  metric: text,
  slice,
  dataset: text,
  rule: text,
  blocks: z.enum(["unless-pass", "on-fail", "never"]),
  /** What was estimated, in words; null when nothing was. */
  statistic: text.nullable(),
  threshold: z.union([z.number(), z.tuple([z.number(), z.number()])]).nullable(),
  value: numberOrNull,
  standardError: numberOrNull,
  degreesOfFreedom: numberOrNull,
  lower: numberOrNull,
  upper: numberOrNull,
  confidence: z.number(),
  detectable: numberOrNull,
  passIfUnchanged: numberOrNull,
  unitsToSettle: numberOrNull,
  why,
  verdict: z.enum(verdicts),
  reason: text,
  message: text,
  /** People set this gate aside, so it stands in nobody's way; only where the App judges, never in what the Action leaves. */
  setAside: z.object({ by: z.array(text), reason: text }).optional(),
});
export type JudgedGate = Readonly<z.infer<typeof judgedGateSchema>>;

const preflightSchema = z.object({ code: text, verdict: z.enum(verdicts), message: text });
export type PreflightFinding = Readonly<z.infer<typeof preflightSchema>>;

const searchedSliceSchema = z.object({
  slice: z.record(z.string(), z.string()),
  clusters: z.number().int(),
  difference: z.number(),
  standardError: z.number(),
  lower: z.number(),
  upper: z.number(),
});

/** What a search for the worst slice found; it informs and is never judged. */
const searchSchema = z.object({
  metric: text,
  better: z.enum(["higher", "lower"]),
  /** How many slices were searched, chosen before any outcome was read; by as many the intervals are corrected. */
  slices: z.number().int(),
  /** Of each interval, so that all of them hold together in 95 %; null when nothing was searched. */
  confidence: numberOrNull,
  /** How many are proven worse. */
  worse: z.number().int(),
  /** The worst in their own standard errors, worst first. */
  worst: z.array(searchedSliceSchema).max(10),
  why: z.object({ slices: text, confidence: text.optional() }).optional(),
});
export type SliceSearch = Readonly<z.infer<typeof searchSchema>>;

const listedItemSchema = z.object({ rank: z.number().int(), item: text, score: z.number(), label: numberOrNull });
const listSchema = z.array(listedItemSchema).max(20);
export type ListedItem = Readonly<z.infer<typeof listedItemSchema>>;

const predictedSchema = z.object({
  score: z.number().optional(),
  class: text.optional(),
  /** Where an arm has a probability for each class: the true one's. */
  labelProbability: z.number().optional(),
  lower: z.number().optional(),
  upper: z.number().optional(),
});

const exampleSchema = z.object({
  id: text,
  /** candidate - baseline of the metric on this query, row or unit alone. */
  difference: z.number(),
  baseline: z.number(),
  candidate: z.number(),
  /** The first places of both arms' lists; absent where they are too large or could not be read again. */
  lists: z.object({ baseline: listSchema, candidate: listSchema }).optional(),
  row: z.object({ label: z.union([text, z.number()]), baseline: predictedSchema, candidate: predictedSchema }).optional(),
});
export type Example = Readonly<z.infer<typeof exampleSchema>>;

/** Where the arms differ most, for an engineer to look at. It holds ids and scores of the data files. */
const examplesSchema = z.object({
  metric: text,
  better: z.enum(["higher", "lower"]),
  /** The columns that an id is of. */
  unit: text,
  /** Biggest first, equal ones by id. */
  wins: z.array(exampleSchema).max(10),
  losses: z.array(exampleSchema).max(10),
});
export type Examples = Readonly<z.infer<typeof examplesSchema>>;

const armSchema = z.object({ version: versionLabelSchema, digest: digestSchema });
/** `digest` is null only where a person named a version alone, on a laptop; the App takes no such report. */
const baselineSchema = armSchema.extend({ digest: digestSchema.nullable(), environment: environmentNameSchema.nullable(), source: text });
const predictionsSchema = z.object({ digest: digestSchema, by: z.literal("supplied") });
const suppliedSchema = z.object({ baseline: predictionsSchema.nullable(), candidate: predictionsSchema.nullable(), why });
/** `digest` covers the dataset's file and the bytes of the labels and the catalogue: other labels are another holdout. */
const datasetSchema = z.object({ name: text, digest: digestSchema });

export const reportSchema = z.object({
  schema: z.literal(reportSchemaName),
  model: modelNameSchema,
  candidate: armSchema,
  baseline: baselineSchema.nullable(),
  run: runSchema.nullable(),
  inputs: z.object({
    definition: digestSchema,
    labels: digestSchema.nullable(),
    /** The catalogue; absent where the definition names none. */
    items: digestSchema.optional(),
    artifact: z.enum(["verified", "declared"]),
    predictions: suppliedSchema,
    /** Null when the definition names a benchmark and the file is not there. */
    benchmark: predictionsSchema.nullable().optional(),
    /** Files of scores beside the predictions, by the metric that they are of. */
    scores: z.record(z.string(), suppliedSchema).optional(),
    why,
  }),
  dataset: datasetSchema,
  datasets: z.array(datasetSchema).optional(),
  measurements: z.array(measurementSchema),
  gates: z.array(judgedGateSchema),
  /** Gates that a first version cannot meet, because they compare with a baseline: named, not judged. */
  leftOut: z.array(text),
  preflight: z.array(preflightSchema),
  /** Absent where no slice is declared or nothing is compared. */
  search: searchSchema.optional(),
  /** Absent where nothing is compared unit by unit. */
  examples: examplesSchema.optional(),
  verdict: z.enum(verdicts),
  /** Of the first metric with a gate that has a difference for each unit; absent where none has. */
  distribution: distributionSchema.optional(),
  /** Of a classifier of two classes. */
  curves: z.array(curveSchema).optional(),
});
export type Report = Readonly<z.infer<typeof reportSchema>>;

export type ParsedReport = { readonly kind: "report"; readonly report: Report } | { readonly kind: "refused"; readonly message: string };

/** The exact bytes of `report.json`: fields in the schema's order, whatever order they were made in. Same report, same bytes. */
export function printReport(report: Report): string {
  return `${JSON.stringify(reportSchema.parse(report), null, 2)}\n`;
}

/** Reads a report; a document of another schema or shape is refused, with the reason. Unknown fields are left aside. */
export function parseReport(document: string): ParsedReport {
  const read = parseDocument(document, reportSchemaName, reportSchema);
  return read.kind === "read" ? { kind: "report", report: read.value } : read;
}

type Read<T> = { readonly kind: "read"; readonly value: T } | { readonly kind: "refused"; readonly message: string };

/** Reads a JSON document that names its schema. */
export function parseDocument<T>(document: string, schemaName: string, schema: z.ZodType<T>): Read<T> {
  let value: unknown;
  try {
    value = JSON.parse(document);
  } catch {
    return { kind: "refused", message: `This is not JSON; a document of schema ${schemaName} was expected.` };
  }
  const named = z.object({ schema: z.string() }).safeParse(value);
  if (!named.success) return { kind: "refused", message: `This document names no schema; ${schemaName} was expected.` };
  if (named.data.schema !== schemaName) {
    const found = JSON.stringify(named.data.schema.slice(0, 64));
    return { kind: "refused", message: `This document is of schema ${found}; this version of Slipway reads ${schemaName}.` };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { kind: "read", value: parsed.data };
  const problems = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join(".") || "document"}: ${issue.message}`);
  return { kind: "refused", message: `This is not a valid ${schemaName} document. ${problems.join("; ")}` };
}
