import { expect } from "vitest";
import { assembleReport, type ReportRequest } from "#domain/evaluation/assemble-report.ts";
import type { Report } from "#domain/evaluation/report.ts";
import type { ListFacts, ScoredTable } from "#domain/evaluation/scored-table.ts";
import { type GateRule, gateRuleSchema, normalGates } from "#domain/gate/gate.ts";
import { digestSchema, modelNameSchema, versionLabelSchema } from "#domain/model/names.ts";
import { metric } from "./scoring-request.ts";
import { unexplainedNulls } from "./unexplained-nulls.ts";

export const digestOf = (letter: string) => digestSchema.parse(`sha256:${letter.repeat(64)}`);

export const header: ReportRequest["header"] = {
  model: modelNameSchema.parse("search-ranker"),
  candidate: { version: versionLabelSchema.parse("2"), digest: digestOf("c") },
  baseline: { version: versionLabelSchema.parse("1"), digest: digestOf("b"), environment: null, source: "flag" },
  run: null,
  inputs: {
    definition: digestOf("d"),
    labels: digestOf("e"),
    artifact: "declared",
    predictions: { baseline: { digest: digestOf("1"), by: "supplied" }, candidate: { digest: digestOf("2"), by: "supplied" } },
  },
  dataset: { name: "made", digest: digestOf("f") },
};

export type Arms = { readonly candidate: readonly (number | null)[]; readonly baseline: readonly (number | null)[] | null };

/** A scored table of one query per value, `ndcg@10` unless told otherwise. */
export function scoredTable(arms: Arms, over: Partial<ScoredTable> = {}, name = "ndcg@10"): ScoredTable {
  const rows = arms.candidate.map((_, index) => `q${String(index).padStart(4, "0")}`);
  const all = rows.map(() => true);
  return {
    rows,
    unit: { column: "query_id", values: null },
    cluster: { column: "query_id", values: null },
    weights: null,
    slices: [],
    metrics: [{ kind: "scored", metric: metric(name), ...arms }],
    listed: { candidate: all, baseline: arms.baseline === null ? null : all },
    facts: {
      cutoffs: [],
      identicalScores: arms.baseline === null ? null : false,
      unlabelledQueries: { candidate: 0, baseline: 0 },
      lists: { candidate: listFacts(rows.length), baseline: arms.baseline === null ? null : listFacts(rows.length) },
      labels: { count: rows.length, negative: 0 },
    },
    ...over,
  };
}

/** Lists of 20 to 100 rows about which there is nothing to say. */
export function listFacts(queries: number, over: Partial<ListFacts> = {}): ListFacts {
  return { queries, shortest: 20, median: 50, longest: 100, tied: false, likeLabels: null, ...over };
}

export function gates(...rules: readonly GateRule[]) {
  return normalGates(
    rules.map((rule) => gateRuleSchema.parse(rule)),
    { dataset: "made" },
  );
}

/** The report of a scored table and written gates. */
export function reportOf(table: ScoredTable, rules: readonly GateRule[], over: Partial<ReportRequest> = {}): Report {
  const own =
    table.listed.baseline === null
      ? {
          ...header,
          baseline: null,
          inputs: { ...header.inputs, predictions: { ...header.inputs.predictions, baseline: null, why: { baseline: "no-baseline" } } },
        }
      : header;
  const report = assembleReport({ header: own, answer: { table, problems: [] }, gates: gates(...rules), identical: "refused", ...over });
  expect(unexplainedNulls(report)).toEqual([]);
  return report;
}

/** Values around a mean with a known spread, the same every time: n of them, alternating below and above. */
export function around(mean: number, spread: number, n: number): readonly number[] {
  return Array.from({ length: n }, (_, index) => mean + (index % 2 === 0 ? spread : -spread));
}
