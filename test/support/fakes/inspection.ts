import type { InputFacts, TimeSpan } from "#domain/evaluation/input-facts.ts";
import { isPlausible } from "#domain/model/time.ts";
import type { InputFile, InspectionAnswer, InspectionRequest } from "#ports/evaluation-engine.ts";
import type { EngineWorld, Row } from "./evaluation-engine.ts";

type Refusal = { readonly code: string };

/** Looks at rows in memory, one by one. */
export function inspectionFake(world: EngineWorld, request: InspectionRequest): InspectionAnswer {
  const read = (files: readonly InputFile[] | null): readonly Row[] | null =>
    files === null ? null : files.flatMap(({ path }) => world.files.get(path) ?? []);
  const candidate = read(request.candidate) ?? [];
  const [baseline, labels, training] = [read(request.baseline), read(request.labels), read(request.training)];
  const { snapshot, time } = request.columns;
  const facts: InputFacts | Refusal = factsOf();
  return "code" in facts ? { facts: null, problems: [{ code: facts.code, verdict: "error", message: "" }] } : { facts, problems: [] };

  function factsOf(): InputFacts | Refusal {
    const columns = (rows: readonly Row[] | null): readonly string[] => [...new Set((rows ?? []).flatMap((row) => Object.keys(row)))];
    const arms = [candidate, ...(baseline === null ? [] : [baseline])];
    if (snapshot !== undefined && arms.some((rows) => !columns(rows).includes(snapshot))) return { code: "column-missing" };
    const times =
      time === undefined ? null : { candidate: spanOf(candidate, time), baseline: spanOf(baseline, time), labels: spanOf(labels, time) };
    if (times !== null && times.candidate === null && times.labels === null) return { code: "column-missing" };
    const wrong = Object.values(times ?? {}).find((span) => span !== null && "code" in span);
    if (wrong !== undefined && wrong !== null && "code" in wrong) return wrong;
    const span = (found: TimeSpan | Refusal | null): TimeSpan | null => (found === null || "code" in found ? null : found);
    const evaluated = labels ?? candidate;
    if (training !== null)
      for (const rows of [evaluated, training])
        if (request.unit.some((column) => !columns(rows).includes(column))) return { code: "column-missing" };
    const id = (row: Row): string => request.unit.map((column) => String(row[column])).join(", ");
    const units = [...new Set(evaluated.map(id))].toSorted();
    const trained = new Set((training ?? []).map(id));
    const seen = units.filter((unit) => trained.has(unit));
    const snapshots = (rows: readonly Row[]): readonly string[] =>
      [...new Set(rows.map((row) => String(row[snapshot ?? ""] ?? "")))].toSorted();
    return {
      snapshots:
        snapshot === undefined ? null : { candidate: snapshots(candidate), baseline: baseline === null ? null : snapshots(baseline) },
      times: times === null ? null : { candidate: span(times.candidate), baseline: span(times.baseline), labels: span(times.labels) },
      seen: training === null ? null : { units: units.length, seen: seen.length, examples: seen.slice(0, 3) },
    };
  }
}

function spanOf(rows: readonly Row[] | null, column: string): TimeSpan | Refusal | null {
  if (rows === null || !rows.some((row) => Object.hasOwn(row, column))) return null;
  const found = rows.map((row) => Date.parse(String(row[column])));
  if (found.some(Number.isNaN)) return { code: "time-not-a-time" };
  if (!found.every(isPlausible)) return { code: "time-implausible" };
  return { from: Math.min(...found), to: Math.max(...found) };
}
