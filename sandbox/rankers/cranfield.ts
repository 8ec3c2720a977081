import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** The folder of the vendored collection. */
export const cranfieldFolder = join(import.meta.dirname, "..", "data", "cranfield");

const documentSchema = z.object({ document_id: z.string(), title: z.string().nullish(), text: z.string().nullish() });
const querySchema = z.object({ query_id: z.string(), text: z.string() });

export type Cranfield = {
  /** Title and text of each document, in the order of the file. */
  readonly documents: ReadonlyMap<string, string>;
  readonly queries: ReadonlyMap<string, string>;
};

export function readCranfield(folder = cranfieldFolder): Cranfield {
  const documents = jsonLines(join(folder, "documents.jsonl")).map((row) => documentSchema.parse(row));
  const queries = jsonLines(join(folder, "queries.jsonl")).map((row) => querySchema.parse(row));
  return {
    documents: new Map(documents.map((row) => [row.document_id, `${row.title ?? ""} ${row.text ?? ""}`])),
    queries: new Map(queries.map((row) => [row.query_id, row.text])),
  };
}

export type Grades = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Grades by query, then document; a pair that is not listed was not judged relevant. */
export function readJudgments(folder = cranfieldFolder): Grades {
  const grades = new Map<string, Map<string, number>>();
  for (const line of readFileSync(join(folder, "judgments.csv"), "utf8").trimEnd().split("\n").slice(1)) {
    const [query = "", document = "", grade = ""] = line.trim().split(",");
    const ofQuery = grades.get(query) ?? new Map<string, number>();
    grades.set(query, ofQuery.set(document, Number(grade)));
  }
  return grades;
}

function jsonLines(path: string): unknown[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line): unknown => JSON.parse(line));
}
