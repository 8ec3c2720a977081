import type { Gate } from "#domain/gate/gate.ts";
import { type EstimateSource, estimatesFromUnits } from "#domain/gate/gate-estimate.ts";
import { judgeGates } from "#domain/gate/judge-gates.ts";
import { measurementsOf } from "./measurements.ts";
import { gatesThatRarelyPass, preflightFindings } from "./preflight.ts";
import { type Measurement, type PreflightFinding, type Report, reportSchemaName } from "./report.ts";
import type { ScoringAnswer } from "./scored-table.ts";
import { type UnitTable, unitsOf } from "./unit-table.ts";

export type ReportRequest = {
  /** What the caller knows of this evaluation; printed as it is. */
  readonly header: Pick<Report, "model" | "candidate" | "baseline" | "run" | "inputs" | "dataset">;
  readonly answer: ScoringAnswer;
  readonly gates: readonly Gate[];
  readonly identical: "refused" | "allowed";
};

/** The whole report of one model, from what an engine measured. Pure: same request, same bytes. */
export function assembleReport({ header, answer, gates, identical }: ReportRequest): Report {
  const { table, problems } = measured(answer);
  const invalid = [...answer.problems, ...problems];
  const preflight = [
    ...invalid,
    ...(answer.table === null || table === null ? [] : preflightFindings({ scored: answer.table, header, identical })),
  ];
  const measurements = table === null ? [] : [...measurementsOf(table, header.dataset.name, whyNoBaseline(header, preflight))];
  const judged = judgeGates({ measurements, preflight, firstVersion: header.baseline === null }, gates, sourceOf(table));
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
    measurements,
    gates: [...judged.gates],
    leftOut: [...judged.leftOut],
    preflight: [...preflight, ...rarely],
    verdict: judged.verdict,
  };
}

function measured({ table }: ScoringAnswer): { readonly table: UnitTable | null; readonly problems: readonly PreflightFinding[] } {
  if (table === null) return { table: null, problems: [] };
  const units = unitsOf(table);
  return units.kind === "units" ? { table: units.table, problems: [] } : { table: null, problems: units.problems };
}

function whyNoBaseline({ baseline }: ReportRequest["header"], preflight: readonly PreflightFinding[]): string {
  return baseline !== null && preflight.some(({ code }) => code === "predictions-missing") ? "predictions-missing" : "no-baseline";
}

function sourceOf(table: UnitTable | null): EstimateSource {
  return table === null ? (_measurement: Measurement) => null : estimatesFromUnits(table);
}
