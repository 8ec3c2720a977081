import { z } from "zod";
import type { tasks } from "#domain/model/task.ts";
import { type GateRule, gateRuleSchema, marginSchema } from "./gate.ts";

/**
 * What judges a task when nobody has thought about it longer: one primary metric that must be proven not to be worse, and guardrails
 * that block only on proven harm, because a set of gates that must all pass loses power with each. The margin is not in it: it depends on what
 * the dataset can prove, which `slipway init` computes.
 */
export const gatePresets = {
  ranking: { primary: "ndcg@10", guardrails: ["recall@50", "mrr"] },
  classification: { primary: "auc", guardrails: ["log_loss"] },
  regression: { primary: "mae", guardrails: ["rmse"] },
  retrieval: { primary: "neighbour_recall@10", guardrails: ["neighbour_recall@1"] },
  bandit: { primary: "snips", guardrails: ["ips"] },
  judged: { primary: "score", guardrails: [] },
} as const satisfies Record<(typeof tasks)[number], GatePreset>;

interface GatePreset {
  readonly primary: string;
  readonly guardrails: readonly string[];
}

export type GatePresetName = keyof typeof gatePresets;
export const gatePresetNames = [
  "ranking",
  "classification",
  "regression",
  "retrieval",
  "bandit",
  "judged",
] as const satisfies readonly GatePresetName[];

const presetGatesSchema = z.strictObject({ preset: z.enum(gatePresetNames), margin: marginSchema });
type PresetGates = z.infer<typeof presetGatesSchema>;

/** `gates` of model.yaml: a list, or `{preset: ranking, margin: 2%}`, which stands for the list that the report then shows. */
export const gatesSchema = z
  .union([z.array(gateRuleSchema).max(100), presetGatesSchema])
  .transform((written) => (Array.isArray(written) ? written : presetGates(written)));

function presetGates({ preset, margin }: PresetGates): GateRule[] {
  const { primary, guardrails } = gatePresets[preset];
  return [primaryGate(primary, margin), ...guardrails.map((metric) => guardrailGate(metric, margin))];
}

export function primaryGate(metric: string, margin: GateRule["noWorseThan"]): GateRule {
  return { metric, noWorseThan: margin };
}

export function guardrailGate(metric: string, margin: GateRule["noWorseThan"]): GateRule {
  return { metric, noWorseThan: margin, blocks: "on-fail" };
}
