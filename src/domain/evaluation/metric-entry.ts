import { z } from "zod";
import { applicable, type Convention, defaultConvention, optionNames, pick, sameConvention } from "./convention.ts";
import type { MetricFamily } from "./metric.ts";
import { makeMetric, type ParsedMetric, parseMetric, readSpelling } from "./metrics.ts";
import { metricNameSchema, type OwnMetricEntry, ownMetricSchema } from "./own-entry.ts";
import { presetNames, presets } from "./presets.ts";

const gainMapSchema = z
  .record(
    z.string().regex(/^-?\d+(?:\.\d+)?$/, "a gain is written by grade, such as {1: 1, 2: 3}"),
    z
      .number()
      .min(0)
      .max(2 ** 50),
  )
  .refine((gains) => Object.keys(gains).length > 0, "a gain map names at least one grade")
  .refine((gains) => Object.entries(gains).every(([grade, gain]) => Number(grade) > 0 || gain === 0), "a grade of 0 or less gains nothing")
  .refine((gains) => {
    const byGrade = Object.entries(gains).toSorted(([a], [b]) => Number(a) - Number(b));
    return byGrade.every(([, gain], index) => gain >= (byGrade[index - 1]?.[1] ?? 0));
  }, "a higher grade gains no less than a lower one");

/** A metric with a convention of its own: a library's preset, single options, or both; the options win. */
const ownConventionSchema = z.strictObject({
  metric: z.string().min(1).max(64),
  name: metricNameSchema.optional(),
  convention: z.enum(presetNames).optional(),
  gain: z.union([z.enum(["linear", "exp2", "binary"]), gainMapSchema]).optional(),
  ideal: z.enum(["judged", "retrieved", "full_k", "none"]).optional(),
  divisor: z.enum(["relevant", "capped", "k", "listed", "items", "items_less_one"]).optional(),
  weight: z.enum(["impressions", "relevant", "equal"]).optional(),
  column: z.string().min(1).max(128).optional(),
  discount: z.enum(["none", "log2"]).optional(),
  clicks: z.enum(["plain", "ips"]).optional(),
  clip: z.union([z.number().min(1), z.literal("none")]).optional(),
  neighbours: z.enum(["first", "within"]).optional(),
  p: z.number().gt(0).max(0.999).optional(),
  maxGrade: z.number().int().min(1).max(50).optional(),
  minRel: z.number().gt(0).optional(),
  users: z.number().int().min(1).optional(),
  items: z
    .record(z.string().min(1).max(128), z.string().min(1).max(128))
    .refine((group) => Object.keys(group).length === 1, "a group of items is one column and its value, such as {provider: acme}")
    .optional(),
  scale: z.enum(["count", "log1p", "of_most_popular"]).optional(),
  unseen: z.enum(["zero", "one", "rarest", "skip"]).optional(),
  over: z.enum(["catalogue", "taken_only", "recommended_only"]).optional(),
  distance: z.enum(["category", "hamming", "euclidean", "cosine"]).optional(),
  similarity: z.enum(["jaccard", "overlap"]).optional(),
  ties: z.enum(["id_desc", "id_asc", "average", "worst"]).optional(),
  unjudged: z.enum(["irrelevant", "skip"]).optional(),
  level: z.enum(["binary", "everywhere"]).optional(),
  scores: z.enum(["float64", "float32"]).optional(),
  noRelevant: z.enum(["skip", "zero", "one", "error"]).optional(),
  missing: z.enum(["zero", "intersect", "error"]).optional(),
});

/** One of `evaluation.metrics`: a name, a metric with its convention, or one that the model defines itself. */
export const metricEntrySchema = z.union([z.string().min(1).max(64), ownConventionSchema, ownMetricSchema]);
export type MetricEntry = Readonly<z.infer<typeof metricEntrySchema>>;

export function isOwnMetric(entry: MetricEntry): entry is OwnMetricEntry {
  return typeof entry !== "string" && !("metric" in entry);
}

/** How gates and reports call the metric of an entry. */
export function metricEntryName(entry: MetricEntry): string {
  if (typeof entry === "string") return entry;
  return "metric" in entry ? (entry.name ?? entry.metric) : entry.name;
}

/** Columns that a model names for a role, and that so are the default of the metrics that read it. */
type NamedColumns = { readonly value?: string | undefined };

function namedDefaults({ options, defaults }: MetricFamily, { value }: NamedColumns): Partial<Convention> {
  const readsValue = options.column !== undefined && defaults.column === defaultConvention.column;
  return readsValue && value !== undefined ? { column: value } : {};
}

/**
 * Reads an entry. A metric's own spelling always means the default convention: what policy's floors and other models call `ndcg@10`
 * cannot be another measure here. So a convention that gives other numbers needs another name, and no name may be another metric's.
 */
export function parseMetricEntry(entry: MetricEntry, columns: NamedColumns = {}): ParsedMetric {
  if (isOwnMetric(entry)) return { kind: "unknown", message: `${entry.name} is a metric of the model's own.`, nearest: [] };
  const spelling = typeof entry === "string" ? entry : entry.metric;
  const read = readSpelling(spelling);
  if (read.kind === "unknown") return read;
  const { family, k } = read;
  const byColumns = namedDefaults(family, columns);
  if (typeof entry === "string") return parseMetric(entry, byColumns);
  const { name, convention: preset } = entry;
  const refuse = (message: string): ParsedMetric => ({ kind: "unknown", message, nearest: [] });

  const library = preset === undefined ? undefined : presets[preset];
  if (library !== undefined && !Object.hasOwn(library.metrics, family.family))
    return refuse(`${preset} has no metric ${family.family}; the convention knows ${Object.keys(library.metrics).join(", ")}.`);
  const byLibrary = applicable(family.options, { ...library?.convention, ...library?.byFamily?.[family.family] });
  const written = pick(entry, optionNames);
  const made = makeMetric(name ?? spelling, family, k, { ...byColumns, ...byLibrary, ...written });
  if (made.kind === "unknown") return made;

  if (name !== undefined && name !== spelling && readSpelling(name).kind === "spelled")
    return refuse(`The name ${JSON.stringify(name)} is that of another metric; call ${spelling} something else.`);
  const usual = { ...defaultConvention, ...family.defaults };
  if ((name ?? spelling) === spelling) {
    if (sameConvention(family.options, made.metric.convention, usual)) return made;
    const suffix = preset ?? optionNames.map((option) => written[option]).find((value) => typeof value === "string") ?? "own";
    const example = spelling.replace(/^[^@]*/, (word) => `${word}_${suffix}`);
    return refuse(`${spelling} with a convention of its own needs a name of its own, such as name: ${example}.`);
  }
  return { kind: "metric", metric: { ...made.metric, printedConvention: { metric: spelling, ...made.metric.printedConvention } } };
}
