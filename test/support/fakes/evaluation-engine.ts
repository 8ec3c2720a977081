import { byBytes } from "#domain/evaluation/by-bytes.ts";
import { labelledGroup, needsCatalogue } from "#domain/evaluation/catalogue-needs.ts";
import { comparesArms, needsIndependentLabels } from "#domain/evaluation/formula.ts";
import type { PreflightFinding } from "#domain/evaluation/report.ts";
import type { ArmCutoff, ScoredMetric, ScoredTable } from "#domain/evaluation/scored-table.ts";
import { sliceColumns } from "#domain/evaluation/slice-columns.ts";
import type { ColumnsRequest, EvaluationEngine, InputFile, ReadColumns, ScoringRequest, WantedColumn } from "#ports/evaluation-engine.ts";
import { besideOf } from "./beside.ts";
import { bucketNumber } from "./bucket-number.ts";
import { isIn } from "./catalogue-value.ts";
import { corpusLists, itemFactsOf } from "./corpus-lists.ts";
import { inspectionFake } from "./inspection.ts";
import { judgedOnlyOf } from "./judged-only.ts";
import { listFactsOf } from "./list-facts.ts";
import { type Beside, clippedCount, type Item, metricValue, metricWeight } from "./metric-value.ts";
import { rowScoringFake } from "./row-scoring.ts";
import { unitScoringFake } from "./unit-scoring.ts";

export type Row = Readonly<Record<string, string | number | null>>;

export type EngineWorld = {
  /** What each path holds; a path that is not here is a file that does not exist. */
  readonly files: ReadonlyMap<string, readonly Row[]>;
  /** What the predicates of named slices mean; the fake reads no SQL. */
  readonly predicates?: Readonly<Record<string, (row: Row) => boolean>>;
  /** What the expressions of a model's own metrics mean, of the rows of one unit. */
  readonly expressions?: Readonly<Record<string, (rows: readonly Row[]) => number | null>>;
};

/** The evaluation engine in memory, by the definitions themselves: plain sorting, plain sums. */
export function evaluationEngineFake(world: EngineWorld): EvaluationEngine {
  return {
    scoreRows: async (request) => rowScoringFake(world, request),
    readColumns: async (request) => {
      try {
        return { table: columnsRead(rowsOf(world, request.files, "predictions-missing", "no-data"), request), problems: [] };
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return { table: null, problems: [error.finding] };
      }
    },
    inspect: async (request) => inspectionFake(world, request),
    scoreUnits: async (request) => unitScoringFake(world, request),
    score: async (request) => {
      const problems: PreflightFinding[] = [];
      try {
        return { table: scoredTable(world, request, problems), problems };
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return { table: null, problems: [...problems, error.finding] };
      }
    },
  };
}

function columnsRead(all: readonly Row[], { columns, only }: ColumnsRequest): ReadColumns {
  const rows = only === undefined ? all : all.filter((row) => only.values.includes(String(row[only.column] ?? "")));
  const cells = (column: string): readonly (string | null)[] =>
    rows.map((row) => (row[column] === null || row[column] === undefined || row[column] === "" ? null : String(row[column])));
  const there = (column: string): boolean => all.some((row) => Object.hasOwn(row, column));
  for (const { column, kind, role, required } of columns) {
    if (required && !there(column)) throw new Refused("column-missing", column);
    if (kind === "number") for (const row of rows) if ((row[column] ?? "") !== "") numberIn(row, column, role);
  }
  const order = rows.map((row, index) => [JSON.stringify(columns.map(({ column }) => row[column] ?? null)), index] as const);
  const ordered = order.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, index]) => index);
  const ofKind = <T>(kind: WantedColumn["kind"], read: (cell: string) => T): Record<string, readonly (T | null)[] | null> =>
    Object.fromEntries(
      columns.flatMap(({ role, column, kind: own }) => {
        const values = cells(column).map((cell) => (cell === null ? null : read(cell)));
        return own === kind ? [[role, there(column) ? ordered.map((index) => values[index] ?? null) : null]] : [];
      }),
    );
  return { rows: rows.length, texts: ofKind("text", String), numbers: ofKind("number", Number) };
}

class Refused extends Error {
  readonly finding: PreflightFinding;
  constructor(code: string, message: string, verdict: PreflightFinding["verdict"] = "error") {
    super(message);
    this.finding = { code, verdict, message };
  }
}

type Arm = { readonly lists: ReadonlyMap<string, readonly Item[]>; readonly rows: readonly Row[] };
type Labels = ReadonlyMap<string, ReadonlyMap<string, number>>;

function scoredTable(world: EngineWorld, request: ScoringRequest, problems: PreflightFinding[]): ScoredTable {
  const { columns, metrics, slices } = request;
  if (slices.includes("name")) throw new Refused("slice-column-reserved", "name");
  const candidateRows = rowsOf(world, request.candidate, "predictions-missing", "no-data");
  const baselineRows =
    request.baseline === null
      ? null
      : missingIsNull(() => rowsOf(world, request.baseline ?? [], "predictions-missing", "no-data"), problems);
  const labelRows = request.labels === null ? null : rowsOf(world, request.labels, "labels-missing", "error");
  const candidate = armOf(candidateRows, request);
  const baseline = baselineRows === null ? null : armOf(baselineRows, request);
  const describing = labelRows ?? [...candidateRows, ...(baselineRows ?? [])];
  if (labelRows !== null && request.task !== "retrieval") for (const row of labelRows) numberIn(row, columns.label, "label");
  const labels = labelsOf(describing, request);
  const queries = [...new Set(labelRows === null ? describing.map((row) => String(row[columns.query])) : labels.keys())].toSorted(byBytes);
  const independent = labelRows !== null || baseline === null || sameItems(candidate, baseline);
  const catalogue = catalogueOf(world, request);
  const beside = (query: string): Beside => ({
    ...besideOf(describing, request, query),
    catalogue,
    arms: [candidate, baseline].map((arm) => arm?.lists.get(query) ?? null),
  });
  const described = (value: (row: Row) => string | null, code: string): readonly (string | null)[] =>
    queries.map((query) => {
      const values = new Set(describing.filter((row) => String(row[columns.query]) === query).map(value));
      if (values.size > 1) throw new Refused(code, `${query}: ${[...values].join(", ")}`);
      return [...values][0] ?? null;
    });
  const text = (column: string): ((row: Row) => string | null) => {
    if (!describing.some((row) => Object.hasOwn(row, column))) throw new Refused("column-missing", column);
    return (row) => (row[column] === null || row[column] === undefined ? null : String(row[column]));
  };
  const { unit, cluster, weight } = columns;
  const units = unit === undefined ? null : described(text(unit), "unit-varies-within-query").map(String);
  return {
    rows: queries,
    unit: { column: unit ?? columns.query, values: units },
    cluster:
      cluster === undefined
        ? { column: unit ?? columns.query, values: null }
        : { column: cluster, values: described(text(cluster), "cluster-varies-within-unit").map(String) },
    weights: weight === undefined ? null : { column: weight, values: described(text(weight), "weight-varies-within-unit").map(Number) },
    slices: sliceColumns(slices, (leaf) => {
      if (leaf.kind === "text") return described(text(leaf.column), "slice-varies-within-unit");
      if (leaf.kind === "number")
        return described(text(leaf.column), "slice-varies-within-unit").map((value) =>
          bucketNumber(value, () => new Refused("slice-not-numeric", leaf.column)),
        );
      const holds = world.predicates?.[leaf.where] ?? (() => false);
      return described((row) => String(holds(row)), "slice-varies-within-unit").map((value) => value === "true");
    }),
    metrics: metrics.map((metric): ScoredMetric => {
      if (!independent && needsIndependentLabels(metric)) {
        const message = `Without a labels file, ${metric.name} needs both arms to list the same items, and they do not.`;
        return { kind: "unmeasurable", metric, reason: "labels-not-independent", message };
      }
      if (baseline === null && comparesArms(metric.formula)) {
        const message = `${metric.name} compares candidate and baseline, and there is no baseline.`;
        return { kind: "unmeasurable", metric, reason: "no-baseline", message };
      }
      if (metric.corpus !== undefined) {
        const [own, other] = [candidate.lists, baseline?.lists ?? null];
        return corpusLists(metric, queries, own, other, catalogue);
      }
      const group = labelledGroup(metric);
      const labelsIn = (query: string): ReadonlyMap<string, number> => {
        const all = labels.get(query) ?? new Map<string, number>();
        return group === null ? all : new Map([...all].filter(([id]) => isIn(group, id, catalogue)));
      };
      const clipped = (query: string): number | null => clippedCount(metric, labelsIn(query), beside(query));
      const listedBy = (arm: Arm | null, query: string): boolean => arm === null || arm.lists.has(query);
      const valuesOf = (arm: Arm): readonly (number | null)[] =>
        queries.map((query) => {
          if (metric.convention.missing === "intersect" && !(listedBy(candidate, query) && listedBy(baseline, query))) return null;
          return metricValue(metric, arm.lists.get(query) ?? null, labelsIn(query), beside(query));
        });
      return {
        kind: "scored",
        metric,
        candidate: valuesOf(candidate),
        baseline: baseline === null || comparesArms(metric.formula) ? null : valuesOf(baseline),
        ...(metric.weight !== null && {
          weights: queries.map((query) => metricWeight(metric, labelsIn(query), beside(query))),
        }),
        ...(clipped(queries[0] ?? "") !== null && { counts: { clipped: queries.map((query) => clipped(query) ?? 0) } }),
      };
    }),
    listed: {
      candidate: queries.map((query) => candidate.lists.has(query)),
      baseline: baseline === null ? null : queries.map((query) => baseline.lists.has(query)),
    },
    facts: {
      cutoffs: [...new Set(metrics.flatMap(({ k }) => (k === null ? [] : [k])))]
        .toSorted((a, b) => a - b)
        .map((k) => ({
          k,
          candidate: cutoffOf(k, candidate, labels, queries),
          baseline: baseline === null ? null : cutoffOf(k, baseline, labels, queries),
        }))
        .map((facts) => judgedOnlyOf(facts, { candidate: candidate.lists, baseline: baseline?.lists ?? null }, labels, queries)),
      ...itemFactsOf(metrics, queries, candidate.lists, baseline?.lists ?? null, catalogue),
      identicalScores: baseline === null ? null : content(candidate) === content(baseline),
      unlabelledQueries: { candidate: unlabelled(candidate, queries), baseline: baseline === null ? 0 : unlabelled(baseline, queries) },
      lists: {
        candidate: listFactsOf(candidate.lists, labels, queries),
        baseline: baseline === null ? null : listFactsOf(baseline.lists, labels, queries),
      },
      labels: signsOf(labels),
      ...(request.task === "retrieval" && { labelsAreNeighbours: true }),
    },
  };
}

function catalogueOf(world: EngineWorld, { items, metrics, columns }: ScoringRequest): ReadonlyMap<string, Row> {
  if (!metrics.some(needsCatalogue)) return new Map();
  if (items === undefined) throw new Refused("catalogue-missing", "evaluation.items");
  return new Map(rowsOf(world, items, "catalogue-missing", "error").map((row) => [String(row[columns.item]), row]));
}

function missingIsNull(read: () => readonly Row[], problems: PreflightFinding[]): readonly Row[] | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refused) || error.finding.verdict !== "no-data") throw error;
    problems.push(error.finding);
    return null;
  }
}

function rowsOf(world: EngineWorld, files: readonly InputFile[], code: string, verdict: "no-data" | "error"): readonly Row[] {
  const rows = files.flatMap(({ path, name }) => {
    const found = world.files.get(path);
    if (found === undefined) throw new Refused(code, `There is no file ${name}.`, verdict);
    return found;
  });
  if (rows.length === 0) throw new Refused("file-empty", files.map(({ name }) => name).join(", "));
  return rows;
}

function armOf(rows: readonly Row[], { columns }: ScoringRequest): Arm {
  const lists = new Map<string, Item[]>();
  for (const row of rows) {
    for (const column of [columns.query, columns.item, columns.score])
      if (!Object.hasOwn(row, column)) throw new Refused("column-missing", column);
    const score = numberIn(row, columns.score, "score");
    const [query, id] = [String(row[columns.query]), String(row[columns.item])];
    const list = lists.get(query) ?? [];
    if (list.some((item) => item.id === id)) throw new Refused("duplicate-rows", `${query} ${id}`);
    list.push({ id, score });
    lists.set(query, list);
  }
  for (const list of lists.values()) list.sort((a, b) => b.score - a.score || byBytes(b.id, a.id));
  return { lists, rows };
}

function numberIn(row: Row, column: string, role: string): number {
  if (!Object.hasOwn(row, column)) throw new Refused("column-missing", column);
  const written = row[column];
  if (written === null || written === undefined || written === "") throw new Refused(`${role}-missing`, column);
  const value =
    typeof written === "number" ? written : /^[+-]?nan$/i.test(written) ? Number.NaN : Number(written.replace(/^(-?)inf$/i, "$1Infinity"));
  if (Number.isNaN(value) && !/^[+-]?nan$/i.test(String(written))) throw new Refused(`${role}-not-numeric`, column);
  if (!Number.isFinite(value)) throw new Refused(`${role}-not-finite`, column);
  return value;
}

function labelsOf(rows: readonly Row[], { columns, task }: ScoringRequest): Labels {
  const labels = new Map<string, Map<string, number>>();
  for (const row of rows) {
    if (task === "retrieval") {
      const neighbours = labels.get(String(row[columns.query])) ?? new Map<string, number>();
      labels.set(String(row[columns.query]), neighbours.set(String(row[columns.item]), 1));
      continue;
    }
    if (row[columns.label] === null || row[columns.label] === undefined) continue;
    const [query, item, grade] = [String(row[columns.query]), String(row[columns.item]), numberIn(row, columns.label, "label")];
    const own = labels.get(query) ?? new Map<string, number>();
    if (own.has(item) && own.get(item) !== grade) throw new Refused("labels-conflict", `${query} ${item}`);
    labels.set(query, own.set(item, grade));
  }
  return labels;
}

function cutoffOf(k: number, { lists }: Arm, labels: Labels, queries: readonly string[]): ArmCutoff {
  const own = queries.flatMap((query) => (lists.has(query) ? [{ query, list: lists.get(query) ?? [] }] : []));
  const top = own.flatMap(({ query, list }) => list.slice(0, k).map((item) => labels.get(query)?.has(item.id) === true));
  return {
    listed: top.length,
    judged: top.filter((judged) => judged).length,
    queries: own.length,
    tied: own.filter(({ list }) => list[k] !== undefined && list[k].score === list[k - 1]?.score).length,
  };
}

function sameItems(a: Arm, b: Arm): boolean {
  const items = ({ lists }: Arm): string =>
    JSON.stringify([...lists].map(([query, list]) => [query, list.map(({ id }) => id).toSorted(byBytes)]).toSorted());
  return items(a) === items(b);
}

function content({ lists }: Arm): string {
  return JSON.stringify([...lists].toSorted(([a], [b]) => byBytes(a, b)));
}

function unlabelled({ lists }: Arm, queries: readonly string[]): number {
  return [...lists.keys()].filter((query) => !queries.includes(query)).length;
}

function signsOf(labels: Labels): ScoredTable["facts"]["labels"] {
  const grades = [...labels.values()].flatMap((own) => [...own.values()]);
  return { count: grades.length, negative: grades.filter((grade) => grade < 0).length };
}
