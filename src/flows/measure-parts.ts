import type { MeasuredPart } from "#domain/evaluation/measured-part.ts";
import type { Report } from "#domain/evaluation/report.ts";
import type { Digest } from "#domain/model/names.ts";
import type { EvaluationEngine, ScoringRequest } from "#ports/evaluation-engine.ts";
import type { Workspace } from "#ports/workspace.ts";
import type { RemoteAccess } from "./find-input.ts";
import type { MeasuringRequest } from "./measure-model.ts";
import { measureOperational } from "./measure-operational.ts";
import { measureOwnMetrics } from "./measure-own-metrics.ts";

/** The trees that files are read from, and what reads them. */
export type Trees = {
  readonly trusted: Workspace;
  readonly head: Workspace;
  readonly engine: EvaluationEngine;
  /** undefined: only files of the trees are read. */
  readonly remote?: RemoteAccess | undefined;
};

export interface PartRequest extends MeasuringRequest {
  readonly dataset: Report["dataset"];
  /** What the task's own metrics are scored on. */
  readonly files: Omit<ScoringRequest, "metrics">;
  /** The digests of the arms' predictions. */
  readonly predictions: { readonly baseline: Digest | null; readonly candidate: Digest | null };
  /** Why there are no numbers of a baseline, where there are none. */
  readonly noBaseline: "no-baseline" | "predictions-missing";
}

/** Measures what one of `metricParts` has of a model's metrics; no part when it has none of them. */
export type MeasurePart = (world: Trees, request: PartRequest) => Promise<readonly MeasuredPart[]>;

/** One for each of the domain's `metricParts`, in the order of a report. */
const measurers: readonly MeasurePart[] = [measureOwnMetrics, measureOperational];

/** Measures what stands beside the task's own metrics, one part after the other. */
export async function measureParts(world: Trees, request: PartRequest): Promise<readonly MeasuredPart[]> {
  const parts: MeasuredPart[] = [];
  for (const measure of measurers) parts.push(...(await measure(world, request)));
  return parts;
}
