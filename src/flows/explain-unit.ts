import { comparedMetrics, comparisons, type UnitValue, unitValues } from "#domain/evaluation/unit-values.ts";
import { answeredBy } from "#domain/evaluation/units/unit-grain.ts";
import type { EvaluationDefinition } from "#domain/model/model-definition.ts";
import type { DataFiles, FoundRows } from "#ports/data-files.ts";
import type { Measured } from "./measure-model.ts";

/** One unit of an evaluation: what it brings to each metric, and every row of every file that it rests on. */
export interface Explanation {
  /** The columns that name the unit, and its id in them. */
  readonly unit: Readonly<Record<string, string>>;
  readonly values: readonly UnitValue[];
  readonly files: readonly { readonly what: string; readonly name: string; readonly found: FoundRows }[];
}

export type Explained =
  | { readonly kind: "explained"; readonly explanation: Explanation }
  | { readonly kind: "refused"; readonly reason: string };

const mostRows = 100;

/** Finds a unit by its id; where several columns name one, their texts with ", " between, as reports write it. */
export async function explainUnit(
  files: DataFiles,
  { task, columns }: EvaluationDefinition,
  { answer, others, files: measured }: Pick<Measured, "answer" | "others" | "files">,
  id: string,
): Promise<Explained> {
  const names = answeredBy({ task, columns });
  const parts = names.length === 1 ? [id] : id.split(", ");
  if (parts.length !== names.length)
    return { kind: "refused", reason: `${names.join(" and ")} name a row here: write ${names.length} texts with ", " between.` };
  if (measured === null)
    return { kind: "refused", reason: "nothing could be measured, so no number is to be explained; the report says why." };
  const unit = Object.fromEntries(names.map((name, index) => [name, parts[index] ?? ""]));
  const sources = [
    ...(measured.labels ?? []).map((file) => ({ what: "labels", file })),
    ...(measured.baseline ?? []).map((file) => ({ what: "baseline", file })),
    ...measured.candidate.map((file) => ({ what: "candidate", file })),
  ];
  const found = await Promise.all(
    sources.map(async ({ what, file }) => ({ what, name: file.name, found: await files.findRows(file, unit, mostRows) })),
  );
  const rows = found.some((file) => file.found.kind === "rows" && file.found.total > 0);
  if (!rows) return { kind: "refused", reason: `no file has a row with ${names.join(", ")} ${JSON.stringify(id)}; --examples names some.` };
  const values = unitValues(comparisons(answer, others), comparedMetrics(answer, others), id);
  return { kind: "explained", explanation: { unit, values, files: found } };
}
