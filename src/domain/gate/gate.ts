import { z } from "zod";
import { identifierSchema } from "#domain/model/names.ts";
import { formatNumber } from "./format-number.ts";
import { type Slice, sliceText } from "./slice.ts";

const defaultConfidence = 0.95;

const finite = z.number();
const percentage = z
  .string()
  .regex(/^(?:\d+(?:\.\d+)?|\.\d+) ?%$/, "a share is written like 2% (without it, the number is in the metric's own units)");
export const marginSchema = z.union([finite.min(0, "a margin is not negative"), percentage]);

const sliceSchema = z.union([
  z.literal("*"),
  z
    .record(z.string().min(1).max(128), z.union([z.string().max(512), z.number(), z.boolean()]))
    .refine((slice) => Object.keys(slice).length > 0, "a slice names at least one column, such as {locale: de}, or {name: …}"),
]);

const comparisons = ["noWorseThan", "betterThan", "atLeast", "atMost", "between"] as const;

/** A gate as people write it in model.yaml and policy.yaml. */
export const gateRuleSchema = z
  .strictObject({
    id: identifierSchema.optional(),
    metric: z.string().min(1).max(64),
    noWorseThan: marginSchema.optional(),
    betterThan: marginSchema.optional(),
    atLeast: finite.optional(),
    atMost: finite.optional(),
    between: z
      .tuple([finite, finite])
      .refine(([low, high]) => low < high, "between is written [low, high], low below high")
      .optional(),
    slice: sliceSchema.optional(),
    dataset: identifierSchema.optional(),
    confidence: z.number().min(0.5, "a confidence is a share, such as 0.95").max(0.9999).optional(),
    blocks: z.enum(["unless-pass", "on-fail", "never"]).optional(),
  })
  .refine(
    (rule) => comparisons.filter((name) => rule[name] !== undefined).length === 1,
    `a gate has exactly one of ${comparisons.join(", ")}`,
  )
  .refine((rule) => rule.slice !== "*" || rule.blocks !== "unless-pass", {
    path: ["blocks"],
    message: 'a gate on slice "*" blocks on-fail or never: many small slices cannot all be proven good',
  });
export type GateRule = z.infer<typeof gateRuleSchema>;

export type Margin = { readonly kind: "absolute"; readonly value: number } | { readonly kind: "relative"; readonly fraction: number };

export type Comparison =
  | { readonly kind: "no-worse-than" | "better-than"; readonly margin: Margin }
  | { readonly kind: "at-least" | "at-most"; readonly bound: number }
  | { readonly kind: "between"; readonly low: number; readonly high: number };

/** A gate in normal form: every default filled in. */
export type Gate = {
  readonly id: string;
  readonly metric: string;
  /** null: all units; "*": every slice that was measured. */
  readonly slice: Slice | "*" | null;
  readonly dataset: string;
  readonly comparison: Comparison;
  readonly confidence: number;
  readonly blocks: "unless-pass" | "on-fail" | "never";
};

/** How the ids of the policy's floors begin, beside a model's own gates. */
export const floorPrefix = "floor ";

/** Fills in the defaults of written gates, in the one place where they are. Ids stay unique: a repeated one gets the rule, then a number. */
export function normalGates(rules: readonly GateRule[], from: { readonly dataset: string; readonly idPrefix?: string }): readonly Gate[] {
  const taken = new Set<string>();
  return rules.map((rule) => {
    const slice = sliceOf(rule.slice);
    const comparison = comparisonOf(rule);
    const dataset = rule.dataset ?? from.dataset;
    const plain =
      rule.id ?? `${rule.metric}${slice === null ? "" : `[${sliceText(slice)}]`}${rule.dataset === undefined ? "" : `@${dataset}`}`;
    const base = `${from.idPrefix ?? ""}${plain}`;
    const id = uniqueId([base, `${base} ${comparison.kind}`], taken);
    return {
      id,
      metric: rule.metric,
      slice,
      dataset,
      comparison,
      confidence: rule.confidence ?? defaultConfidence,
      blocks: rule.blocks ?? (slice === "*" ? "on-fail" : "unless-pass"),
    };
  });
}

/** Whether a gate compares with a baseline, and so cannot judge a first version. */
export function comparesWithBaseline(gate: Gate): boolean {
  return gate.comparison.kind === "no-worse-than" || gate.comparison.kind === "better-than";
}

/** The rule as people read it: "no worse than 2%". */
export function ruleText(comparison: Comparison): string {
  switch (comparison.kind) {
    case "no-worse-than":
      return `no worse than ${marginText(comparison.margin)}`;
    case "better-than":
      return `better than ${marginText(comparison.margin)}`;
    case "at-least":
      return `at least ${formatNumber(comparison.bound)}`;
    case "at-most":
      return `at most ${formatNumber(comparison.bound)}`;
    case "between":
      return `between ${formatNumber(comparison.low)} and ${formatNumber(comparison.high)}`;
  }
}

function marginText(margin: Margin): string {
  return margin.kind === "relative" ? `${formatNumber(margin.fraction * 100)}%` : formatNumber(margin.value);
}

function sliceOf(written: GateRule["slice"]): Slice | "*" | null {
  if (written === undefined) return null;
  if (written === "*") return "*";
  return Object.fromEntries(Object.entries(written).map(([column, value]) => [column, String(value)]));
}

function comparisonOf(rule: GateRule): Comparison {
  if (rule.noWorseThan !== undefined) return { kind: "no-worse-than", margin: marginOf(rule.noWorseThan) };
  if (rule.betterThan !== undefined) return { kind: "better-than", margin: marginOf(rule.betterThan) };
  if (rule.atLeast !== undefined) return { kind: "at-least", bound: rule.atLeast };
  if (rule.atMost !== undefined) return { kind: "at-most", bound: rule.atMost };
  const [low, high] = rule.between ?? [0, 0];
  return { kind: "between", low, high };
}

function marginOf(written: number | string): Margin {
  if (typeof written === "number") return { kind: "absolute", value: written };
  const percent = Number(written.replace("%", "").trim());
  return { kind: "relative", fraction: percent / 100 };
}

function uniqueId(wanted: readonly string[], taken: Set<string>): string {
  const last = wanted.at(-1) ?? "gate";
  let id = wanted.find((candidate) => !taken.has(candidate));
  for (let count = 2; id === undefined; count += 1) if (!taken.has(`${last} ${count}`)) id = `${last} ${count}`;
  taken.add(id);
  return id;
}
