import type { ClickModel, Columns } from "#domain/model/model-definition.ts";

/** Where it stands how likely a label could be seen: in a column of its own, or it follows from the place where the item was shown. */
export type Propensity =
  | { readonly kind: "column"; readonly column: string }
  | { readonly kind: "position"; readonly column: string; readonly curve: ClickModel["positionCurve"] }
  | { readonly kind: "undeclared"; readonly problem: string };

export function propensityOf(columns: Pick<Columns, "propensity" | "position">, clicks: ClickModel | undefined): Propensity {
  const { propensity, position } = columns;
  if (propensity !== undefined && clicks !== undefined)
    return { kind: "undeclared", problem: "columns.propensity and evaluation.clicks both say how likely a click could happen: keep one" };
  if (propensity !== undefined) return { kind: "column", column: propensity };
  if (position !== undefined && clicks !== undefined) return { kind: "position", column: position, curve: clicks.positionCurve };
  return {
    kind: "undeclared",
    problem: "clicks ips needs columns.propensity, or columns.position and evaluation.clicks.positionCurve",
  };
}
