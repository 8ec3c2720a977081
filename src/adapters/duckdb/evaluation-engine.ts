import type { DuckDBConnection } from "@duckdb/node-api";
import { labelledGroup } from "#domain/evaluation/catalogue-needs.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import type { PreflightFinding } from "#domain/evaluation/report.ts";
import type { ScoringAnswer } from "#domain/evaluation/scored-table.ts";
import { slicedColumns, sliceLeaves } from "#domain/evaluation/slice-columns.ts";
import type { LabelColumn } from "#domain/sql/label-columns.ts";
import type { Called, EvaluationEngine, InputFile, InspectionAnswer, InspectionRequest, ScoringRequest } from "#ports/evaluation-engine.ts";
import { checkGains } from "./check-conventions.ts";
import { checkRepeated } from "./check-rows.ts";
import { DataProblem, detailOf } from "./data-problem.ts";
import { describeQueries } from "./describe-queries.ts";
import { checkNeighbours } from "./exact-neighbours.ts";
import { checkFiles, type InputTable } from "./input-files.ts";
import { inspectInputs } from "./inspect-inputs.ts";
import { itemFacts } from "./item-facts.ts";
import { withJudgedOnly } from "./judged-only.ts";
import { checkRelevantLabels, neededLabelColumns } from "./label-columns.ts";
import { loadItems } from "./load-items.ts";
import { type InputTables, type Loaded, loadTables } from "./load-tables.ts";
import { readColumns } from "./operational/read-columns.ts";
import { scoreRows } from "./pointwise/score-rows.ts";
import { readLists } from "./read-lists.ts";
import { readScores, readValues } from "./read-scores.ts";
import { resourceProblem } from "./resource-problem.ts";
import { type DuckDbSettings, openSandbox, type Sandbox } from "./sandbox.ts";
import { computeMetrics, scoreGroups } from "./score-metrics.ts";
import { scoreUnits } from "./units/score-units.ts";
import { unmeasurableBy } from "./unmeasurable.ts";

/** Scores local files (Parquet, CSV, TSV, JSON lines; the last three gzipped too) with DuckDB, in a database that can read nothing else. */
export function duckdbEvaluationEngine(settings: DuckDbSettings): EvaluationEngine {
  return {
    score: (request) => scored(request, settings, ({ connection, beside }, tables) => scoredTable(connection, beside, request, tables)),
    scoreRows: async (request) => ({
      kind: "rows",
      ...(await scored(request, { ...settings, keepsOrder: true }, ({ connection }, tables) => scoreRows(connection, request, tables))),
    }),
    readColumns: async (request) => {
      const checked = await checkFiles(request.what, request.files, "no-data");
      if (checked.kind === "problem") return { table: null, problems: [checked.problem] };
      return sandboxed(checked.table.files, settings, [], ({ connection }) => readColumns(connection, request, checked.table));
    },
    inspect: (request) => inspected(request, settings),
    scoreUnits: (request) => scored(request, settings, ({ connection }, tables) => scoreUnits(connection, request, tables)),
  };
}

type Files = Pick<ScoringRequest, "candidate" | "baseline" | "labels" | "items" | "slices"> & { readonly called?: Called };
type Answer<Table> = { readonly table: Table | null; readonly problems: readonly PreflightFinding[] };
type Work<Table> = (sandbox: Sandbox, tables: InputTables) => Promise<Table | null>;

async function scored<Table>(request: Files, settings: DuckDbSettings, work: Work<Table>): Promise<Answer<Table>> {
  const { tables, problems } = await inputTables(request);
  if (tables === null) return { table: null, problems };
  const files = [tables.candidate, tables.baseline, tables.labels, tables.items].flatMap((table) => table?.files ?? []);
  return sandboxed(files, settings, problems, (sandbox) => work(sandbox, tables));
}

/** Works in a database that can read these files and nothing else; what is wrong with them is part of the answer. */
async function sandboxed<Table>(
  files: readonly InputFile[],
  settings: DuckDbSettings,
  problems: readonly PreflightFinding[],
  work: (sandbox: Sandbox) => Promise<Table | null>,
): Promise<Answer<Table>> {
  const sandbox = await openSandbox(
    files.map(({ path }) => path),
    settings,
  );
  try {
    return { table: await work(sandbox), problems };
  } catch (error) {
    return { table: null, problems: [...problems, resourceProblem(error, settings) ?? findingOf(error, files)] };
  } finally {
    sandbox.close();
  }
}

/** What training saw lies in a file of its own; the others are opened as they are for scoring. */
async function inspected(request: InspectionRequest, settings: DuckDbSettings): Promise<InspectionAnswer> {
  const training = request.training === null ? null : await checkFiles("the units of training", request.training, "error");
  if (training?.kind === "problem") return { facts: null, problems: [training.problem] };
  const { tables, problems } = await inputTables({ ...request, slices: [] });
  if (tables === null) return { facts: null, problems };
  const all = { ...tables, training: training?.table ?? null };
  const files = [all.candidate, all.baseline, all.labels, all.training].flatMap((table) => table?.files ?? []);
  const answer = await sandboxed(files, settings, problems, ({ connection }) => inspectInputs(connection, request, all));
  return { facts: answer.table, problems: answer.problems };
}

type Inputs = { readonly tables: InputTables | null; readonly problems: readonly PreflightFinding[] };

/** A baseline whose predictions are missing leaves the candidate to be measured alone; any other missing file leaves nothing. */
async function inputTables({ candidate, baseline, labels, items, slices, called = {} }: Files): Promise<Inputs> {
  const checked = {
    candidate: await checkFiles(called.candidate ?? "the candidate's predictions", candidate, "no-data"),
    baseline: baseline === null ? null : await checkFiles(called.baseline ?? "the baseline's predictions", baseline, "no-data"),
    labels: labels === null ? null : await checkFiles(called.labels ?? "the labels", labels, "error"),
    items: items === undefined ? null : await checkFiles("the catalogue", items, "error"),
  };
  const problems = Object.values(checked).flatMap((answer) => (answer?.kind === "problem" ? [answer.problem] : []));
  if (Object.values(slicedColumns(slices)).includes("name")) {
    const message = 'A slice column cannot be called "name", which is how named slices are written. Rename the column.';
    problems.push({ code: "slice-column-reserved", verdict: "error", message });
  }
  const tableIn = (answer: (typeof checked)["labels"]): InputTable | null => (answer?.kind === "table" ? answer.table : null);
  const own = tableIn(checked.candidate);
  const invalid = problems.some(({ verdict }) => verdict === "error");
  if (own === null || invalid) return { tables: null, problems };
  const [baselineTable, labelTable, itemTable] = [checked.baseline, checked.labels, checked.items].map(tableIn);
  return { tables: { candidate: own, baseline: baselineTable ?? null, labels: labelTable ?? null, items: itemTable ?? null }, problems };
}

async function scoredTable(
  connection: DuckDBConnection,
  beside: Sandbox["beside"],
  request: ScoringRequest,
  tables: InputTables,
): Promise<ScoringAnswer["table"]> {
  const { columns, slices } = request;
  const hasPredicates = sliceLeaves(slices).some(({ kind }) => kind === "predicate");
  const read = neededLabelColumns(request);
  const loaded = await loadTables(connection, tables, request, read, describedColumns(request), hasPredicates);
  const checkRows = (other: DuckDBConnection): Promise<void> => checkRepeated(other, loaded.unchecked, columns, loaded.ids, true);
  const [checked, table] = await Promise.allSettled([beside(checkRows), loadedTable(connection, request, tables, loaded, read)]);
  if (checked.status === "rejected") throw checked.reason;
  if (table.status === "rejected") throw table.reason;
  return table.value;
}

async function loadedTable(
  connection: DuckDBConnection,
  request: ScoringRequest,
  tables: InputTables,
  loaded: Loaded,
  read: readonly LabelColumn[],
): Promise<ScoringAnswer["table"]> {
  const { columns, metrics, slices } = request;
  const described = await describeQueries(connection, loaded.describing, columns, slices, loaded.ids);
  const hasBaseline = tables.baseline !== null;
  const unmeasurable = metrics.flatMap((metric) => unmeasurableBy(metric, loaded.labelsIndependent, hasBaseline) ?? []);
  const measurable = without(
    metrics,
    unmeasurable.map(({ metric }) => metric),
  );
  const cutoffs = [...new Set(metrics.flatMap(({ k }) => (k === null ? [] : [k])))].toSorted((a, b) => a - b);
  await checkRelevantLabels(connection, measurable, read);
  await checkNeighbours(connection, request);
  const catalogue = await loadItems(connection, tables.items, columns, metrics);
  const scales = { ...(await checkGains(connection, measurable, read)), ...catalogue };
  const ofGroups = measurable.filter((metric) => labelledGroup(metric) !== null);
  const computed = await computeMetrics(connection, without(measurable, ofGroups), cutoffs, hasBaseline, scales);
  const { candidate, baseline } = computed;
  const lists = await readLists(connection, { candidate, baseline, metrics: measurable.filter(isOfCorpus), catalogue });
  const items = await itemFacts(connection, { candidate, baseline, metrics: without(measurable, ofGroups) });
  const table = await readScores(connection, {
    ...computed,
    scored: await readValues(connection, computed),
    unmeasurable,
    cutoffs,
    described,
    columns,
    slices,
    labelsAreNeighbours: request.task === "retrieval",
  });
  const atCutoffs = await withJudgedOnly(connection, table.facts.cutoffs, scales);
  const found = [...table.metrics, ...lists, ...(await scoreGroups(connection, ofGroups, hasBaseline, scales))];
  return {
    ...table,
    metrics: metrics.flatMap((metric) => found.filter((scored) => scored.metric === metric)),
    facts: { ...table.facts, cutoffs: atCutoffs, ...(items.length > 0 && { items }) },
  };
}

function isOfCorpus({ corpus }: Metric): boolean {
  return corpus !== undefined;
}

function describedColumns({ columns, slices }: ScoringRequest): Readonly<Record<string, string>> {
  const { unit, cluster, weight } = columns;
  return {
    ...(unit !== undefined && { unit }),
    ...(cluster !== undefined && { cluster }),
    ...(weight !== undefined && { weight }),
    ...slicedColumns(slices),
  };
}

function without(all: readonly Metric[], some: readonly Metric[]): readonly Metric[] {
  return all.filter((metric) => !some.includes(metric));
}

/** DuckDB's errors begin with their kind: "Out of Memory Error: …". Anything else is a mistake in this program and is thrown on. */
const fromDuckDb = /^[A-Z][A-Za-z ]* Error: /;

function findingOf(error: unknown, files: readonly InputFile[]): PreflightFinding {
  if (error instanceof DataProblem) return error.finding;
  if (!(error instanceof Error) || !fromDuckDb.test(error.message)) throw error;
  return { code: "engine-failed", verdict: "error", message: `DuckDB could not score the files: ${detailOf(error, files)}` };
}
