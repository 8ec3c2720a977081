import { type Convention, defaultConvention, type Metric, type MetricFamily } from "./metric.ts";
import { mrr } from "./metrics/mrr.ts";
import { ndcg } from "./metrics/ndcg.ts";
import { recall } from "./metrics/recall.ts";
import { nearestNames } from "./nearest-name.ts";

/** Every family of metrics. A new one is one file in `metrics/` and one line here. */
export const metricFamilies: readonly MetricFamily[] = [ndcg, recall, mrr];

export type ParsedMetric =
  | { readonly kind: "metric"; readonly metric: Metric }
  | { readonly kind: "unknown"; readonly message: string; readonly nearest: readonly string[] };

const greatestCutoff = 10_000;

/** Reads a metric's name, such as `ndcg@10` or `mrr`; a wrong one is answered with the nearest valid names. */
export function parseMetric(name: string, convention: Partial<Convention> = {}): ParsedMetric {
  const [, word = name, cutoff] = /^([^@]*)(?:@(.*))?$/s.exec(name) ?? [];
  const family = metricFamilies.find((known) => known.family === word);
  if (family === undefined) return unknown(`There is no metric ${JSON.stringify(name)}.`, nearestSpellings(word, cutoff));
  if (cutoff === undefined && family.cutoff === "required") {
    return unknown(`Metric ${JSON.stringify(name)} needs a cutoff.`, [`${word}@10`]);
  }
  if (cutoff !== undefined && family.cutoff === "none") return unknown(`Metric ${JSON.stringify(word)} takes no cutoff.`, [word]);
  if (cutoff !== undefined && !(/^[1-9]\d*$/.test(cutoff) && Number(cutoff) <= greatestCutoff)) {
    const message = `The cutoff of metric ${JSON.stringify(name)} must be a whole number from 1 to ${greatestCutoff}.`;
    return unknown(message, [`${word}@10`]);
  }
  const k = cutoff === undefined ? null : Number(cutoff);
  const filled = { ...defaultConvention, ...convention };
  if (!family.ties.includes(filled.ties)) {
    return { kind: "unknown", message: `Metric ${JSON.stringify(word)} orders ties by ${family.ties.join(" or ")}.`, nearest: [] };
  }
  return { kind: "metric", metric: { name, family: family.family, k, convention: filled, ...family.define(k, filled) } };
}

/** How each family is written, for help and error messages: `ndcg@k`, `recall@k`, `mrr`, `mrr@k`. */
export function metricSpellings(): readonly string[] {
  return metricFamilies.flatMap(({ family, cutoff }) => [
    ...(cutoff === "required" ? [] : [family]),
    ...(cutoff === "none" ? [] : [`${family}@k`]),
  ]);
}

function nearestSpellings(word: string, cutoff: string | undefined): readonly string[] {
  const at = cutoff !== undefined && /^[1-9]\d*$/.test(cutoff) ? cutoff : "10";
  const spelled = new Map(metricFamilies.map(({ family, cutoff: need }) => [family, need === "required" ? `${family}@${at}` : family]));
  return nearestNames(word, [...spelled.keys()]).map((family) => spelled.get(family) ?? family);
}

function unknown(problem: string, nearest: readonly string[]): ParsedMetric {
  const hint = nearest.length > 0 ? ` Did you mean ${nearest.join(" or ")}?` : ` Known metrics: ${metricSpellings().join(", ")}.`;
  return { kind: "unknown", message: problem + hint, nearest };
}
