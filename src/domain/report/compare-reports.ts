import type { JudgedGate, Measurement, Report } from "#domain/evaluation/report.ts";
import type { Verdict } from "#domain/evaluation/verdict.ts";
import { type Slice, sliceText } from "#domain/gate/slice.ts";
import { otherInputs } from "./other-inputs.ts";

export const comparisonSchemaName = "slipway/comparison/v1";

/** Two reports side by side, usually of two commits or two versions of one model. Nothing is tested: both stand as they were measured. */
export interface Comparison {
  readonly schema: typeof comparisonSchemaName;
  readonly models: Both<string>;
  readonly versions: Both<string>;
  readonly verdicts: Both<Verdict>;
  /** What keeps the numbers from being compared as they stand: `another dataset`. */
  readonly apart: readonly string[];
  /** What both measured, in the order of the second; `change` is second - first of the candidate's own value, null where one has none. */
  readonly measurements: readonly ComparedMeasurement[];
  readonly gates: readonly ComparedGate[];
  /** Metrics and slices that one of them alone measured. */
  readonly measuredBy: Both<readonly string[]>;
  /** Preflight findings that one of them alone has, as `code: message`. */
  readonly foundBy: Both<readonly string[]>;
}

export interface Both<T> {
  readonly first: T;
  readonly second: T;
}

export interface ComparedMeasurement extends Both<Measurement> {
  readonly metric: string;
  readonly slice: Slice | null;
  readonly change: number | null;
  /** Whether the change goes the way that the metric calls better; null where it has no way or nothing changed. */
  readonly better: boolean | null;
}

/** A gate that both, or one alone, judged; null stands for the report that has no such gate. */
export interface ComparedGate extends Both<JudgedGate | null> {
  readonly id: string;
  readonly changed: boolean;
}

export function compareReports(first: Report, second: Report): Comparison {
  const before = byKey(first.measurements, measuredKey);
  const after = byKey(second.measurements, measuredKey);
  return {
    schema: comparisonSchemaName,
    models: { first: first.model, second: second.model },
    versions: { first: first.candidate.version, second: second.candidate.version },
    verdicts: { first: first.verdict, second: second.verdict },
    apart: [...(first.model === second.model ? [] : ["another model"]), ...otherInputs(first, second)],
    measurements: [...after].flatMap(([key, now]) => {
      const then = before.get(key);
      return then === undefined ? [] : [compared(then, now)];
    }),
    gates: comparedGates(first.gates, second.gates),
    measuredBy: { first: aloneIn(before, after).map(measuredName), second: aloneIn(after, before).map(measuredName) },
    foundBy: alone(first, second),
  };
}

function compared(first: Measurement, second: Measurement): ComparedMeasurement {
  const [then, now] = [first.candidate.value, second.candidate.value];
  const change = then === null || now === null ? null : now - then;
  const better = change === null || change === 0 || second.better === "target" ? null : change > 0 === (second.better === "higher");
  return { metric: second.metric, slice: second.slice, first, second, change, better };
}

function comparedGates(first: readonly JudgedGate[], second: readonly JudgedGate[]): readonly ComparedGate[] {
  const before = byKey(first, ({ id }) => id);
  const after = byKey(second, ({ id }) => id);
  const ids = [...new Set([...after.keys(), ...before.keys()])];
  return ids.map((id) => {
    const [then, now] = [before.get(id) ?? null, after.get(id) ?? null];
    return { id, first: then, second: now, changed: then?.verdict !== now?.verdict || then?.rule !== now?.rule };
  });
}

function alone(first: Report, second: Report): Both<readonly string[]> {
  const found = ({ preflight }: Report) =>
    byKey(
      preflight.filter(({ verdict }) => verdict !== "pass"),
      ({ code }) => code,
    );
  const [before, after] = [found(first), found(second)] as const;
  const text = ({ code, message }: Report["preflight"][number]): string => `${code}: ${message}`;
  return { first: aloneIn(before, after).map(text), second: aloneIn(after, before).map(text) };
}

function byKey<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, T> {
  return new Map(values.map((value) => [keyOf(value), value]));
}

function aloneIn<T>(these: ReadonlyMap<string, T>, those: ReadonlyMap<string, unknown>): readonly T[] {
  return [...these].flatMap(([key, value]) => (those.has(key) ? [] : [value]));
}

function measuredKey({ metric, slice, dataset }: Measurement): string {
  return JSON.stringify([metric, dataset, sliceText(slice)]);
}

function measuredName({ metric, slice }: Measurement): string {
  return slice === null ? metric : `${metric} on ${sliceText(slice)}`;
}
