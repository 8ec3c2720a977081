import { stat } from "node:fs/promises";
import type { PreflightFinding } from "#domain/evaluation/report.ts";
import type { InputFile } from "#ports/evaluation-engine.ts";

/** The formats that are read, by the end of a file's name. */
const formats = [
  { format: "parquet", ends: [".parquet"] },
  { format: "csv", ends: [".csv", ".csv.gz"] },
  { format: "tsv", ends: [".tsv", ".tsv.gz"] },
  { format: "jsonl", ends: [".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz"] },
] as const;

export type Format = (typeof formats)[number]["format"];

/** The files of one table: all of one format, all there, none empty. */
export type InputTable = { readonly what: string; readonly files: readonly InputFile[]; readonly format: Format };

export type CheckedFiles =
  | { readonly kind: "table"; readonly table: InputTable }
  | { readonly kind: "problem"; readonly problem: PreflightFinding };

/** DuckDB would take these for a pattern of file names. */
const patternCharacters = /[*?[\]{}]/;

/** Looks at files before DuckDB does, so that the plain mistakes get a plain message. `what` is "the candidate's predictions", … */
export async function checkFiles(what: string, files: readonly InputFile[], whenMissing: "no-data" | "error"): Promise<CheckedFiles> {
  const found = await Promise.all(files.map(async (file) => ({ file, problem: await problemOf(what, file, whenMissing) })));
  const first = found.find(({ problem }) => problem !== null)?.problem;
  if (first !== undefined && first !== null) return { kind: "problem", problem: first };
  const [format, ...others] = [...new Set(files.map(({ name }) => formatOf(name)))];
  if (format === undefined || format === null || others.length > 0) {
    const names = files.map(({ name }) => name).join(", ");
    return problem("files-of-several-formats", "error", `The parts of ${what} have several formats (${names}): write them in one.`);
  }
  return { kind: "table", table: { what, files, format } };
}

async function problemOf(what: string, { path, name }: InputFile, whenMissing: "no-data" | "error"): Promise<PreflightFinding | null> {
  const status = await stat(path).catch(() => null);
  if (status === null) {
    const code = whenMissing === "no-data" ? "predictions-missing" : "labels-missing";
    return { code, verdict: whenMissing, message: `There is no file ${name} (${what}). Make it, or correct its location.` };
  }
  if (!status.isFile()) return { code: "not-a-file", verdict: "error", message: `${name} (${what}) is not a file.` };
  if (status.size === 0) return { code: "file-empty", verdict: "error", message: `The file ${name} (${what}) is empty: it has 0 bytes.` };
  if (patternCharacters.test(path)) {
    return { code: "file-name-unsupported", verdict: "error", message: `The name of ${name} (${what}) has one of * ? [ ] { }: rename it.` };
  }
  if (formatOf(name) !== null && formatOf(path) === formatOf(name)) return null;
  const known = formats.flatMap(({ ends }) => ends).join(", ");
  return {
    code: "format-unknown",
    verdict: "error",
    message: `The format of ${name} (${what}) is not known. Names must end with one of ${known}.`,
  };
}

function formatOf(name: string): Format | null {
  const lower = name.toLowerCase();
  return formats.find(({ ends }) => ends.some((end) => lower.endsWith(end)))?.format ?? null;
}

function problem(code: string, verdict: "error" | "no-data", message: string): CheckedFiles {
  return { kind: "problem", problem: { code, verdict, message } };
}
