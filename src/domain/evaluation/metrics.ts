import { type Convention, defaultConvention, optionProblem, printedConvention } from "./convention.ts";
import type { Metric, MetricFamily } from "./metric.ts";
import { arp } from "./metrics/arp.ts";
import { bpref } from "./metrics/bpref.ts";
import { coverage } from "./metrics/coverage.ts";
import { dcg } from "./metrics/dcg.ts";
import { entropy } from "./metrics/entropy.ts";
import { err } from "./metrics/err.ts";
import { exposure } from "./metrics/exposure.ts";
import { f1 } from "./metrics/f1.ts";
import { gauc } from "./metrics/gauc.ts";
import { gini } from "./metrics/gini.ts";
import { hitRate } from "./metrics/hit-rate.ts";
import { ild } from "./metrics/ild.ts";
import { judged } from "./metrics/judged.ts";
import { kendallTau } from "./metrics/kendall-tau.ts";
import { listMcc } from "./metrics/list-mcc.ts";
import { map } from "./metrics/map.ts";
import { mrr } from "./metrics/mrr.ts";
import { ndcg } from "./metrics/ndcg.ts";
import { neighbourRecall } from "./metrics/neighbour-recall.ts";
import { novelty } from "./metrics/novelty.ts";
import { overlap } from "./metrics/overlap.ts";
import { pap } from "./metrics/pap.ts";
import { partialAuc } from "./metrics/partial-auc.ts";
import { personalisation } from "./metrics/personalisation.ts";
import { precision } from "./metrics/precision.ts";
import { rPrecision } from "./metrics/r-precision.ts";
import { rbp } from "./metrics/rbp.ts";
import { rbpResidual } from "./metrics/rbp-residual.ts";
import { recall } from "./metrics/recall.ts";
import { recallCapped } from "./metrics/recall-capped.ts";
import { serendipity } from "./metrics/serendipity.ts";
import { value } from "./metrics/value.ts";
import { nearestNames } from "./nearest-name.ts";

/** Every family of metrics. A new one is one file in `metrics/` and one line here. */
export const metricFamilies: readonly MetricFamily[] = [
  ndcg,
  dcg,
  recall,
  recallCapped,
  precision,
  f1,
  hitRate,
  mrr,
  map,
  rPrecision,
  bpref,
  err,
  rbp,
  rbpResidual,
  judged,
  gauc,
  value,
  neighbourRecall,
  overlap,
  kendallTau,
  partialAuc,
  pap,
  listMcc,
  coverage,
  gini,
  entropy,
  personalisation,
  arp,
  novelty,
  serendipity,
  ild,
  exposure,
];

export type ParsedMetric =
  | { readonly kind: "metric"; readonly metric: Metric }
  | { readonly kind: "unknown"; readonly message: string; readonly nearest: readonly string[] };

export type ReadSpelling =
  | { readonly kind: "spelled"; readonly family: MetricFamily; readonly k: number | null }
  | { readonly kind: "unknown"; readonly message: string; readonly nearest: readonly string[] };

const greatestCutoff = 10_000;

/** Reads a metric's name, such as `ndcg@10` or `mrr`; a wrong one is answered with the nearest valid names. */
export function parseMetric(name: string, convention: Partial<Convention> = {}): ParsedMetric {
  const read = readSpelling(name);
  return read.kind === "unknown" ? read : makeMetric(name, read.family, read.k, convention);
}

/** A metric of a family with a convention of its own, filled up with the family's defaults. */
export function makeMetric(name: string, family: MetricFamily, k: number | null, convention: Partial<Convention>): ParsedMetric {
  const filled = { ...defaultConvention, ...family.defaults, ...convention };
  const conflict = family.conflict?.(k, filled);
  const problem =
    optionProblem(family.family, family.options, convention) ??
    (conflict === null || conflict === undefined ? null : `Metric ${JSON.stringify(family.family)}: ${conflict}.`);
  if (problem !== null) return { kind: "unknown", message: problem, nearest: [] };
  const printed = printedConvention(family.options, filled);
  const metric = { name, family: family.family, k, convention: filled, printedConvention: printed, ...family.define(k, filled) };
  return { kind: "metric", metric };
}

/** The family and cutoff of a name. */
export function readSpelling(name: string): ReadSpelling {
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
  return { kind: "spelled", family, k: cutoff === undefined ? null : Number(cutoff) };
}

/** How each family is written, for help and error messages: `ndcg`, `ndcg@k`, `recall@k`, `mrr`, `mrr@k`. */
export function metricSpellings(): readonly string[] {
  return metricFamilies.flatMap(spellingsOf);
}

export function spellingsOf({ family, cutoff }: MetricFamily): readonly string[] {
  return [...(cutoff === "required" ? [] : [family]), ...(cutoff === "none" ? [] : [`${family}@k`])];
}

function nearestSpellings(word: string, cutoff: string | undefined): readonly string[] {
  const at = cutoff !== undefined && /^[1-9]\d*$/.test(cutoff) ? cutoff : "10";
  const written = cutoff !== undefined;
  const spelled = new Map(
    metricFamilies.map(({ family, cutoff: need }) => [
      family,
      need === "required" || (need === "optional" && written) ? `${family}@${at}` : family,
    ]),
  );
  return nearestNames(word, [...spelled.keys()]).map((family) => spelled.get(family) ?? family);
}

function unknown(problem: string, nearest: readonly string[]): Extract<ReadSpelling, { kind: "unknown" }> {
  const hint = nearest.length > 0 ? ` Did you mean ${nearest.join(" or ")}?` : ` Known metrics: ${metricSpellings().join(", ")}.`;
  return { kind: "unknown", message: problem + hint, nearest };
}
