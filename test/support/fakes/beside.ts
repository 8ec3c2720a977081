import { byBytes } from "#domain/evaluation/by-bytes.ts";
import type { ScoringRequest } from "#ports/evaluation-engine.ts";
import type { Row } from "./evaluation-engine.ts";
import type { Beside } from "./metric-value.ts";

/** What the labels of a query say beside the grade, read cell by cell. */
export function besideOf(rows: readonly Row[], { columns, clicks }: ScoringRequest, query: string): Omit<Beside, "catalogue" | "arms"> {
  const cell = (item: string, column: string): number =>
    Number(rows.find((row) => String(row[columns.query]) === query && String(row[columns.item]) === item)?.[column]);
  const { propensity, position = "", rank, distance = "" } = columns;
  const others = rows.filter((row) => String(row[columns.query]) === query).map((row) => String(row[columns.item]));
  const order = rank ?? distance;
  const curve = clicks?.positionCurve ?? [];
  const seen = (place: number): number => (Array.isArray(curve) ? (curve[place - 1] ?? Number.NaN) : place ** -curve.power);
  return {
    worth: cell,
    exactPlace: (item, neighbours) => {
      if (order === "") return 1;
      if (neighbours === "within") return 1 + others.filter((other) => cell(other, distance) < cell(item, distance)).length;
      const byOrder = others.toSorted((a, b) => cell(a, order) - cell(b, order) || byBytes(a, b));
      return 1 + byOrder.indexOf(item);
    },
    propensity: (item) => (propensity === undefined ? seen(cell(item, position)) : cell(item, propensity)),
  };
}
