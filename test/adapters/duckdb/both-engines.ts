import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import type { EvaluationEngine } from "#ports/evaluation-engine.ts";
import { evaluationEngineFake, type Row } from "#test/support/fakes/evaluation-engine.ts";

export type Files = Readonly<Record<string, readonly Row[]>>;
type Build = (files: Files, predicates?: Readonly<Record<string, (row: Row) => boolean>>) => EvaluationEngine;

/** The engine in memory and the one in DuckDB, each over files of a folder. */
export function bothEngines(folder: () => string): Readonly<Record<string, Build>> {
  return {
    "the fake": (files, predicates = {}) =>
      evaluationEngineFake({ files: new Map(Object.entries(files).map(([name, rows]) => [join(folder(), name), rows])), predicates }),
    DuckDB: (files) => {
      for (const [name, rows] of Object.entries(files))
        writeFileSync(join(folder(), name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
      return duckdbEvaluationEngine({ threads: 2, memoryLimit: "256MB", temporaryDirectory: join(folder(), "tmp") });
    },
  };
}
