import type { Gate } from "#domain/gate/gate.ts";
import { type EstimateSource, estimatesFromUnits } from "#domain/gate/gate-estimate.ts";
import { judgeGates } from "#domain/gate/judge-gates.ts";
import { measurementsOf } from "./measurements.ts";
import { gatesThatRarelyPass, preflightFindings } from "./preflight.ts";
import { type Measurement, type PreflightFinding, type Report, reportSchemaName } from "./report.ts";
import { rowMeasurements } from "./rows/row-measurements.ts";
import { rowPreflight } from "./rows/row-preflight.ts";
import { rowSlices } from "./rows/row-sample.ts";
import type { RowAnswer } from "./rows/row-table.ts";
import type { ScoringAnswer } from "./scored-table.ts";
import { unitsOf } from "./unit-table.ts";

export type ReportRequest = {
  /** What the caller knows of this evaluation; printed as it is. */
  readonly header: Pick<Report, "model" | "candidate" | "baseline" | "run" | "inputs" | "dataset">;
  readonly answer: ScoringAnswer | RowAnswer;
  readonly gates: readonly Gate[];
  readonly identical: "refused" | "allowed";
};

/** The whole report of one model, from what an engine measured. Pure: same request, same bytes. */
export function assembleReport({ header, answer, gates, identical }: ReportRequest): Report {
  const { preflight, measurements, source } = "kind" in answer ? ofRows(answer, header, identical) : ofUnits(answer, header, identical);
  const judged = judgeGates(
    { measurements: [...measurements], preflight: [...preflight], firstVersion: header.baseline === null },
    gates,
    source,
  );
  const rarely = gatesThatRarelyPass(judged.gates, measurements);
  const { model, candidate, baseline, run, inputs, dataset } = header;
  return {
    schema: reportSchemaName,
    model,
    candidate,
    baseline,
    run,
    inputs,
    dataset,
    measurements: [...measurements],
    gates: [...judged.gates],
    leftOut: [...judged.leftOut],
    preflight: [...preflight, ...rarely],
    verdict: judged.verdict,
  };
}

type Measured = {
  readonly preflight: readonly PreflightFinding[];
  readonly measurements: readonly Measurement[];
  readonly source: EstimateSource;
};

const nothingHeld: EstimateSource = () => null;

function ofUnits(answer: ScoringAnswer, header: ReportRequest["header"], identical: ReportRequest["identical"]): Measured {
  const scored = answer.table;
  if (scored === null) return { preflight: answer.problems, measurements: [], source: nothingHeld };
  const units = unitsOf(scored);
  if (units.kind === "problems") return { preflight: [...answer.problems, ...units.problems], measurements: [], source: nothingHeld };
  const preflight = [...answer.problems, ...preflightFindings({ scored, header, identical })];
  const measurements = measurementsOf(units.table, header.dataset.name, whyNoBaseline(header, preflight));
  return { preflight, measurements, source: estimatesFromUnits(units.table) };
}

function ofRows({ table, problems }: RowAnswer, header: ReportRequest["header"], identical: ReportRequest["identical"]): Measured {
  if (table === null) return { preflight: problems, measurements: [], source: nothingHeld };
  const slices = rowSlices(table);
  if (slices.problems.length > 0) return { preflight: [...problems, ...slices.problems], measurements: [], source: nothingHeld };
  const preflight = [...problems, ...rowPreflight({ table, header, identical })];
  return { preflight, ...rowMeasurements(table, slices.slices, header.dataset, whyNoBaseline(header, preflight)) };
}

function whyNoBaseline({ baseline }: ReportRequest["header"], preflight: readonly PreflightFinding[]): string {
  return baseline !== null && preflight.some(({ code }) => code === "predictions-missing") ? "predictions-missing" : "no-baseline";
}
