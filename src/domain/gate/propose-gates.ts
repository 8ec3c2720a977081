import type { JudgedGate, Report } from "#domain/evaluation/report.ts";
import { formatNumber } from "./format-number.ts";
import { type GateRule, normalGates, ruleText } from "./gate.ts";
import { type GatePresetName, gatePresets, guardrailGate, primaryGate } from "./gate-preset.ts";
import { roundedUp } from "./smallest-margin.ts";

/** Margins that people choose, in per cent of the baseline. Below half a per cent nobody's users notice, whatever can be proven. */
const margins = [0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50];

/** How often equal quality must pass a gate for its margin to be proposed (F14). */
const oftenEnough = 0.8;

export interface ProposedGate {
  readonly rule: GateRule;
  /** Why this margin and no smaller one, in a sentence. */
  readonly reason: string;
}

/** What a preset measures, the primary metric first. */
export function presetMetrics(task: GatePresetName): readonly string[] {
  const { primary, guardrails } = gatePresets[task];
  return [primary, ...guardrails];
}

/** Gates that say, each judged on the same evaluation, which margin it can prove. They decide nothing. */
export function trialGates(metrics: readonly string[]): readonly GateRule[] {
  return metrics.flatMap((metric) => [
    ...margins.map((margin): GateRule => ({ metric, noWorseThan: `${margin}%`, blocks: "never" })),
    { metric, noWorseThan: 0, blocks: "never" },
  ]);
}

/**
 * Gates with the smallest margins that equal quality meets in 80 % of evaluations, from a report of {@link trialGates}. The first metric that
 * could be compared is the primary one: a set of gates that only block on harm proves nothing.
 */
export function proposeGates(metrics: readonly string[], report: Report): readonly ProposedGate[] {
  const found = metrics.flatMap((metric) => {
    const smallest = smallestMet(metric, report);
    return smallest === null ? [] : [{ metric, ...smallest }];
  });
  return found.map(({ metric, margin, reason }, index) => ({
    rule: index === 0 ? primaryGate(metric, margin) : guardrailGate(metric, margin),
    reason,
  }));
}

function smallestMet(metric: string, report: Report): { readonly margin: string | number; readonly reason: string } | null {
  const trials = report.gates.filter((gate) => gate.metric === metric);
  const relative = margins.map((margin) => ({ margin, gate: trialOf(trials, { metric, noWorseThan: `${margin}%` }) }));
  const at = relative.findIndex(({ gate }) => (gate?.passIfUnchanged ?? 0) >= oftenEnough);
  const met = relative[at];
  const absolute = trialOf(trials, { metric, noWorseThan: 0 });
  const measurement = report.measurements.find((known) => known.metric === metric && known.slice === null);
  const units = measurement?.clusters ?? 0;
  if (met !== undefined) {
    const smaller = relative[at - 1];
    const less = smaller === undefined ? "" : `, one with ${smaller.margin}% only ${percent(smaller.gate)}`;
    const more = unitsFor(margins[0] ?? 1, absolute, measurement?.baseline?.value ?? null, units);
    const settle = smaller === undefined || more === null ? "" : `; ${margins[0]}% takes about ${more} units`;
    return {
      margin: `${met.margin}%`,
      reason: `a candidate of equal quality passes this in ${percent(met.gate)} of evaluations on these ${units} units${less}${settle}`,
    };
  }
  const detectable = absolute?.detectable ?? null;
  if (detectable === null) return null;
  return {
    margin: Number(roundedUp(detectable)),
    reason: `the smallest margin that equal quality meets in 80% of evaluations on these ${units} units; no usual share of the baseline is large enough`,
  };
}

function trialOf(trials: readonly JudgedGate[], rule: GateRule): JudgedGate | undefined {
  const [gate] = normalGates([rule], { dataset: "" });
  return gate === undefined ? undefined : trials.find((trial) => trial.rule === ruleText(gate.comparison));
}

/** Units that make this share of the baseline what equal quality meets in 80 %: `n (detectable / margin)^2` (F14). */
function unitsFor(share: number, absolute: JudgedGate | undefined, baseline: number | null, units: number): number | null {
  const margin = baseline === null ? 0 : (share / 100) * Math.abs(baseline);
  if (absolute?.detectable == null || margin === 0) return null;
  return Number((units * (absolute.detectable / margin) ** 2).toPrecision(2));
}

function percent(gate: JudgedGate | undefined): string {
  return `${formatNumber(Math.round(100 * (gate?.passIfUnchanged ?? 0)))}%`;
}
