import { decimalsFor, formatChange, formatCount, formatFixed } from "#domain/report/format-number.ts";
import type { Explanation } from "#flows/explain-unit.ts";
import { terminalText, textTable } from "./terminal-text.ts";

/** What one unit brings to each metric, and the rows that it rests on; or the same as one JSON document. */
export function explanationText(explanation: Explanation, json: boolean): string {
  if (json) return `${JSON.stringify({ schema: "slipway/explanation/v1", ...explanation }, null, 2)}\n`;
  const { unit, values, files } = explanation;
  const named = Object.entries(unit)
    .map(([column, id]) => `${column} ${id}`)
    .join(", ");
  return [terminalText(named), ...valueLines(values), ...files.flatMap(fileLines), ""].join("\n");
}

function valueLines(values: Explanation["values"]): readonly string[] {
  if (values.length === 0)
    return ["", "No metric has a value of its own for it: it does not count, or the metrics are of all units together."];
  const rows = values.map(({ metric, baseline, candidate, units }) => [
    metric,
    shown(baseline),
    shown(candidate),
    baseline === null || candidate === null ? "does not count" : changeText(candidate - baseline),
    `one of ${formatCount(units)}`,
  ]);
  return ["", ...textTable([["metric", "baseline", "candidate", "difference", "units that count"], ...rows])];
}

function fileLines({ what, name, found }: Explanation["files"][number]): readonly string[] {
  if (found.kind === "refused") return ["", terminalText(`${what}: ${found.reason}`)];
  const { columns, rows, total } = found;
  const title = terminalText(`${what}, ${name}: ${formatCount(total)} ${total === 1 ? "row" : "rows"}`);
  if (total === 0) return ["", title];
  const table = textTable([["row", ...columns], ...rows.map(({ row, cells }) => [String(row), ...cells.map((cell) => cell ?? "")])]);
  return ["", title, ...table, ...(rows.length < total ? [`… ${formatCount(total - rows.length)} more`] : [])];
}

function shown(value: number | null): string {
  return value === null ? "none" : formatFixed(value, decimalsFor(value, null));
}

function changeText(change: number): string {
  return formatChange(change, decimalsFor(change, null));
}
