import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { duckdbEvaluationEngine } from "#adapters/duckdb/evaluation-engine.ts";
import { localWorkspace } from "#adapters/workspace/local-workspace.ts";
import type { Measurement, Report } from "#domain/evaluation/report.ts";
import { modelNameSchema, versionLabelSchema } from "#domain/model/names.ts";
import { evaluateModel } from "#flows/evaluate-model.ts";
import { modelYaml, type WrittenModel } from "./ranker-repository.ts";
import { unexplainedNulls } from "./unexplained-nulls.ts";

export type Evaluated = {
  readonly report: Report;
  readonly measured: (metric: string) => Measurement | undefined;
  readonly finding: (code: string) => Report["preflight"][number] | undefined;
};

/** Evaluates `bm25` against `cosine` on real files, in one tree or, with `trusted`, in two. Files are named relative to model.yaml. */
export async function evaluated(
  written: WrittenModel,
  files: Readonly<Record<string, string>>,
  {
    threads = 2,
    trusted,
    firstVersion = false,
  }: { threads?: number; trusted?: Readonly<Record<string, string>>; firstVersion?: boolean } = {},
): Promise<Evaluated> {
  const folder = mkdtempSync(join(tmpdir(), "judged-"));
  try {
    const tree = (name: string, own: Readonly<Record<string, string>>): string => {
      const root = join(folder, name);
      const model = join(root, "models/search-ranker");
      for (const [path, text] of Object.entries({ "model.yaml": modelYaml(written), ...own })) {
        mkdirSync(dirname(join(model, path)), { recursive: true });
        writeFileSync(join(model, path), text);
      }
      return root;
    };
    const head = localWorkspace(tree("head", files));
    const world = {
      head,
      trusted: trusted === undefined ? head : localWorkspace(tree("trusted", trusted)),
      engine: duckdbEvaluationEngine({ threads, memoryLimit: "256MB", temporaryDirectory: join(folder, "tmp") }),
      app: undefined,
    };
    const baseline = firstVersion ? undefined : { version: versionLabelSchema.parse("cosine") };
    const outcome = await evaluateModel(world, {
      model: modelNameSchema.parse("search-ranker"),
      folder: "models/search-ranker",
      run: null,
      baseline,
    });
    if (outcome.kind !== "evaluated") throw new Error(JSON.stringify(outcome));
    const { report } = outcome;
    expect(unexplainedNulls(report)).toEqual([]);
    return {
      report,
      measured: (metric) => report.measurements.find((known) => known.metric === metric && known.slice === null),
      finding: (code) => report.preflight.find((known) => known.code === code),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lines of CSV. */
export function csv(header: string, rows: readonly (readonly (string | number)[])[]): string {
  return [header, ...rows.map((row) => row.join(","))].join("\n").concat("\n");
}
