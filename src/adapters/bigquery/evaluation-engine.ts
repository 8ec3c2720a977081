import { labelledGroup } from "#domain/evaluation/catalogue-needs.ts";
import { comparesArms } from "#domain/evaluation/formula.ts";
import { hasNotableGap, judgedOnlyMetric, meanOfCounting } from "#domain/evaluation/judged-only.ts";
import type { Metric } from "#domain/evaluation/metric.ts";
import type { PreflightFinding } from "#domain/evaluation/report.ts";
import type { CutoffFacts, ListFacts, ScoredMetric, ScoredTable } from "#domain/evaluation/scored-table.ts";
import type { Scales } from "#domain/sql/formula-sql.ts";
import { likeLabelsOf, likeLabelsSql } from "#domain/sql/like-labels.ts";
import type { MetricPlan } from "#domain/sql/metric-plan.ts";
import type { EvaluationEngine, ScoringRequest } from "#ports/evaluation-engine.ts";
import { BigQueryProblem } from "./bigquery-problem.ts";
import { type Fact, factsOf, judgeFacts } from "./check-tables.ts";
import { type BigQueryClient, type BigQuerySettings, bigqueryClient } from "./client.ts";
import { describedValues } from "./described-values.ts";
import { bigqueryDialect } from "./dialect.ts";
import { itemFactsBeside, readItemFacts } from "./item-facts.ts";
import { oneQuery } from "./one-query.ts";
import { type Opened, openTables } from "./open-tables.ts";
import { ArmTable, armQuery, type Beside, bigqueryPlan } from "./read-arm.ts";
import { checkUnits, cutoffOf, listFactsOf, sameValues, scoredMetrics, unlikeLabels } from "./scored-table.ts";
import { catalogueColumns, describedColumns, sourceSteps } from "./source-steps.ts";
import { tableRef } from "./table-uri.ts";
import { unsupported } from "./unsupported.ts";

/**
 * Scores tables where they lie: what leaves BigQuery is a row for each query, with its values. A dry run says beforehand how much is
 * scanned, and more than the budget is refused.
 */
export function bigqueryEvaluationEngine(settings: BigQuerySettings): EvaluationEngine {
  const only = (what: string) => async (): Promise<{ readonly problems: readonly PreflightFinding[] }> => ({
    problems: [
      {
        code: "not-on-bigquery",
        verdict: "error",
        message: `${what} cannot be computed on BigQuery: export the tables to Parquet, or leave it out.`,
      },
    ],
  });
  return {
    score: (request) => answered(() => scored(request, settings)),
    scoreRows: async () => ({
      kind: "rows",
      table: null,
      ...(await only("A classification or regression, whose rows are paired one by one,")()),
    }),
    scoreUnits: async () => ({ table: null, ...(await only("A model's own metrics, which are DuckDB's SQL,")()) }),
    inspect: async () => ({ facts: null, ...(await only("What snapshots, times and the units of training say of the data")()) }),
    // Examples of single queries are rows, and stay where they are.
    readColumns: async () => ({ table: null, problems: [] }),
  };
}

async function answered(
  work: () => Promise<ScoredTable>,
): Promise<{ readonly table: ScoredTable | null; readonly problems: readonly PreflightFinding[] }> {
  try {
    return { table: await work(), problems: [] };
  } catch (error) {
    if (error instanceof BigQueryProblem) return { table: null, problems: [error.finding] };
    throw error;
  }
}

/** What is scanned does not depend on how sums are scaled, which is known only once the labels were looked at. */
function anyScales({ metrics }: ScoringRequest): Scales {
  const large = 2 ** 40;
  return {
    largestLabel: 40,
    largestWeight: large,
    largestValues: new Map(metrics.map(({ convention }) => [convention.column, large])),
    size: large,
    largest: new Map(catalogueColumns({ metrics }).map(({ column }) => [column, large])),
  };
}

async function scored(request: ScoringRequest, settings: BigQuerySettings): Promise<ScoredTable> {
  const why = unsupported(request);
  if (why !== null) throw new BigQueryProblem("not-on-bigquery", `This cannot be scored on BigQuery: ${why}.`);
  const client = bigqueryClient(settings, tableRef(request.candidate[0]?.path ?? "")?.project ?? "");
  const opened = await openTables(client, request);
  const facts = factsOf(request, opened.tables, opened.read, opened.names);
  const columns = Object.values(facts).map(({ sql }) => sql);
  const factsQuery = oneQuery(
    sourceSteps(request, opened.tables, opened.read, null),
    `SELECT ${columns.map((sql, index) => `${sql} AS f${index}`).join(",\n  ")}`,
  );
  const given: Given = { request, opened, client, scales: anyScales(request) };
  await checkBudget(client, settings.mostBytes, [
    factsQuery,
    ...partsOf(given).flatMap(({ queries }) => Object.values(queries).flatMap((query) => query?.sql ?? [])),
  ]);
  return scoredTable(given, facts, factsQuery);
}

type Given = { readonly request: ScoringRequest; readonly opened: Opened; readonly client: BigQueryClient; readonly scales: Scales };

async function checkBudget(client: BigQueryClient, most: number, queries: readonly string[]): Promise<void> {
  let bytes = 0;
  for (const sql of queries) bytes += await client.bytesOf(sql);
  if (bytes <= most) return;
  const message = `Scoring on BigQuery would scan ${inGigabytes(bytes)}, more than the budget of ${inGigabytes(most)}: nothing was run. Raise it with --max-bytes-scanned (SLIPWAY_MAX_BYTES_SCANNED in a workflow), or evaluate on a sample or a partition, as a view.`;
  throw new BigQueryProblem("scan-too-large", message);
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB (${bytes} bytes)`;
}

/** Metrics that read the same labels: most read all, some those of one group of items. */
type Part = { readonly plan: MetricPlan; readonly queries: { readonly candidate: Query; readonly baseline: Query | null } };
type Query = ReturnType<typeof armQuery>;

function partsOf({ request, opened, scales }: Given): readonly Part[] {
  const usual = request.metrics.filter((metric) => labelledGroup(metric) === null);
  const groups = Map.groupBy(
    request.metrics.filter((metric) => labelledGroup(metric) !== null),
    (metric) => JSON.stringify(labelledGroup(metric)),
  );
  const hasBaseline = opened.tables.baseline !== null;
  const cutoffs = cutoffsOf(request.metrics);
  const part = (metrics: readonly Metric[], first: boolean): Part => {
    const own = metrics.filter(({ formula }) => hasBaseline || !comparesArms(formula));
    const plan = bigqueryPlan(own, first ? cutoffs : [], hasBaseline, scales);
    const sources = sourceSteps(request, opened.tables, opened.read, metrics[0] === undefined ? null : labelledGroup(metrics[0]));
    const query = (arm: "candidate" | "baseline"): Query =>
      armQuery(plan, arm, sources, first ? cutoffs : [], first ? besideOf(request, plan, arm) : nothingBeside);
    return { plan, queries: { candidate: query("candidate"), baseline: hasBaseline ? query("baseline") : null } };
  };
  return [part(usual, true), ...[...groups.values()].map((metrics) => part(metrics, false))];
}

const nothingBeside: Beside = { tables: [], columns: {}, steps: [] };

function besideOf(request: ScoringRequest, plan: MetricPlan, arm: "candidate" | "baseline"): Beside {
  const items = itemFactsBeside(plan, arm);
  if (arm === "baseline") return items;
  const described = describedColumns(request).flatMap(({ alias }) => [alias, `${alias}_varies`, `${alias}_odd`]);
  return {
    tables: [...items.tables, "described"],
    columns: {
      ...items.columns,
      "label rows": "described.label_rows",
      ...Object.fromEntries(described.map((name) => [name, `described.${name}`])),
    },
    steps: items.steps,
  };
}

function cutoffsOf(metrics: readonly Metric[]): readonly number[] {
  return [...new Set(metrics.flatMap(({ k }) => (k === null ? [] : [k])))].toSorted((a, b) => a - b);
}

async function scoredTable(planned: Given, facts: Readonly<Record<string, Fact>>, factsQuery: string): Promise<ScoredTable> {
  const { request, opened, client } = planned;
  const [row = []] = await client.rows(factsQuery);
  const { scales, count } = judgeFacts(request, facts, row, opened.read);
  const given = { ...planned, scales };
  const found: ScoredMetric[] = [];
  let usual: { readonly plan: MetricPlan; readonly candidate: ArmTable; readonly baseline: ArmTable | null } | null = null;
  for (const { plan, queries } of partsOf(given)) {
    const candidate = new ArmTable(queries.candidate.columns, await client.rows(queries.candidate.sql));
    const baseline = queries.baseline === null ? null : new ArmTable(queries.baseline.columns, await client.rows(queries.baseline.sql));
    checkUnits(plan, { candidate, baseline });
    found.push(...scoredMetrics(plan, { candidate, baseline }));
    usual ??= { plan, candidate, baseline };
  }
  if (usual === null) throw new RangeError("There is always a first part.");
  const { candidate, baseline } = usual;
  const likeLabels = async (arm: "candidate" | "baseline", table: ArmTable): Promise<ListFacts["likeLabels"]> => {
    if (cutoffsOf(request.metrics).length > 0 && unlikeLabels(table)) return null;
    const sources = sourceSteps(request, opened.tables, opened.read, null);
    const [[telling, equal, ordered] = []] = await client.rows(oneQuery(sources, likeLabelsSql(bigqueryDialect, arm, "queries")));
    return likeLabelsOf(Number(telling ?? 0), equal === "true", ordered === "true");
  };
  const cutoffs = cutoffsOf(request.metrics).map(
    (k): CutoffFacts => ({ k, candidate: cutoffOf(candidate, k), baseline: baseline && cutoffOf(baseline, k) }),
  );
  const items = readItemFacts(usual.plan, candidate, baseline);
  return {
    ...describedValues(request, opened.names.labels, candidate),
    metrics: request.metrics.flatMap((metric) =>
      found.filter((own) => own.kind === "scored" && own.metric === metric).concat(withoutBaseline(metric, opened)),
    ),
    listed: { candidate: candidate.flags("listed"), baseline: baseline?.flags("listed") ?? null },
    facts: {
      cutoffs: await withJudgedOnly(given, cutoffs),
      identicalScores: baseline && sameValues(usual.plan, candidate, baseline) && (await sameScores(given)),
      unlabelledQueries: { candidate: count("candidate unlabelled"), baseline: count("baseline unlabelled") },
      lists: {
        candidate: listFactsOf(candidate, await likeLabels("candidate", candidate)),
        baseline: baseline && listFactsOf(baseline, await likeLabels("baseline", baseline)),
      },
      labels: { count: count("labels"), negative: count("negative") },
      ...(request.task === "retrieval" && { labelsAreNeighbours: true }),
      ...(items.length > 0 && { items }),
    },
  };
}

function withoutBaseline(metric: Metric, { tables }: Opened): readonly ScoredMetric[] {
  if (tables.baseline !== null || !comparesArms(metric.formula)) return [];
  const message = `${metric.name} compares candidate and baseline, and there is no baseline.`;
  return [{ kind: "unmeasurable", metric, reason: "no-baseline", message }];
}

async function sameScores({ request, opened, client }: Given): Promise<boolean> {
  const differing =
    "SELECT COUNT(*) FROM candidate AS c FULL JOIN baseline AS b ON c.q = b.q AND c.d = b.d WHERE c.q IS NULL OR b.q IS NULL OR c.s <> b.s";
  const [[count] = []] = await client.rows(oneQuery(sourceSteps(request, opened.tables, opened.read, null), differing));
  return count === "0";
}

/** Judged items alone, where the arms' judged shares differ notably. */
async function withJudgedOnly(given: Given, cutoffs: readonly CutoffFacts[]): Promise<readonly CutoffFacts[]> {
  const metrics = cutoffs.filter(hasNotableGap).map(({ k }) => judgedOnlyMetric(k));
  if (metrics.length === 0) return cutoffs;
  const plan = bigqueryPlan(metrics, [], true, given.scales);
  const sources = sourceSteps(given.request, given.opened.tables, given.opened.read, null);
  const mean = async (arm: "candidate" | "baseline"): Promise<ReadonlyMap<number | null, number | null>> => {
    const { sql, columns } = armQuery(plan, arm, sources, [], nothingBeside);
    const table = new ArmTable(columns, await given.client.rows(sql));
    return new Map(metrics.map(({ k }, index) => [k, meanOfCounting(table.numbers(`value ${index}`))]));
  };
  const [candidate, baseline] = [await mean("candidate"), await mean("baseline")];
  return cutoffs.map((facts) => {
    const own = candidate.get(facts.k);
    return own === undefined ? facts : { ...facts, judgedOnly: { candidate: own, baseline: baseline.get(facts.k) ?? null } };
  });
}
