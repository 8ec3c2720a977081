import type { Gate } from "#domain/gate/gate.ts";
import { type EstimateSource, estimatesFromUnits } from "#domain/gate/gate-estimate.ts";
import { judgeGates } from "#domain/gate/judge-gates.ts";
import { cappedExamples } from "./capped-examples.ts";
import { unitDistribution } from "./distribution.ts";
import type { Drawings } from "./drawings.ts";
import { type Exploration, type Explore, firstExplored } from "./exploration.ts";
import { exploreUnits } from "./explore-units.ts";
import type { NegativeLabels } from "./list-preflight.ts";
import { everyPart, type MeasuredPart } from "./measured-part.ts";
import { measurementsOf } from "./measurements.ts";
import { gatesThatRarelyPass, preflightFindings } from "./preflight.ts";
import { type Examples, type PreflightFinding, type Report, reportSchemaName, type SliceSearch } from "./report.ts";
import { exploreRows } from "./rows/explore-rows.ts";
import { rowDrawings } from "./rows/row-drawings.ts";
import { rowMeasurements } from "./rows/row-measurements.ts";
import { rowPreflight } from "./rows/row-preflight.ts";
import { rowSlices } from "./rows/row-sample.ts";
import type { RowAnswer } from "./rows/row-table.ts";
import type { ScoringAnswer } from "./scored-table.ts";
import { searchSlices } from "./search-slices.ts";
import { withShrunken } from "./shrunken-slices.ts";
import { unitsOf } from "./unit-table.ts";

export type ReportRequest = {
  /** What the caller knows of this evaluation; printed as it is. */
  readonly header: Pick<Report, "model" | "candidate" | "baseline" | "run" | "inputs" | "dataset">;
  readonly answer: ScoringAnswer | RowAnswer;
  /** What was measured beside the task's own metrics, by other files or other means. */
  readonly others?: readonly MeasuredPart[];
  /** Where the arms differ most, as `chooseExamples` found it. */
  readonly examples?: Examples | undefined;
  readonly gates: readonly Gate[];
  readonly identical: "refused" | "allowed";
  readonly negativeLabels?: NegativeLabels | undefined;
};

/** The whole report of one model, from what an engine measured. Pure: same request, same bytes. */
export function assembleReport({
  header,
  answer,
  others = [],
  examples,
  gates,
  identical,
  negativeLabels = "refused",
}: ReportRequest): Report {
  const ofTask =
    "kind" in answer ? ofRows(answer, { header, identical, gates }) : ofUnits(answer, { header, identical, negativeLabels, gates });
  const { preflight, measurements, source, explore } = everyPart([ofTask, ...others]);
  const judged = judgeGates(
    { measurements: [...measurements], preflight: [...preflight], firstVersion: header.baseline === null },
    gates,
    source,
  );
  const rarely = gatesThatRarelyPass(judged.gates, measurements);
  const { model, candidate, baseline, run, inputs, dataset } = header;
  const search = searchOf([...gates, ...measurements], explore);
  return {
    schema: reportSchemaName,
    model,
    candidate,
    baseline,
    run,
    inputs,
    dataset,
    measurements: [...withShrunken(measurements)],
    gates: [...judged.gates],
    leftOut: [...judged.leftOut],
    preflight: [...preflight, ...rarely],
    ...(search !== null && { search }),
    ...(examples !== undefined && { examples: cappedExamples(examples) }),
    verdict: judged.verdict,
    ...printedDrawings(ofTask.drawings),
  };
}

/** The worst slices of the first gated metric whose slices can be searched. */
function searchOf(metrics: readonly { readonly metric: string }[], explore: Explore): SliceSearch | null {
  const names = metrics.map(({ metric }) => metric);
  const sliced = ({ sliceColumns }: Exploration): boolean => sliceColumns.length > 0;
  const found =
    firstExplored(names, explore, (known) => sliced(known) && known.differenceIn !== null) ?? firstExplored(names, explore, sliced);
  return found === null ? null : searchSlices(found);
}

const nothingHeld: EstimateSource = () => null;

function ofUnits(
  answer: ScoringAnswer,
  { gates, ...request }: Pick<ReportRequest, "header" | "identical" | "gates"> & { readonly negativeLabels: NegativeLabels },
): MeasuredPart {
  const { header } = request;
  const scored = answer.table;
  if (scored === null) return { preflight: answer.problems, measurements: [], source: nothingHeld };
  const units = unitsOf(scored, header.dataset.digest);
  if (units.kind === "problems") return { preflight: [...answer.problems, ...units.problems], measurements: [], source: nothingHeld };
  const preflight = [...answer.problems, ...preflightFindings({ scored, ...request })];
  const measurements = measurementsOf(units.table, header.dataset.name, whyNoBaseline(header, preflight));
  const { table } = units;
  const distribution = unitDistribution(table, gates, header.dataset.name);
  return {
    preflight,
    measurements,
    source: estimatesFromUnits(table),
    explore: exploreUnits(table),
    drawings: { ...(distribution && { distribution }) },
  };
}

function ofRows(
  { table, problems }: RowAnswer,
  { header, identical, gates }: Pick<ReportRequest, "header" | "identical" | "gates">,
): MeasuredPart {
  if (table === null) return { preflight: problems, measurements: [], source: nothingHeld };
  const slices = rowSlices(table);
  if (slices.problems.length > 0) return { preflight: [...problems, ...slices.problems], measurements: [], source: nothingHeld };
  const preflight = [...problems, ...rowPreflight({ table, header, identical })];
  const { differencesOf, ...measured } = rowMeasurements(table, slices.slices, header.dataset, whyNoBaseline(header, preflight));
  const drawings = rowDrawings(table, differencesOf, gates, header.dataset.name);
  return { preflight, ...measured, explore: exploreRows(table), drawings };
}

function printedDrawings({ distribution, curves }: Drawings = {}): Pick<Report, "distribution" | "curves"> {
  return { ...(distribution && { distribution }), ...(curves && { curves: [...curves] }) };
}

function whyNoBaseline({ baseline }: ReportRequest["header"], preflight: readonly PreflightFinding[]): string {
  return baseline !== null && preflight.some(({ code }) => code === "predictions-missing") ? "predictions-missing" : "no-baseline";
}
